/* SPDX-License-Identifier: Apache-2.0 */
#include "lines.h"

#include <string.h>

/* Where the item's value begins, of which the dash is at OFFSET. */
static size_t behind_dashes(const struct osg_source_line *line, size_t offset)
{
    while (offset + 1 < line->length && line->text[offset] == '-' && line->text[offset + 1] == ' ')
        offset += 1 + strspn(line->text + offset + 1, " ");
    return offset;
}

/* The line that begins at TEXT. */
static struct osg_source_line read_line(const char *text, uint32_t number)
{
    struct osg_source_line line = {.number = number, .text = text};

    line.length = strcspn(text, "\r\n");
    line.indent = strspn(text, " \t");
    line.content = behind_dashes(&line, line.indent);
    return line;
}

static const char *first_line(const struct osg_source *source)
{
    return source->text + (strncmp(source->text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0);
}

static const char *next_line(const char *text)
{
    text += strcspn(text, "\n");
    return text + (*text == '\n');
}

struct osg_source_line osg_lines_get(const struct osg_source *source, uint32_t number)
{
    const char *text = first_line(source);

    for (uint32_t at = 1; at < number && *text != '\0'; at++)
        text = next_line(text);
    return read_line(text, number);
}

bool osg_lines_is_item(const struct osg_source_line *line)
{
    return line->text[line->indent] == '-' &&
           (line->content > line->indent || line->indent + 1 == line->length);
}

bool osg_lines_is_glued(const struct osg_source_line *line)
{
    const char *dash = line->text + line->indent;

    return dash[0] == '-' && line->indent + 1 < line->length && strchr("- \t", dash[1]) == NULL;
}

static bool has_content(const struct osg_source_line *line)
{
    return line->indent < line->length && line->text[line->indent] != '#';
}

struct osg_source_line osg_lines_above(const struct osg_source *source, uint32_t number)
{
    struct osg_source_line above = {.text = ""};
    const char *text = first_line(source);

    for (uint32_t at = 1; at < number && *text != '\0'; at++, text = next_line(text)) {
        struct osg_source_line line = read_line(text, at);

        if (has_content(&line))
            above = line;
    }
    return above;
}

struct osg_source_line osg_lines_item_above(const struct osg_source *source,
                                            const struct osg_source_line *line)
{
    struct osg_source_line above = {.text = ""};
    const char *text = first_line(source);

    for (uint32_t at = 1; at < line->number && *text != '\0'; at++, text = next_line(text)) {
        struct osg_source_line other = read_line(text, at);

        if (has_content(&other) && other.indent <= line->indent)
            above = (struct osg_source_line){.text = ""};
        else if (has_content(&other) && osg_lines_is_item(&other))
            above = other;
    }
    return above;
}

struct osg_place osg_lines_place(const struct osg_source *source,
                                 const struct osg_source_line *line, size_t offset)
{
    struct osg_place place = {.line = line->number, .column = 1, .file = source->number};

    for (size_t i = 0; i < offset; i++)
        place.column += ((unsigned char)line->text[i] & 0xc0) != 0x80;
    return place;
}
