/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns of redirects and rules that stay, and whether osgen's pages are behind them. */
#ifndef OSG_ADOPT_SWALLOW_H
#define OSG_ADOPT_SWALLOW_H

#include "adopt_parts.h"

/* The RewriteCond before CONF, a rule or condition, that belongs to the same rule; NULL: none. */
struct osg_conf *osg_adopt_condition(const struct osg_conf *conf);

/* Is PATTERN for all but what begins with PATH, "^/(?!openspecimen)"? */
bool osg_adopt_excludes(const char *pattern, const char *path);

/* Warns of each that is left and goes before a page for administrators. */
void osg_adopt_swallow(struct osg_adoption *adoption);

#endif
