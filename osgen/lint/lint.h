/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is risky though it may be meant so: told by osgen check alone, so that other commands aren't
 * wordy about a site whose people know it. For topologies without errors. Each part adds warnings.
 */
#ifndef OSG_LINT_H
#define OSG_LINT_H

struct osg_balance;
struct osg_problems;
struct osg_session;
struct osg_topology;

/* All of them, less what the topology silences. */
void osg_lint(struct osg_problems *problems, struct osg_topology *topology);

/* Who serves, whether others can step in, and whether httpd knows whom it speaks to;
 * lint_members.c. */
void osg_lint_members(struct osg_problems *problems, const struct osg_topology *topology);

/* Whether secrets can be guessed, and passwords read; lint_secrets.c. */
void osg_lint_secrets(struct osg_problems *problems, const struct osg_topology *topology);

/* httpd's workers against Tomcat's threads and connections; lint_capacity.c. */
void osg_lint_capacity(struct osg_problems *problems, const struct osg_topology *topology);

/* Times of users' requests against one another and against the checks'; lint_times.c. */
void osg_lint_times(struct osg_problems *problems, const struct osg_balance *balance);

/* What two good topologies of one host can't both have, added to the problems of the later one;
 * lint_together.c. */
void osg_lint_together(struct osg_session *later, const struct osg_session *earlier);

#endif
