/* SPDX-License-Identifier: Apache-2.0 */
#include "conf.h"
#include "base/arena.h"
#include "base/text.h"
#include "problem/problem.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

struct reader {
    struct osg_arena *arena;
    const struct osg_source *source;
    struct osg_problems *problems;
    struct osg_conf_variables variables; /* defined so far */
    struct osg_conf *open;               /* the section that lines belong to */
    size_t depth;                        /* of it; 0: the file */
    size_t count;                        /* of all that was read */
    const char *at;                      /* where the next line begins */
    uint32_t line;                       /* its number */
};

/* A line as httpd sees it, of one or more in the file. */
struct line {
    const char *text;       /* joined, without blanks at its ends */
    const char *from;       /* where it begins in the source */
    size_t length;          /* in the source, with its newline */
    struct osg_place place; /* of its first character */
    struct osg_place after; /* of what follows it */
};

bool osg_conf_is(const struct osg_conf *conf, const char *name)
{
    return strcasecmp(conf->name, name) == 0;
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* Adds one line of the file and moves behind it. Returns whether it goes on in the next one. */
static bool add_line(struct reader *reader, struct osg_text *joined)
{
    const char *end = reader->source->text + reader->source->length;
    const char *newline = memchr(reader->at, '\n', (size_t)(end - reader->at));
    size_t length = (size_t)((newline != NULL ? newline : end) - reader->at);
    bool goes_on;

    if (length > 0 && newline != NULL && reader->at[length - 1] == '\r')
        length--;
    goes_on = newline != NULL && length > 0 && reader->at[length - 1] == '\\';
    osg_text_add(joined, reader->at, goes_on ? length - 1 : length);
    reader->at = newline != NULL ? newline + 1 : end;
    reader->line++;
    return goes_on && reader->at < end;
}

static const char *trimmed(struct osg_arena *arena, const char *text)
{
    size_t length;

    while (isspace((unsigned char)*text))
        text++;
    length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    return osg_arena_copy(arena, text, length);
}

/* Where the first character stands that is no blank. */
static struct osg_place place_of(const struct reader *reader, const char *from)
{
    uint32_t column = 1;

    while (*from == ' ' || *from == '\t') {
        from++;
        column++;
    }
    return (struct osg_place){reader->line, column, reader->source->number};
}

static struct line next_line(struct reader *reader)
{
    struct line line = {.from = reader->at, .place = place_of(reader, reader->at)};
    struct osg_text joined = {0};

    while (add_line(reader, &joined))
        ;
    line.text = trimmed(reader->arena, joined.bytes);
    line.length = (size_t)(reader->at - line.from);
    line.after = (struct osg_place){reader->line, 1, reader->source->number};
    osg_text_free(&joined);
    return line;
}

/* ---- the tree -------------------------------------------------------------------------------- */

static struct osg_conf *add(struct reader *reader, const struct line *line)
{
    struct osg_conf *conf = osg_arena_alloc(reader->arena, sizeof *conf);
    struct osg_conf *open = reader->open;

    *conf = (struct osg_conf){.place = line->place,
                              .from = line->from,
                              .length = line->length,
                              .parent = open,
                              .previous = open->last};
    if (open->last != NULL)
        open->last->next = conf;
    else
        open->first = conf;
    open->last = conf;
    return conf;
}

static void set_value(struct reader *reader, struct osg_conf *conf, const char *value)
{
    conf->value = value;
    conf->words = osg_conf_words(reader->arena, value, &conf->count);
}

static void define(struct reader *reader, const struct osg_conf *conf)
{
    if (osg_conf_is(conf, "Define") && conf->count == 2)
        osg_conf_define(reader->arena, &reader->variables, conf->words[0], conf->words[1]);
    if (osg_conf_is(conf, "UnDefine") && conf->count == 1)
        osg_conf_define(reader->arena, &reader->variables, conf->words[0], NULL);
}

static bool open_section(struct reader *reader, const struct line *line, const char *text)
{
    size_t length = strcspn(text + 1, " \t>");
    const char *rest = text + 1 + length, *end = strrchr(rest, '>');
    struct osg_conf *section;

    if (length == 0 || end == NULL)
        return osg_error(reader->problems, OSG_NO_CODE, line->place, "this section has no %s",
                         length == 0 ? "name" : "> at its end");
    if (++reader->depth > OSG_CONF_DEPTH)
        return osg_error(reader->problems, OSG_NO_CODE, line->place,
                         "sections stand in one another more than %d deep", OSG_CONF_DEPTH);
    section = add(reader, line);
    section->name = osg_arena_copy(reader->arena, text + 1, length);
    section->is_section = true;
    set_value(reader, section,
              trimmed(reader->arena, osg_arena_copy(reader->arena, rest, (size_t)(end - rest))));
    reader->open = section;
    return true;
}

static bool close_section(struct reader *reader, const struct line *line, const char *text)
{
    struct osg_conf *open = reader->open;
    size_t length = strcspn(text + 2, " \t>");
    const char *name = osg_arena_copy(reader->arena, text + 2, length);

    if (open->parent == NULL)
        return osg_error(reader->problems, OSG_NO_CODE, line->place,
                         "</%.40s> closes what isn't open: httpd wouldn't read this file", name);
    if (!osg_conf_is(open, name))
        return osg_error(reader->problems, OSG_NO_CODE, line->place,
                         "</%.40s> stands where <%.40s> of line %u is open: httpd wouldn't read "
                         "this file",
                         name, open->name, open->place.line);
    open->length = (size_t)(reader->at - open->from);
    reader->open = open->parent;
    reader->depth--;
    return true;
}

static bool read_directive(struct reader *reader, const struct line *line, const char *text)
{
    const char *name = osg_conf_word(reader->arena, &text);
    struct osg_conf *conf;

    if (name == NULL)
        return true;
    conf = add(reader, line);
    conf->name = name;
    set_value(reader, conf, text);
    define(reader, conf);
    return true;
}

static bool read_comment(struct reader *reader, const struct line *line)
{
    struct osg_conf *conf = add(reader, line);

    conf->name = "#";
    conf->value = line->text;
    return true;
}

static bool read_line(struct reader *reader, const struct line *line)
{
    const char *text = line->text;

    if (text[0] == '\0')
        return true;
    if (++reader->count > OSG_CONF_COUNT)
        return osg_error(reader->problems, OSG_NO_CODE, line->place,
                         "the file has more than %d directives and comments, and is read no "
                         "further",
                         OSG_CONF_COUNT);
    osg_conf_hide(reader->problems, osg_arena_copy(reader->arena, line->from, line->length), text,
                  line->place.line, line->after);
    if (text[0] == '#')
        return read_comment(reader, line);
    text = osg_conf_replace(reader->arena, &reader->variables, text);
    if (text == NULL)
        return osg_error(reader->problems, OSG_NO_CODE, line->place,
                         "with its variables replaced this line is longer than %d bytes",
                         OSG_CONF_LINE);
    if (text[0] != '<')
        return read_directive(reader, line, text);
    return text[1] == '/' ? close_section(reader, line, text) : open_section(reader, line, text);
}

static bool read_lines(struct reader *reader)
{
    const char *end = reader->source->text + reader->source->length;

    while (reader->at < end) {
        const struct line line = next_line(reader);

        if (!read_line(reader, &line))
            return false;
    }
    if (reader->open->parent == NULL)
        return true;
    return osg_error(reader->problems, OSG_NO_CODE, reader->open->place,
                     "<%.40s> is never closed: httpd wouldn't read this file", reader->open->name);
}

struct osg_conf *osg_conf_read(struct osg_arena *arena, const struct osg_source *source,
                               struct osg_problems *problems)
{
    struct osg_conf *file = osg_arena_alloc(arena, sizeof *file);
    struct reader reader = {.arena = arena,
                            .source = source,
                            .problems = problems,
                            .open = file,
                            .at = source->text,
                            .line = 1};

    *file = (struct osg_conf){.name = "", .value = "", .is_section = true, .from = source->text};
    file->length = source->length;
    if (memchr(source->text, '\0', source->length) != NULL) {
        osg_error(problems, OSG_NO_CODE, (struct osg_place){0},
                  "there is a NUL byte in it: this is not a configuration of httpd's");
        return NULL;
    }
    return read_lines(&reader) ? file : NULL;
}
