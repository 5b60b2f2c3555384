/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of apply share. Private to apply*.c. */
#ifndef OSG_APPLY_PRIVATE_H
#define OSG_APPLY_PRIVATE_H

#include "apply.h"
#include "control.h"
#include "keep.h"
#include "watch.h"
#include "base/arena.h"
#include "base/text.h"

/* One run. */
struct osg_run_of_apply {
    const struct osg_order *order;
    struct osg_arena *arena;    /* for texts that last as long as the run */
    struct osg_keep keep;       /* the file and its old one */
    struct osg_control control; /* of httpd */
    struct osg_watch watch;     /* on httpd */
    struct osg_text old;        /* what the file holds */
    struct osg_text new;        /* what it is to hold */
    bool existed;               /* was there a file? */
    bool changes;               /* are they different? */
    bool stale;   /* may httpd run what is in neither, after a run that was cut off? */
    bool kept;    /* is the old file beside it? */
    bool refused; /* did httpd refuse its configuration? */
    bool told;    /* was httpd told to reload? */
};

/* apply_steps.c: carries out all steps. False, with words said, if one fails. */
bool osg_apply_steps(struct osg_run_of_apply *run);

/* Puts the new file in the old one's place. EXPOSED becomes whether it holds a secret and everybody
 * can read it. */
bool osg_apply_write(const struct osg_run_of_apply *run, bool *exposed, struct osb_message *why);

/* For --dry-run: says all steps. */
void osg_apply_plan(const struct osg_run_of_apply *run);

/* apply_back.c: what an earlier run left behind is put back. False, with words said, if it can't.
 */
bool osg_apply_recover(struct osg_run_of_apply *run);

/* Takes everything back. Returns an enum osg_exit. */
int osg_apply_back(struct osg_run_of_apply *run);

#endif
