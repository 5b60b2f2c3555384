/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_JOB_H
#define OSG_JOB_H

struct osg_text;
struct osg_topology;

/* Adds what Prometheus calls the site: its name, with the port unless that is HTTP's or HTTPS's
 * own. It tells one site's alerts from another's. */
void osg_put_job(struct osg_text *text, const struct osg_topology *topology);

#endif
