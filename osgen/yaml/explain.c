/* SPDX-License-Identifier: Apache-2.0 */
#include "explain.h"
#include "core/utf8.h"

#include <stdbool.h>
#include <string.h>

/* libyaml's words and ours, the first row that fits. A character is what stands at the place. */
static const struct row {
    const char *problem;   /* part of what libyaml found */
    const char *context;   /* part of what it was doing then; NULL: anything */
    const char *character; /* any of these at the place; NULL: anything */
    const char *meaning;
} rows[] = {
    {"found character that cannot start any token", NULL, "\t",
     "a tab where YAML wants blanks: indent with blanks only"},
    {"found character that cannot start any token", NULL, "%@`",
     "a value can't begin with this character: put the value in quotes"},
    {"did not find expected alphabetic", "alias", NULL,
     "* begins an alias in YAML: put the value in quotes, such as \"*:80\""},
    {"did not find expected alphabetic", "anchor", NULL,
     "& begins an anchor in YAML: put the value in quotes"},
    {"mapping values are not allowed", NULL, NULL,
     "a colon that makes no key here: look at the indentation, or put the value in quotes"},
    {"did not find expected node content", NULL, NULL,
     "a value was expected here; one that begins with a colon or a bracket wants quotes"},
    {"could not find expected ':'", NULL, NULL, "the line before this has no colon after its key"},
    {"did not find expected key", "block mapping", NULL,
     "a key was expected here: look at the indentation, and at quotes before it"},
    {"did not find expected '-' indicator", NULL, NULL,
     "an item that begins with - was expected here: look at the indentation"},
    {"did not find expected ',' or ']'", NULL, NULL,
     "a list in brackets wants a comma or its closing ] here"},
    {"did not find expected ',' or '}'", NULL, NULL,
     "a mapping in braces wants a comma or its closing } here"},
    {"found unexpected end of stream", "quoted", NULL,
     "the file ends inside a quoted value: a closing quote is missing"},
    {"found unexpected document indicator", "quoted", NULL,
     "the document ends inside a quoted value: a closing quote is missing"},
    {"found unknown escape character", NULL, NULL,
     "an escape that YAML doesn't know: in double quotes write \\\\ for a backslash"},
    {"block sequence entries are not allowed", NULL, NULL,
     "an item that begins with - can't stand here: put it on a line of its own"},
};

/* Goes to PLACE from the start; the end of its line if there is no such place. */
static const char *find_place(const struct osg_source *source, struct osg_place place,
                              const char **line)
{
    const char *cursor;
    uint32_t code;
    size_t left;

    *line = source->text;
    for (uint32_t at = 1; at < place.line; at++) {
        const char *end = strchr(*line, '\n');

        if (end == NULL)
            break;
        *line = end + 1;
    }
    cursor = *line;
    left = strcspn(cursor, "\n");
    for (uint32_t at = 1; at < place.column && left > 0; at++) {
        size_t length = osb_utf8_read(cursor, left, &code);

        length += length == 0;
        cursor += length;
        left -= length;
    }
    return cursor;
}

static bool fits(const struct row *row, const char *problem, const char *context, char character)
{
    if (strstr(problem, row->problem) == NULL)
        return false;
    if (row->context != NULL && (context == NULL || strstr(context, row->context) == NULL))
        return false;
    return row->character == NULL ||
           (character != '\0' && strchr(row->character, character) != NULL);
}

const char *osg_explain(const char *problem, const char *context, const struct osg_source *source,
                        struct osg_place place)
{
    const char *line;
    const char *at = find_place(source, place, &line);
    size_t indent = strspn(line, " \t");

    if (problem == NULL)
        return "this is not YAML";
    if (memchr(line, '\t', indent) != NULL)
        return rows[0].meaning;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (fits(&rows[i], problem, context, *at))
            return rows[i].meaning;
    }
    return problem;
}
