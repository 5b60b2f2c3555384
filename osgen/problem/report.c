/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"
#include "problem.h"
#include "base/text.h"
#include "core/utf8.h"

#include <string.h>

/* How much of a long line is shown, in characters: up to WIDTH, of which LEAD before the caret. */
#define WIDTH 120
#define LEAD  60

/* Nobody reads more than this in one go; the rest is counted. */
#define MOST_SHOWN 200

enum colour { RED, YELLOW, BOLD, PLAIN };

static const char *const codes[] = {
    [RED] = "\033[1;31m", [YELLOW] = "\033[1;33m", [BOLD] = "\033[1m", [PLAIN] = "\033[0m"};

static void paint(struct osg_text *text, bool colour, enum colour code)
{
    if (colour)
        osg_text_put(text, codes[code]);
}

/* Adds the one character at BYTES, or its stand-in. Returns its length, at least 1. */
static size_t add_clean(struct osg_text *text, const char *bytes, size_t left)
{
    uint32_t code = 0;
    size_t length = osb_utf8_read(bytes, left, &code);

    if (length == 0 || (code < 0x20 && code != '\t') || (code >= 0x7f && code < 0xa0)) {
        osg_text_put(text, "?");
        return length > 0 ? length : 1;
    }
    osg_text_add(text, bytes, length);
    return length;
}

void osg_report_clean(struct osg_text *text, const char *bytes)
{
    size_t left = strlen(bytes);

    while (left > 0) {
        size_t length = add_clean(text, bytes, left);

        bytes += length;
        left -= length;
    }
}

static bool is_before(struct osg_place a, struct osg_place b)
{
    return osg_place_compare(a, b) < 0;
}

/* The stretches are apart and in order: the last that begins at or before PLACE decides. */
static bool is_hidden(const struct osg_problems *problems, struct osg_place place)
{
    size_t low = 0, high = problems->hidden_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (is_before(place, problems->hidden[middle].from))
            high = middle;
        else
            low = middle + 1;
    }
    return low > 0 && is_before(place, problems->hidden[low - 1].to);
}

/* Adds the line from column FIRST on, and to UNDER what goes before the caret. A tab stays a tab
 * in both, so that they line up on every terminal. */
static void add_source(struct osg_text *text, struct osg_text *under,
                       const struct osg_problems *problems, const char *line, size_t length,
                       struct osg_place place)
{
    uint32_t first = place.column > WIDTH ? place.column - LEAD : 1;
    struct osg_place at = {.line = place.line, .column = 1, .file = place.file};
    struct osg_text unseen = {0};

    for (size_t i = 0; i < length && at.column < first + WIDTH; at.column++) {
        bool seen = at.column >= first, hidden = is_hidden(problems, at);

        if (seen && at.column < place.column)
            osg_text_put(under, line[i] == '\t' ? "\t" : " ");
        if (seen && hidden)
            osg_text_put(text, "*");
        i += add_clean(seen && !hidden ? text : &unseen, line + i, length - i);
    }
    osg_text_free(&unseen);
}

/* Adds the line of the source and the line with the caret. */
static void add_line(struct osg_text *text, const struct osg_problems *problems, const char *line,
                     size_t length, struct osg_place place, bool colour)
{
    struct osg_text under = {0};

    osg_text_put(text, "    ");
    add_source(text, &under, problems, line, length, place);
    osg_text_printf(text, "\n    %s", under.bytes != NULL ? under.bytes : "");
    paint(text, colour, BOLD);
    osg_text_put(text, "^");
    paint(text, colour, PLAIN);
    osg_text_put(text, "\n");
    osg_text_free(&under);
}

static void add_heading(struct osg_text *text, const struct osg_problem *problem, const char *name,
                        bool colour)
{
    bool error = problem->severity == OSG_ERROR;
    char label[OSG_CODE_LABEL];

    paint(text, colour, BOLD);
    osg_report_clean(text, name);
    if (problem->place.line > 0)
        osg_text_printf(text, ":%u:%u", problem->place.line, problem->place.column);
    osg_text_put(text, ": ");
    paint(text, colour, error ? RED : YELLOW);
    osg_text_put(text, error ? "" : "warning: ");
    osg_report_clean(text, problem->message);
    paint(text, colour, PLAIN);
    if (problem->code != OSG_NO_CODE)
        osg_text_printf(text, " [%s %s]", osg_code_label(problem->code, label),
                        osg_code_of(problem->code).row->name);
    osg_text_put(text, "\n");
}

/* Walks from the line that CURSOR stands on to LINE; problems are sorted, so it only goes on. */
static void seek_line(const char **cursor, uint32_t *at, uint32_t line)
{
    while (*at < line) {
        const char *end = strchr(*cursor, '\n');

        if (end == NULL)
            return;
        *cursor = end + 1;
        (*at)++;
    }
}

void osg_report(struct osg_text *text, struct osg_problems *problems,
                const struct osg_source *source, bool colour)
{
    const char *cursor = source->text;
    uint32_t at = 1;

    osg_problems_sort(problems);
    for (size_t i = 0; i < problems->count && i < MOST_SHOWN; i++) {
        const struct osg_problem *problem = &problems->list[i];

        if (problem->place.file != source->number) {
            source = osg_source_find(source, problem->place.file);
            cursor = source->text;
            at = 1;
        }
        add_heading(text, problem, source->name, colour);
        seek_line(&cursor, &at, problem->place.line);
        if (problem->place.line == at)
            add_line(text, problems, cursor, strcspn(cursor, "\r\n"), problem->place, colour);
    }
    if (problems->count > MOST_SHOWN)
        osg_text_printf(text, "and %zu more\n", problems->count - MOST_SHOWN);
}
