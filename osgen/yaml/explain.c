/* SPDX-License-Identifier: Apache-2.0 */
#include "explain.h"
#include "lines.h"
#include "lookalike.h"
#include "base/arena.h"

#include <stdbool.h>
#include <string.h>

#define TAB                                                                                    \
    "a tab, which YAML doesn't take for indentation: write blanks in its place, two for each " \
    "level"
#define UNCLOSED_QUOTE "this quote is closed nowhere: write the same one at the end of the value"

/* What needs no look at the lines around. The first row that fits; a character is what stands where
 * the parser stopped. */
static const struct row {
    const char *problem;   /* part of what it found */
    const char *context;   /* part of what it was doing then; NULL: anything */
    const char *character; /* any of these at the place; NULL: anything */
    enum osg_code code;
    bool since; /* is what it was reading to be mended, or where it stopped? */
    const char *message;
} rows[] = {
    {"cannot start any token", NULL, "\t", OSG_TAB_INDENT, false, TAB},
    {"cannot start any token", NULL, "%@`", OSG_WANTS_QUOTES, false,
     "a value can't begin with this character: put the value in quotes"},
    {"did not find expected alphabetic", "alias", NULL, OSG_BARE_STAR, true,
     "* begins an alias in YAML: put the value in quotes, such as \"*:80\" or \"*.example.org\""},
    {"did not find expected alphabetic", "anchor", NULL, OSG_WANTS_QUOTES, true,
     "& begins an anchor in YAML: put the value in quotes"},
    {"whitespace or line break", "tag", NULL, OSG_WANTS_QUOTES, true,
     "! begins a tag in YAML: put the value in quotes"},
    {"mapping keys are not allowed", NULL, NULL, OSG_WANTS_QUOTES, false,
     "? and a blank begin a key in YAML: put the value in quotes"},
    {"did not find expected node content", NULL, NULL, OSG_WANTS_QUOTES, false,
     "a value was expected here; one that begins with a colon or a bracket wants quotes, such as "
     "\"[::1]:80\""},
    {"found unexpected end of stream", "quoted", NULL, OSG_UNCLOSED, true, UNCLOSED_QUOTE},
    {"found unexpected document indicator", "quoted", NULL, OSG_UNCLOSED, true, UNCLOSED_QUOTE},
    {"found unknown escape character", NULL, NULL, OSG_BAD_YAML, false,
     "an escape that YAML doesn't know: in double quotes write \\\\ for a backslash"},
    {"block sequence entries are not allowed", NULL, NULL, OSG_BAD_YAML, false,
     "an item that begins with - can't stand here: put it on a line of its own"},
    {"did not find expected comment or line break", "block scalar", NULL, OSG_BAD_YAML, false,
     "the lines of a block begin below the one with | or >, indented further than its key"},
};

/* A stumble and the lines around it. */
struct scene {
    struct osg_arena *arena;
    const struct osg_source *source;
    const struct osg_stumble *stumble;
    struct osg_source_line line;  /* where the parser stopped */
    struct osg_source_line above; /* the one before that, without comments and empty ones */
};

static bool found(const struct osg_stumble *stumble, const char *part)
{
    return strstr(stumble->problem, part) != NULL;
}

static struct osg_slip slip_at(const struct scene *scene, const struct osg_source_line *line,
                               size_t offset, enum osg_code code, const char *message)
{
    return (struct osg_slip){code, osg_lines_place(scene->source, line, offset), message};
}

/* Where LINE has a colon that ends a key: with a blank or nothing behind it. Its length if none. */
static size_t key_end(const struct osg_source_line *line)
{
    size_t at = line->content;

    while (at < line->length &&
           !(line->text[at] == ':' && (at + 1 == line->length || line->text[at + 1] == ' ')))
        at++;
    return at;
}

/* LINE was to be a key. */
static struct osg_slip no_colon(const struct scene *scene, const struct osg_source_line *line)
{
    const char *content = line->text + line->content;
    size_t colon = line->content + strcspn(content, ": \r\n");

    if (osg_is_foreign_blank(content))
        return slip_at(scene, line, line->content, OSG_BAD_INDENT, OSG_FOREIGN_BLANK);
    if (content[0] == '-')
        return slip_at(scene, line, line->content, OSG_NO_COLON, OSG_GLUED_ITEM);
    if (colon < line->length && osg_is_foreign_blank(line->text + colon + 1))
        return slip_at(scene, line, colon + 1, OSG_BAD_INDENT, OSG_FOREIGN_BLANK);
    if (colon < line->length && line->text[colon] == ':')
        return slip_at(scene, line, colon, OSG_NO_COLON,
                       "a key's colon wants a blank behind it: \"key: value\"");
    return slip_at(scene, line, line->content, OSG_NO_COLON,
                   "a line without a colon, where a key was expected: \"key: value\"");
}

