/* SPDX-License-Identifier: Apache-2.0 */
/* What the states on the board mean for a balancer, and for mod_proxy's bits. */
#ifndef OSB_APPLY_H
#define OSB_APPLY_H

#include "inventory.h"

/* Decides who of the balancer serves. SKEWED, if not NULL, has room for group->room and is told of
 * each member, in order, whether it is. Any thread; TEMP is the caller's. */
struct osb_roster osb_group_judge(const struct osb_group *group, apr_pool_t *temp, bool *skewed);

/* The same, and brings mod_proxy's bits into line. The business of the leader and the parent, and
 * of whoever meets a member that they may not have seen yet. */
struct osb_roster osb_group_apply(const struct osb_group *group, apr_pool_t *temp);

#endif
