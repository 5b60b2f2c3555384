/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From findings to a state: the step is a pure function of policy, verdict, finding and time.
 *
 * An up member goes out after `fall` bad findings in a row and a member that is out comes back
 * after `rise` good ones, so that a pause for garbage collection evicts nobody. Two things don't
 * wait: the first finding ever, or after a stop of the server, decides at once, since there is
 * nothing that it could flap from; and among the bad states the name follows the latest finding,
 * since no user notices.
 *
 * Worked example, fall 2: up --refused--> up (streak 1 of 2) --answers--> up --refused--> up
 * --refused--> unreachable --silent--> starting, because it was unreachable before it was silent;
 * an up member that falls silent twice is hung.
 */
#ifndef OSB_VERDICT_H
#define OSB_VERDICT_H

#include "finding.h"
#include "settings.h"
#include "state.h"

#include <stdbool.h>
#include <stdint.h>

struct osb_verdict {
    enum osb_state state;
    uint64_t since;  /* when the state began; ms since 1970, 0 while unverified */
    uint32_t streak; /* findings in a row, up to the latest, that are all good or all bad */
    bool good;       /* which of the two; meaningless while streak is 0 */
    bool booting;    /* not seen to answer since it was last unreachable, or ever */
    bool restored;   /* from a file, and not checked since */
};

/* One state left for another. */
struct osb_transition {
    bool happened;
    enum osb_state from;
    enum osb_state to;
    uint64_t lasted; /* ms spent in `from`; 0 if it was unverified */
};

/* The verdict on a member that was never checked. */
struct osb_verdict osb_verdict_new(void);

/* NOW is ms since 1970. Changes VERDICT in place. */
struct osb_transition osb_verdict_step(const struct osb_health *policy, struct osb_verdict *verdict,
                                       const struct osb_finding *finding, uint64_t now);

/* Whether the latest findings disagree with the state, so that the next check should come fast. */
bool osb_verdict_is_changing(const struct osb_verdict *verdict);

/* Milliseconds from the start of the latest check to the start of the next: fast, interval or down,
 * less up to a twentieth that CHANCE (any 32 bits) picks, so that members drift apart. */
uint32_t osb_verdict_pause(const struct osb_health *policy, const struct osb_verdict *verdict,
                           uint32_t chance);

/* The first pause after checks of COUNT members began all at once: member INDEX gets its share of
 * an interval, so that from then on checks are spread evenly. At least 1 ms; INDEX is below COUNT.
 * A member whose verdict is changing isn't held back: its pause is osb_verdict_pause's. */
uint32_t osb_verdict_first_pause(const struct osb_health *policy, const struct osb_verdict *verdict,
                                 unsigned index, unsigned count, uint32_t chance);

/* The least pause after a check, in ms, whatever the verdict's is. The lookup of a name that hasn't
 * ended goes on by itself for as long as the resolver likes: one more for each check would pile
 * them up. 0 for all else. */
#define OSB_LOOKUP_PAUSE_MS 10000
uint32_t osb_finding_least_pause(const struct osb_finding *finding);

/* Whether a check that was due at DUE and begins at NOW (ms) is late: by more than a tenth of the
 * interval. */
bool osb_check_is_late(const struct osb_health *policy, uint64_t due, uint64_t now);

#endif