static struct osg_slip too_deep(const struct scene *scene)
{
    return slip_at(
        scene, &scene->line, scene->line.indent, OSG_BAD_INDENT,
        osg_arena_printf(scene->arena,
                         "this line is indented further than the one above, which has its value "
                         "already: a key that stands beside that one begins at column %zu",
                         scene->above.content + 1));
}

/* A colon where none can stand: its line is too deep, has two keys, or goes on with the one above.
 */
static struct osg_slip stray_colon(const struct scene *scene)
{
    const struct osg_source_line *line = &scene->line, *above = &scene->above;
    struct osg_place first = osg_lines_place(scene->source, line, key_end(line));

    if (first.column < scene->stumble->at.column)
        return (struct osg_slip){OSG_WANTS_QUOTES, scene->stumble->at,
                                 "a second colon with a blank behind it: put the value in quotes, "
                                 "or each key on a line of its own"};
    if (above->number > 0 && key_end(above) == above->length && !osg_lines_is_item(above))
        return no_colon(scene, above);
    if (above->number > 0 && line->content > above->content)
        return too_deep(scene);
    if (above->number > 0 && key_end(above) == above->length)
        return no_colon(scene, above);
    return (struct osg_slip){OSG_WANTS_QUOTES, scene->stumble->at,
                             "a colon that makes no key here: put the value in quotes"};
}

/* An item at another column than those before it, or where no list is. */
static struct osg_slip stray_item(const struct scene *scene)
{
    struct osg_source_line item = scene->above;

    if (!osg_lines_is_item(&item))
        item = osg_lines_item_above(scene->source, &scene->line);
    if (item.number > 0 && item.indent != scene->line.indent)
        return slip_at(scene, &scene->line, scene->line.indent, OSG_BAD_INDENT,
                       osg_arena_printf(scene->arena,
                                        "this item's - is at column %zu, and that of line %u at "
                                        "column %zu: items of a list all begin at one column",
                                        scene->line.indent + 1, item.number, item.indent + 1));
    return slip_at(scene, &scene->line, scene->line.indent, OSG_BAD_INDENT,
                   "an item that begins with - among keys: a list has items alone, and stands "
                   "below a key");
}

/* A key among items, whose dashes are where the list begins. */
static struct osg_slip stray_key(const struct scene *scene)
{
    return slip_at(
        scene, &scene->line, scene->line.indent, OSG_BAD_INDENT,
        osg_arena_printf(scene->arena,
                         "a key among items, whose - is at column %u: the keys of one item all "
                         "begin at the column of its first, and the next item with -",
                         scene->stumble->since.column));
}

/* The first word of a line isn't what could stand there. */
static struct osg_slip stray_line(const struct scene *scene)
{
    const struct osg_source_line *line = &scene->line;

    if (found(scene->stumble, "document start") && strncmp(scene->above.text, "...", 3) == 0)
        return slip_at(scene, line, line->indent, OSG_BAD_YAML,
                       "the line ... above ends the topology: take it out");
    if (strchr("]}", line->text[line->indent]) != NULL && line->indent < line->length)
        return slip_at(scene, line, line->indent, OSG_UNCLOSED,
                       "a closing bracket, and there is none before it that it closes");
    if (osg_lines_is_item(line))
        return stray_item(scene);
    if (found(scene->stumble, "'-' indicator"))
        return stray_key(scene);
    if (line->indent > scene->above.content)
        return too_deep(scene);
    return slip_at(scene, line, line->indent, OSG_BAD_INDENT,
                   osg_arena_printf(scene->arena,
                                    "no key above that this line could stand beside begins at "
                                    "column %zu: keys of one mapping all begin at one column",
                                    line->indent + 1));
}

static struct osg_slip no_key(const struct scene *scene)
{
    if (scene->stumble->at.column == scene->line.indent + 1)
        return stray_line(scene);
    return (struct osg_slip){OSG_WANTS_QUOTES, scene->stumble->at,
                             "nothing can stand behind a closing quote or bracket: look whether "
                             "one before it is closed too early, or put the whole value in quotes"};
}

