/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The board: what is known of every member, in memory that all children share. The leading child
 * alone writes; everybody reads.
 *
 * Each configuration (start or graceful restart) has a board of its own, made by the parent before
 * it forks, with what the board before it knew of the members that stayed. So the children of an
 * old configuration, which still finish their requests, never write where the new ones read. It is
 * anonymous memory of the process pool, since httpd's own slots are gone at each restart.
 */
#ifndef OSB_BOARD_H
#define OSB_BOARD_H

#include "core/finding.h"
#include "core/lease.h"
#include "core/verdict.h"

#include <httpd.h>

/* What is kept of a member. Plain values: a pointer wouldn't survive a restart. */
struct osb_record {
    struct osb_verdict verdict;
    struct osb_finding finding; /* the latest */
    struct osb_identity build;  /* the latest that was known */
    uint64_t checked;           /* ms since 1970 when the latest check ended; 0: never */
    uint64_t identified;        /* ms since 1970 when the build was last learnt; 0: never */
    uint64_t checks;            /* how many were done */
    uint64_t failures;          /* how many of these found it bad */
};

struct osb_board;
struct osb_slot;

/* Makes the board of a new configuration with room for CAPACITY members, in place of the one
 * before it, if there was one, whose records osb_board_claim then carries over. In the parent
 * only. */
apr_status_t osb_board_make(struct osb_board **board, server_rec *main, unsigned capacity);

/* The slot of the member KEY, with what was known of it before, or new. NULL if the board is
 * full. In the parent only. */
struct osb_slot *osb_board_claim(struct osb_board *board, const char *key);

/* Lets go of the board before this one, when all slots are claimed. */
void osb_board_settle(struct osb_board *board);

/* Lets go of the board before, where the new configuration has nothing to check. */
void osb_board_forget(void);

/* Who leads. */
struct osb_lease *osb_board_lease(struct osb_board *board);

/* Whether a newer configuration has a board of its own, so that nobody should go on with this. */
bool osb_board_is_retired(const struct osb_board *board);

struct osb_record osb_slot_read(const struct osb_slot *slot);
void osb_slot_write(struct osb_slot *slot, const struct osb_record *record);

#endif
