/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_WORDS_H
#define OSG_WORDS_H

#include <stddef.h>

struct osg_arena;

/* What stands between words of a line. */
#define OSG_BLANKS " \t\r"

/* The next word of TEXT, as httpd splits a line: up to a blank, or between quotes, in which a
 * backslash takes the meaning of a quote or a backslash. NULL: there is none. */
const char *osg_next_word(struct osg_arena *arena, const char **text);

/* LENGTH bytes, with one blank between words, and without quotes that they don't need. */
const char *osg_plain_words(struct osg_arena *arena, const char *text, size_t length);

#endif
