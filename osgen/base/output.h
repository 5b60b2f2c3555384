/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_OUTPUT_H
#define OSG_OUTPUT_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

struct osb_message;
struct osg_text;

enum osg_written {
    OSG_WRITTEN,   /* the file has the new text */
    OSG_UNCHANGED, /* it had it before and wasn't touched */
    OSG_FAILED     /* it is as it was */
};

/*
 * Makes PATH hold TEXT: by a temporary file beside it that is written, synced and renamed, so that
 * nobody ever sees half of it and a crash leaves the old or the new. A symbolic link stays, and its
 * target changes. A file that exists keeps its mode and owner; a new one is for its owner and group
 * if it HOLDS_SECRET, and readable for all else, as far as the umask lets it. WORLD_READABLE tells
 * whether everybody may read it now.
 */
enum osg_written osg_output_write(const char *path, const struct osg_text *text, bool holds_secret,
                                  bool *world_readable, struct osb_message *why);

/* The same, but never over a file that holds something else: that is OSG_FAILED. A new one has
 * MODE, as far as the umask lets it. */
enum osg_written osg_output_create(const char *path, const struct osg_text *text, mode_t mode,
                                   struct osb_message *why);

/* Makes the file TO, which must not be a link, a copy of the file FROM with its mode and owner, in
 * the same way. */
bool osg_output_copy(const char *from, const char *to, struct osb_message *why);

/* Fills FILE with the path that osg_output_write would write to: PATH, behind symbolic links. */
bool osg_output_find(const char *path, char file[PATH_MAX], struct osb_message *why);

/* Makes what was renamed, linked or removed in DIRECTORY outlive a power cut, if it can. */
void osg_output_sync(const char *directory);

/* Is standard output a file that everybody may read? */
bool osg_output_stdout_is_open(void);

#endif
