/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who of one balancer takes users: decided for all of its members together, since what one of them
 * may do depends on the others. mod_proxy picks among those that serve.
 */
#ifndef OSB_ROSTER_H
#define OSB_ROSTER_H

#include "finding.h"
#include "state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is done about an up member whose build differs from the majority's. */
enum osb_skew_policy {
    OSB_SKEW_WARN,  /* it serves, and is flagged (the default) */
    OSB_SKEW_EJECT, /* it doesn't serve, and is flagged */
    OSB_SKEW_IGNORE /* builds aren't compared */
};

/* "warn", "eject", "ignore", in the order of enum osb_skew_policy. */
extern const char *const osb_skew_policies[];
extern const size_t osb_skew_policies_count;

struct osb_place {
    enum osb_state state;             /* the member's verdict */
    bool offered;                     /* no operator disabled, stopped or drains it */
    uint64_t since;                   /* when the state began; ms since 1970 */
    const struct osb_identity *build; /* the latest known; NULL or not known: never skewed */
    uint32_t latency;                 /* ms that its good checks take lately; 0: not known */
    bool serves;                      /* result: it takes users */
    bool skewed;                      /* result: it is up, but its build isn't the majority's */
    bool slow;                        /* result: it is up, but many times slower than its peers */
};

/* What holds for the balancer as a whole. */
struct osb_roster {
    bool shared_cause; /* nobody is up, and who serves waits for the database: it's the database */
    bool skewed;       /* at least one member is */
};

/*
 * Fills in the results of COUNT places.
 *
 * `up` members serve. While no up member is offered, those do that may well answer: the unverified
 * ones, and the ones whose database is away. It is the same database for every node, so taking all
 * of them out would help nobody: that is the shared cause, unless an offered member is unverified,
 * of which nothing is known yet, or a member that isn't offered is up, which has the database.
 *
 * Builds are compared among the up and offered members. The one that most of them run is the
 * majority's; of two that equally many run, the one of the member that has been up longest. All up
 * members with another build are skewed, even one that isn't offered: it works on the same
 * database.
 *
 * A member is slow whose checks take at least OSB_SLOW_TIMES as long as the median of the up
 * members of which it is known, the lower one of two, and OSB_SLOW_MS longer. It serves all the
 * same.
 */
#define OSB_SLOW_TIMES 5
#define OSB_SLOW_MS    100
struct osb_roster osb_roster_decide(enum osb_skew_policy policy, struct osb_place *places,
                                    unsigned count);

#endif
