/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which lines lead from one text to another: E. W. Myers, An O(ND) Difference Algorithm and Its
 * Variations (1986), forward. A step is one line that goes or comes; after d steps, the furthest
 * line of the old text that can be reached on each diagonal k = (old line) - (new line) is kept, so
 * that the way can be walked back. Texts that are more than OSG_MYERS_MOST steps apart are taken as
 * altogether different between their common beginning and end: right still, only not the shortest.
 */
#ifndef OSG_MYERS_H
#define OSG_MYERS_H

#include <stdbool.h>
#include <stddef.h>

/* So many steps need four megabytes. */
#define OSG_MYERS_MOST 1000

struct osg_line {
    const char *bytes; /* without the newline */
    size_t length;     /* of them */
    bool ended;        /* is there a newline? */
};

struct osg_lines {
    struct osg_line *items; /* in order */
    size_t count;           /* how many */
};

/* Marks in GONE the lines of OLD, and in COME those of NEW, that the other doesn't have. Both are
 * as long as the texts, and all false. */
void osg_myers(const struct osg_lines *old, const struct osg_lines *new, bool *gone, bool *come);

#endif
