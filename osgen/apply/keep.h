/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The old file, kept while a new one is in its place. It lies beside it under a hidden name, which
 * says how far the change has come; each step from one name to the next is one rename, so that
 * whoever comes later, after whatever end, knows what to do:
 *
 *     .site.conf.undo   the new file may be in place, and nobody has found it good: the old one is
 *                       to be put back
 *     .site.conf.trial  the new file is in force, and somebody is asked whether it shall stay
 *     .site.conf.old    the new file stays; the old one is kept for people
 *     .site.conf.told   beside one of these or alone: httpd was told to reload, and may not yet run
 *                       what has become the file since
 *
 * Where no file was before, a symbolic link to "nothing" stands for it.
 */
#ifndef OSG_KEEP_H
#define OSG_KEEP_H

#include <limits.h>
#include <stdbool.h>

struct osb_message;

/* Room for a path and what is put around its last part. */
#define OSG_KEEP_PATH (PATH_MAX + 16)

struct osg_keep {
    char path[PATH_MAX];      /* the file, behind all symbolic links */
    char directory[PATH_MAX]; /* that it is in */
    char undo[OSG_KEEP_PATH];
    char trial[OSG_KEEP_PATH];
    char old[OSG_KEEP_PATH];
    char told[OSG_KEEP_PATH];
    char lock[OSG_KEEP_PATH]; /* for lock.h */
};

enum osg_keep_state {
    OSG_KEEP_NOTHING, /* no change is under way */
    OSG_KEEP_UNDO,    /* the names above */
    OSG_KEEP_TRIAL
};

/* How an end was reached. */
enum osg_keep_end {
    OSG_KEEP_DONE,
    OSG_KEEP_DECIDED, /* somebody else was quicker: the new file stays */
    OSG_KEEP_FAILED   /* WHY says of what; things are as they were */
};

/* Names the files for PATH. */
bool osg_keep_open(struct osg_keep *keep, const char *path, struct osb_message *why);

enum osg_keep_state osg_keep_state(const struct osg_keep *keep);

/* Where the file from before the change is, which is the file itself if none is under way; NULL:
 * there was none. */
const char *osg_keep_before(const struct osg_keep *keep);

/* Keeps the file as it is: from nothing to undo. */
bool osg_keep_begin(const struct osg_keep *keep, struct osb_message *why);

/* From undo to trial. */
bool osg_keep_offer(const struct osg_keep *keep, struct osb_message *why);

/* From STATE to the end in which the new file stays. */
enum osg_keep_end osg_keep_accept(const struct osg_keep *keep, enum osg_keep_state state,
                                  struct osb_message *why);

/* From whatever state to the old file, whole and with all that it had, in its place. */
enum osg_keep_end osg_keep_back(const struct osg_keep *keep, struct osb_message *why);

/* Notes, before httpd is told to reload, that it may run something else than the file; takes that
 * back; and asks, perhaps long after. */
bool osg_keep_tell(const struct osg_keep *keep, struct osb_message *why);
void osg_keep_reloaded(const struct osg_keep *keep);
bool osg_keep_is_told(const struct osg_keep *keep);

#endif
