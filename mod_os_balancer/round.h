/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The round: all members' checks while this child leads, when each is due and what is made of what
 * it saw. In the checker's thread alone.
 */
#ifndef OSB_ROUND_H
#define OSB_ROUND_H

#include <httpd.h>

#include <stdbool.h>
#include <stdint.h>

struct osb_inventory;
struct osb_round;
struct osb_term;

/* NULL if out of memory. TERM is copied. */
struct osb_round *osb_round_make(const struct osb_inventory *inventory,
                                 const struct osb_term *term);

/* Breaks off the checks under way. NULL is fine. */
void osb_round_free(struct osb_round *round);

/* Lets checks begin and go on for at most WAIT_MS, and brings mod_proxy's bits into line. */
void osb_round_turn(struct osb_round *round, uint32_t wait_ms);

#endif
