/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of a source as a person sees them, for telling what is wrong with their indentation. */
#ifndef OSG_LINES_H
#define OSG_LINES_H

#include "problem/place.h"

#include <stdbool.h>
#include <stddef.h>

struct osg_source_line {
    uint32_t number;  /* of the line; 0: there is none */
    const char *text; /* its first character, behind a byte order mark */
    size_t length;    /* without what ends it */
    size_t indent;    /* blanks and tabs that it begins with */
    size_t content;   /* where its value or key begins: behind the dashes of items, too */
};

/* The line of that NUMBER. */
struct osg_source_line osg_lines_get(const struct osg_source *source, uint32_t number);

/* The nearest line before NUMBER that has more than a comment. */
struct osg_source_line osg_lines_above(const struct osg_source *source, uint32_t number);

/* The nearest item before LINE whose dash is indented further, if everything between is, too. */
struct osg_source_line osg_lines_item_above(const struct osg_source *source,
                                            const struct osg_source_line *line);

/* Does it begin with a dash, as an item of a list does? */
bool osg_lines_is_item(const struct osg_source_line *line);

/* With a dash that was to begin one, and has no blank behind it? */
bool osg_lines_is_glued(const struct osg_source_line *line);

/* The place of its byte OFFSET. */
struct osg_place osg_lines_place(const struct osg_source *source,
                                 const struct osg_source_line *line, size_t offset);

#endif