/* A key's line without a colon; or a block's, which is indented. */
static struct osg_slip no_simple_key(const struct scene *scene)
{
    struct osg_source_line line = osg_lines_get(scene->source, scene->stumble->since.line);
    struct osg_source_line above = osg_lines_above(scene->source, line.number);

    if (above.length > 0 && strchr("|>", above.text[above.length - 1]) != NULL)
        return slip_at(scene, &line, line.indent, OSG_BAD_INDENT,
                       "the lines of a block are indented further than the key with | or >");
    return no_colon(scene, &line);
}

/* Where in its line the parser stopped; before it there may be characters of several bytes. */
static size_t offset_of(const struct scene *scene)
{
    size_t offset = 0;

    for (uint32_t column = 1; column < scene->stumble->at.column && offset < scene->line.length;
         offset++)
        column += ((unsigned char)scene->line.text[offset + 1] & 0xc0) != 0x80;
    return offset;
}

static struct osg_slip no_comma(const struct scene *scene)
{
    bool is_list = found(scene->stumble, "']'");
    size_t offset = offset_of(scene);

    if (offset > 0 && strncmp(scene->line.text + offset - 1, "${", 2) == 0)
        return slip_at(scene, &scene->line, offset - 1, OSG_WANTS_QUOTES,
                       "${...} wants quotes inside of brackets and braces: \"${NAME}\"");
    if (scene->stumble->at.line > scene->stumble->since.line)
        return (struct osg_slip){OSG_UNCLOSED, scene->stumble->since,
                                 is_list
                                     ? "this [ is closed nowhere: a list in brackets ends with ]"
                                     : "this { is closed nowhere: a mapping in braces ends "
                                       "with }"};
    return (struct osg_slip){OSG_UNCLOSED, scene->stumble->at,
                             is_list ? "a list in brackets wants a comma or its closing ] here"
                                     : "a mapping in braces wants a comma or its closing } here"};
}

/* A dash without a blank behind it is a letter, and what it was to begin no item. */
static struct osg_slip glued_item(const struct scene *scene)
{
    const struct osg_source_line *line =
        osg_lines_is_glued(&scene->above) ? &scene->above : &scene->line;

    return slip_at(scene, line, line->indent, OSG_NO_COLON, OSG_GLUED_ITEM);
}

static bool fits(const struct row *row, const struct osg_stumble *stumble, char character)
{
    if (!found(stumble, row->problem))
        return false;
    if (row->context != NULL &&
        (stumble->context == NULL || strstr(stumble->context, row->context) == NULL))
        return false;
    return row->character == NULL ||
           (character != '\0' && strchr(row->character, character) != NULL);
}

static struct osg_slip explain(const struct scene *scene)
{
    const struct osg_stumble *stumble = scene->stumble;
    char character = scene->line.text[offset_of(scene)];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (fits(&rows[i], stumble, character))
            return (struct osg_slip){rows[i].code, rows[i].since ? stumble->since : stumble->at,
                                     rows[i].message};
    }
    if (found(stumble, "did not find expected ',' or"))
        return no_comma(scene);
    if (osg_lines_is_glued(&scene->above) || osg_lines_is_glued(&scene->line))
        return glued_item(scene);
    if (found(stumble, "mapping values are not allowed"))
        return stray_colon(scene);
    if (found(stumble, "could not find expected ':'"))
        return no_simple_key(scene);
    if (found(stumble, "did not find expected"))
        return no_key(scene);
    return (struct osg_slip){OSG_BAD_YAML, stumble->at, stumble->problem};
}

struct osg_slip osg_explain(struct osg_arena *arena, const struct osg_source *source,
                            const struct osg_stumble *stumble)
{
    struct scene scene = {.arena = arena,
                          .source = source,
                          .stumble = stumble,
                          .line = osg_lines_get(source, stumble->at.line),
                          .above = osg_lines_above(source, stumble->at.line)};
    const char *tab = memchr(scene.line.text, '\t', scene.line.indent);

    if (stumble->problem == NULL)
        return (struct osg_slip){OSG_BAD_YAML, stumble->at, "this is not YAML"};
    if (tab != NULL)
        return slip_at(&scene, &scene.line, (size_t)(tab - scene.line.text), OSG_TAB_INDENT, TAB);
    if (osg_is_foreign_blank(scene.line.text + scene.line.indent))
        return slip_at(&scene, &scene.line, scene.line.indent, OSG_BAD_INDENT, OSG_FOREIGN_BLANK);
    return explain(&scene);
}
