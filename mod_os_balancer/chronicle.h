/* SPDX-License-Identifier: Apache-2.0 */
/* What changed, for the log and the journal: one line and one entry each, as long as
 * the leader's term lasts. */
#ifndef OSB_CHRONICLE_H
#define OSB_CHRONICLE_H

#include "board.h"
#include "inventory.h"
#include "warmup.h"

#include "core/record.h"

/* A member changed its state; RECORD is as it is now. */
void osb_chronicle_state(const struct osb_term *term, const struct osb_member *member,
                         const struct osb_transition *transition, const struct osb_record *record);

/* A member runs another build than before. */
void osb_chronicle_build(const struct osb_term *term, const struct osb_member *member,
                         const struct osb_identity *before, const struct osb_record *record);

/* A member's warm-up has ended. The log's alone. */
void osb_chronicle_warmup(const struct osb_term *term, const struct osb_member *member,
                          const struct osb_warmup_end *end);

/* A check could not be carried out for want of something on this host. The log's alone. */
void osb_chronicle_want(const struct osb_member *member, const char *words);

/* Compares what holds for a balancer with the alarms that stand, and tells what began or ended. */
void osb_chronicle_roster(const struct osb_term *term, const struct osb_group *group,
                          const struct osb_roster *roster);

#endif
