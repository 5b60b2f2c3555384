/* SPDX-License-Identifier: Apache-2.0 */
/* What a status page says of a topology's members. */
#ifndef OSG_VIEW_H
#define OSG_VIEW_H

#include "page.h"

#include <stddef.h>

struct osg_text;

struct osg_view {
    bool complete;    /* are they exactly those of the topology? WHY says of what is otherwise */
    size_t serving;   /* how many of the page's may be given new users */
    size_t wanted;    /* how many ought to, one day: those that aren't disabled */
    size_t unsettled; /* of these, how many weren't checked since, or whose state may change */
};

/* Reads the members of PAGE. SINCE: checks from then on count, in ms since 1970. */
struct osg_view osg_view_read(const struct osg_page *page, const struct osg_topology *topology,
                              uint64_t since, struct osb_message *why);

/* Adds a line for each member: its name and state, and why if it can't serve. */
void osg_view_put(struct osg_text *text, const struct osg_page *page,
                  const struct osg_topology *topology);

#endif
