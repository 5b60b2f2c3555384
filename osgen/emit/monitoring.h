/* SPDX-License-Identifier: Apache-2.0 */
/* What the job and the alerts of Prometheus have in common. */
#ifndef OSG_MONITORING_H
#define OSG_MONITORING_H

#include <stdbool.h>

struct osb_message;
struct osg_topology;

/* Is there a page to read? */
bool osg_monitoring_fits(const struct osg_topology *topology, struct osb_message *why);

#endif
