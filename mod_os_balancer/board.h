/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The board: what is known of every member, in memory that all children share, with the journal of
 * what changed. The leading child alone writes records and journal; everybody reads.
 *
 * Each configuration (start or graceful restart) has a board of its own, made by the parent before
 * it forks, with what the board before it knew of the members that stayed, or after a stop what the
 * state file knew. So the children of an old configuration, which still finish their requests,
 * never write where the new ones read. They are told by the new ones' leader which members went out
 * or came back and what is the database's, on their own board, and it reads there who waits: until
 * the next reload, which lets go of that board. It is anonymous memory of the process pool, since
 * httpd's own slots are gone at each restart.
 */
#ifndef OSB_BOARD_H
#define OSB_BOARD_H

#include "core/budget.h"
#include "core/event.h"
#include "core/lease.h"
#include "core/record.h"
#include "core/statefile.h"

#include <httpd.h>

struct osb_board;
struct osb_slot;
struct osb_load;

/* So many of the latest events are kept. */
#define OSB_JOURNAL_LENGTH 256

/* What a leader writes with. Its ticket is the epoch: each write asks whether it still holds the
 * lease, so that a leader which was stopped and wakes changes nothing. */
struct osb_term {
    struct osb_board *board;
    uint32_t ticket;
};

/* Whether nobody else leads since, and no newer configuration has a board of its own. */
bool osb_term_lasts(const struct osb_term *term);

/* ---- making one: in the parent only ---- */

/* Makes the board of a new configuration with room for CAPACITY members and GROUPS balancers, in
 * place of the one before it, if there was one, whose records its slots then take over. TEMP is
 * used until osb_board_settle. */
apr_status_t osb_board_make(struct osb_board **board, server_rec *main, apr_pool_t *temp,
                            unsigned capacity, unsigned groups);

/* Whether there was no board before: httpd starts, or it had nothing to check. */
bool osb_board_is_first(const struct osb_board *board);

/* Takes over what was saved before a stop, for a board that is the first one. */
void osb_board_restore(struct osb_board *board, const struct osb_saved *saved);

/* COUNT slots in a row for the members of one balancer. NULL if the board has too few left. */
struct osb_slot *osb_board_claim(struct osb_board *board, unsigned count);

/* Lets go of the board before the one before, when all slots are claimed and named. */
void osb_board_settle(struct osb_board *board);

/* Ends all terms of the board's leaders. What it knows can still be read. */
void osb_board_retire(struct osb_board *board);

/* Lets go of all boards, where the new configuration has nothing to check. */
void osb_board_forget(void);

/* ---- slots ---- */

/* The slot of KEY among COUNT slots. A free one is given to it, with what was known of it before,
 * if ADD, which is the parent's and the leader's business. NULL: there is none, none is free, or
 * the key is too long. */
struct osb_slot *osb_board_name(struct osb_board *board, struct osb_slot *slots, unsigned count,
                                const char *key, bool add);

/* EDITION, if not NULL, is what osb_slot_write wants to know. */
struct osb_record osb_slot_read(const struct osb_slot *slot, uint32_t *edition);

/* Writes a record that was read as of EDITION. False, and nothing is written, if somebody else
 * wrote since, or if the term is over. */
bool osb_slot_write(const struct osb_term *term, struct osb_slot *slot, uint32_t edition,
                    const struct osb_record *record);

/* Since when the member is up, ms since 1970; 0: it isn't. */
uint64_t osb_slot_up_since(const struct osb_slot *slot);

/* Whether users are kept from the member. The leader says so here for the children of the
 * configuration before, who set mod_proxy's bits of theirs by it. */
bool osb_slot_is_out(const struct osb_slot *slot);
void osb_slot_set_out(struct osb_slot *slot, bool out);

/* When the member's next check is due, ms on the clock of osb_prober_now, which all processes
 * share: so that one who takes over goes on rather than begins anew. 0: at once. */
