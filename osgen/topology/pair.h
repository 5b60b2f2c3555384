/* SPDX-License-Identifier: Apache-2.0 */
/* A pair of balancer hosts, of which the one that serves has the virtual addresses. */
#ifndef OSG_PAIR_H
#define OSG_PAIR_H

#include <stdbool.h>

struct osb_message;
struct osg_host;
struct osg_pair;
struct osg_topology;

bool osg_has_pair(const struct osg_topology *topology);

/* The same, and why not. */
bool osg_pair_fits(const struct osg_topology *topology, struct osb_message *why);

/* The one beside HOST. */
const struct osg_host *osg_other_host(const struct osg_pair *pair, const struct osg_host *host);

/* Are both IPv4, or both IPv6? */
bool osg_is_of_kind(const char *address, const char *other);

/* For which of the two hosts is to be rendered; NULL: it wasn't said. False, and why: there is no
 * such host. */
bool osg_choose_host(struct osg_topology *topology, const char *name, struct osb_message *why);

#endif
