/* SPDX-License-Identifier: Apache-2.0 */
/* What the job and the alerts of Prometheus have in common. */
#ifndef OSG_MONITORING_H
#define OSG_MONITORING_H

#include <stdbool.h>

struct osb_message;
struct osg_text;
struct osg_topology;

/* Is there a page to read? */
bool osg_monitoring_fits(const struct osg_topology *topology, struct osb_message *why);

/* The job's name, which tells one site's alerts from another's. */
void osg_put_job(struct osg_text *text, const struct osg_topology *topology);

#endif
