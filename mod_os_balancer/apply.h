/* SPDX-License-Identifier: Apache-2.0 */
/* What the states on the board mean for a balancer, and for mod_proxy's bits. */
#ifndef OSB_APPLY_H
#define OSB_APPLY_H

#include "board.h"
#include "inventory.h"

struct osb_judgement {
    struct osb_roster roster;
    struct osb_place *places; /* of the members, in their order */
    unsigned count;           /* of places */
};

/* Decides who of the balancer serves. For any thread; TEMP is the caller's. */
struct osb_judgement osb_group_judge(const struct osb_group *group, apr_pool_t *temp);

/* The same, and brings mod_proxy's bits into line, as long as the leader's TERM lasts. TERM is NULL
 * for the parent, while there are no children. */
struct osb_roster osb_group_apply(const struct osb_group *group, const struct osb_term *term,
                                  apr_pool_t *temp);

/* In a child of an old configuration: brings the bits that its own mod_proxy reads into line with
 * what the new one's leader says of the members. */
void osb_group_follow(const struct osb_group *group);

#endif
