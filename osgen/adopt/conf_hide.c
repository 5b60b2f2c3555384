/* SPDX-License-Identifier: Apache-2.0 */
/* What of a line nobody but httpd may read. */
#include "conf.h"
#include "problem/problem.h"

#include "core/utf8.h"

#include <string.h>
#include <strings.h>

#define SECRET "secret"

/* Where one begins, or its name does; NULL: there is none. */
static const char *find_mark(const char *text)
{
    static const char password[] = "password";

    for (; *text != '\0'; text++) {
        if (strncasecmp(text, SECRET, strlen(SECRET)) == 0 ||
            strncasecmp(text, password, strlen(password)) == 0)
            return text;
    }
    return NULL;
}

/* Is it a parameter, "secret=..." or the same between quotes? MARK is in LINES. */
static bool is_parameter(const char *lines, const char *mark)
{
    return strncasecmp(mark, SECRET "=", strlen(SECRET) + 1) == 0 && mark > lines &&
           strchr(" \t\"'", mark[-1]) != NULL;
}

/* Behind the value of the parameter at MARK, which begins at VALUE. What a quote isn't closed
 * behind all belongs to it. */
static const char *end_of(const char *mark, const char *value)
{
    const char *quote = strchr("\"'", mark[-1]) != NULL ? mark - 1 : value;
    const char *end = value + (*quote == *value ? 1 : 0);

    if (*quote != '"' && *quote != '\'')
        return value + strcspn(value, " \t\r\n");
    while (*end != '\0' && *end != *quote)
        end += *end == '\\' && end[1] != '\0' ? 2 : 1;
    return end;
}

/* Moves PLACE, which is that of FROM, to the one of TO: a column is a character. */
static const char *move(struct osg_place *place, const char *from, const char *to)
{
    while (from < to) {
        uint32_t code;
        size_t length = osb_utf8_read(from, strnlen(from, 4), &code);

        place->column = *from == '\n' ? 1 : place->column + 1;
        place->line += *from == '\n';
        from += length > 0 ? length : 1;
    }
    return from;
}

/* The value of a parameter alone; of everything else all that follows, as of lines that are joined,
 * since a name or a value may go on in the next one. */
void osg_conf_hide(struct osg_problems *problems, const char *lines, const char *text,
                   uint32_t first, struct osg_place after)
{
    struct osg_place place = {first, 1, after.file}, from;
    const char *mark = find_mark(lines), *at = lines, *newline = strchr(lines, '\n');
    bool joined = newline != NULL && newline[1] != '\0';

    if (mark == NULL && find_mark(text) != NULL)
        mark = lines;
    while (mark != NULL && !joined && is_parameter(lines, mark)) {
        const char *value = mark + strlen(SECRET) + 1;

        at = move(&place, at, value);
        from = place;
        at = move(&place, at, end_of(mark, value));
        osg_problems_hide(problems, from, place);
        mark = find_mark(at);
    }
    if (mark == NULL)
        return;
    move(&place, at, mark);
    osg_problems_hide(problems, place, after);
}
