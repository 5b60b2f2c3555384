/* SPDX-License-Identifier: Apache-2.0 */
/* Whom osgen probe asks, and how: as the module's checks of the rendered site would. */
#ifndef OSG_PROBE_SPEC_H
#define OSG_PROBE_SPEC_H

#include "probe/probe.h"

struct osb_message;
struct osg_arena;
struct osg_instance;
struct osg_topology;

/* Finds the file of authorities for https:// instances; "" for the system's. A relative tls_ca
 * begins at httpd's ServerRoot: SERVER_ROOT, or one of the usual ones if that is NULL. Returns
 * false with WHY if the file is in none of these. */
bool osg_probe_authorities(struct osg_arena *arena, const struct osg_topology *topology,
                           const char *server_root, const char **authorities,
                           struct osb_message *why);

/* The first check of INSTANCE, when nobody is known to be up. TIMEOUT_MS 0: the topology's. */
struct osb_probe_spec osg_probe_spec(const struct osg_topology *topology,
                                     const struct osg_instance *instance, const char *authorities,
                                     uint32_t timeout_ms);

#endif
