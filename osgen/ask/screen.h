/* SPDX-License-Identifier: Apache-2.0 */
/* A text on a terminal that is written over by a newer one. */
#ifndef OSG_SCREEN_H
#define OSG_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

struct osg_text;

struct osg_screen {
    size_t rows; /* how far above the cursor the text begins that is to be written over */
};

/* Is standard output a terminal on which the cursor can be moved? */
bool osg_screen_is_there(void);

/* Writes TEXT, whole lines with colours or without, over the one before. Nothing is written if TEXT
 * doesn't fit the terminal and isn't the LAST one: then it could not be written over. Returns as
 * osg_print does. */
int osg_screen_draw(struct osg_screen *screen, const struct osg_text *text, bool last);

/* How many rows TEXT takes on a terminal of that WIDTH, where long lines are wrapped. */
size_t osg_screen_rows(const char *text, size_t width);

#endif
