/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_UNIFIED_H
#define OSG_UNIFIED_H

#include <stdbool.h>
#include <stddef.h>

struct osg_text;

/* One of the two texts of a difference. */
struct osg_side {
    const char *name;  /* in its headline */
    const char *bytes; /* may hold anything */
    size_t length;     /* of the bytes */
};

/* Adds what leads from OLD to NEW as a unified diff with three lines around each change, for people
 * to read: secrets are starred out (mask.h). COLOUR is for terminals. Adds nothing and returns
 * false if they are the same. */
bool osg_unified(struct osg_text *text, const struct osg_side *old, const struct osg_side *new,
                 bool colour);

#endif