uint64_t osb_slot_due(const struct osb_slot *slot);
void osb_slot_set_due(const struct osb_term *term, struct osb_slot *slot, uint64_t due);

/* ---- what users' requests tell, from any child and thread ---- */

/* The load that they are: when attempts begin, are answered and end, on the clock of
 * osb_prober_now. */
struct osb_load *osb_slot_load(struct osb_slot *slot);

/* An attempt ended in a way that speaks against the member. */
void osb_slot_hint(struct osb_slot *slot);

struct osb_pulse {
    uint32_t hints;   /* attempts so far that spoke against the member; wraps around */
    uint32_t waiting; /* attempts whose answer hasn't begun */
    uint64_t sign;    /* ms when an answer last began, or the first of those waiting */
};
/* Those of the configuration before are among them, as long as there are any. */
struct osb_pulse osb_slot_pulse(const struct osb_slot *slot, uint64_t now);

/* Requests that the member gave away to another one: another one more, and how many so far. */
void osb_slot_give_away(struct osb_slot *slot);
uint64_t osb_slot_given_away(const struct osb_slot *slot);

/* Requests that go away from the member because of its answer, and haven't found another one yet.
 */
struct osb_blames {
    uint32_t standing; /* how many there are, those included that share another one's blame */
    uint32_t all;      /* so far, without those that share; wraps around */
};
struct osb_blames osb_slot_blames(const struct osb_slot *slot);
/* One more. */
void osb_slot_blame(struct osb_slot *slot, bool shares);
/* One less, if they are as in BLAMES. Otherwise false, with those that there are. */
bool osb_slot_forgive(struct osb_slot *slot, struct osb_blames *blames);

/* ---- what concerns a balancer ---- */

/* Of the failovers of balancer number GROUP. */
struct osb_budget *osb_board_budget(const struct osb_board *board, unsigned group);

/* Whether the alarm of KIND, DATABASE or SKEW, stands for balancer number GROUP. */
bool osb_board_alarm(const struct osb_board *board, unsigned group, enum osb_event_kind kind);
void osb_board_set_alarm(const struct osb_term *term, unsigned group, enum osb_event_kind kind,
                         bool stands);
/* Names balancer number GROUP, so that its alarms stand after a reload too. In the parent only. */
void osb_board_name_group(struct osb_board *board, unsigned group, const char *key);

/* ---- the journal ---- */

/* Gives the event its number and enters it. False if the term is over. */
bool osb_board_enter(const struct osb_term *term, struct osb_event *event);
/* The number of the latest event; 0: there is none. */
uint64_t osb_board_last_event(const struct osb_board *board);
/* Event NUMBER. False if it isn't in the journal, or no longer. */
bool osb_board_event(const struct osb_board *board, uint64_t number, struct osb_event *event);
/* Up to which number the program was told of events. */
uint64_t osb_board_notified(const struct osb_board *board);
void osb_board_set_notified(const struct osb_term *term, uint64_t number);

/* A run of the program. It may outlive the leader that began it, whose successor looks after it. */
struct osb_run {
    pid_t pid;      /* of the process and its group; 0: there is none */
    uint64_t until; /* ms on the clock of osb_prober_now: when it is killed */
};
struct osb_run osb_board_run(const struct osb_board *board);
void osb_board_set_run(const struct osb_term *term, struct osb_run run);

/* ---- who leads ---- */

struct osb_lease *osb_board_lease(struct osb_board *board);
/* The leader's process, as it said when it took over. */
pid_t osb_board_leader(const struct osb_board *board);
void osb_board_set_leader(const struct osb_term *term, pid_t pid);

/* Whether a newer configuration has a board of its own, so that nobody should go on with this. */
bool osb_board_is_retired(const struct osb_board *board);

/* Everything that outlives a stop, from malloc: osb_saved_free. False if out of memory. */
bool osb_board_save(const struct osb_board *board, struct osb_saved *saved);

#endif
