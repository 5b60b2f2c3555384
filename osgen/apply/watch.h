/* SPDX-License-Identifier: Apache-2.0 */
/* Whether httpd has taken a file, as seen from outside. */
#ifndef OSG_WATCH_H
#define OSG_WATCH_H

#include "page.h"

struct osg_text;

struct osg_watch {
    const struct osg_topology *topology;
    struct osg_page_place place; /* where the site of the topology is to be */
    struct osg_page_place home;  /* where the one of the file in place is; NULL URL: unknown */
    uint32_t limit_ms;           /* for all of it */
    bool has_site;    /* was there a file before, which a mistake could take away from users? */
    bool answered;    /* did httpd answer at the place before the reload? */
    bool served;      /* did the page at home say that somebody could serve, or wasn't it known? */
    uint64_t checker; /* osg_page.checker before the reload, of either */
    uint64_t told;    /* ms since 1970 when httpd was told to reload */
};

/* Notes how things are before anything is changed. */
void osg_watch_before(struct osg_watch *watch);

/*
 * After a reload: waits until the page is that of the new configuration, shows exactly the members
 * of the topology, and each was checked since. Adds what they are to TEXT, a line each. False, with
 * WHY, when the time has passed and that isn't so; when httpd is gone; or when nobody can serve and
 * somebody could before. A site whose certificate mod_md has yet to get can't show its page: then
 * it's enough that httpd says so.
 */
bool osg_watch_members(const struct osg_watch *watch, struct osg_text *text,
                       struct osb_message *why);

/* Does httpd answer anything at home, which must be known, within MS? */
bool osg_watch_answers(const struct osg_watch *watch, uint32_t ms);

#endif
