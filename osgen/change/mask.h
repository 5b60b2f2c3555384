/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of httpd's configuration for people to read: what may be a secret is starred out, from
 * where it begins to the end of the line, and what a terminal would obey is a question mark.
 */
#ifndef OSG_MASK_H
#define OSG_MASK_H

#include <stdbool.h>
#include <stddef.h>

struct osg_text;

/* Adds the line of LENGTH bytes, without a newline. HIDES: the line before was starred out and goes
 * on in this one; afterwards, whether this one does so. */
void osg_mask_line(struct osg_text *text, const char *line, size_t length, bool *hides);

/* Does the line hold what would be starred out? */
bool osg_mask_hides(const char *line, size_t length);

/* Adds all lines of BYTES, each behind LEAD and with a newline. */
void osg_mask(struct osg_text *text, const char *bytes, size_t length, const char *lead);

#endif
