/* SPDX-License-Identifier: Apache-2.0 */
#include "standing.h"
#include "sections.h"
#include "base/arena.h"
#include "base/text.h"
#include "topology/url.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BLANKS " \t\r"

/* Settings of one member that are looked at; nobody writes more. */
#define SETTINGS 32

struct reader {
    struct osg_arena *arena;
    struct osg_standing *standing;
    struct osg_sections sections; /* that lines are in */
    const char *name;             /* of the next member, from a comment, or NULL */
};

/* ---- words ----------------------------------------------------------------------------------- */

/* The next word of TEXT, as httpd splits a line: up to a blank, or between quotes, in which a
 * backslash takes the meaning of a quote or a backslash. NULL: there is none. */
static const char *next_word(struct osg_arena *arena, const char **text)
{
    const char *at = *text + strspn(*text, BLANKS);
    char quote = '\0';
    char *word = osg_arena_alloc(arena, strlen(at) + 1), *to = word;

    if (*at == '\0')
        return NULL;
    if (*at == '"' || *at == '\'')
        quote = *at++;
    while (*at != '\0' && (quote != '\0' ? *at != quote : strchr(BLANKS, *at) == NULL)) {
        if (quote != '\0' && at[0] == '\\' && (at[1] == quote || at[1] == '\\'))
            at++;
        *to++ = *at++;
    }
    *text = *at != '\0' && quote != '\0' ? at + 1 : at;
    return word;
}

/* ---- members --------------------------------------------------------------------------------- */

/* "# OpenSpecimen instance 3, panther; on standby": the name is for the member that follows. */
static void read_comment(struct reader *reader, const char *comment)
{
    static const char lead[] = "# OpenSpecimen instance ";
    const char *name = strncmp(comment, lead, sizeof lead - 1) == 0 ? strstr(comment, ", ") : NULL;

    if (name != NULL && strcspn(comment, ";") > (size_t)(name - comment))
        reader->name = osg_arena_copy(reader->arena, name + 2, strcspn(name + 2, ";"));
}

static const char *canonical(struct osg_arena *arena, const char *text)
{
    struct osg_url url;

    return osg_url_parse(arena, text, &url, NULL) ? osg_url_canonical(arena, &url) : text;
}

static void add_setting(struct reader *reader, struct osg_member *member, const char *word)
{
    const char *equals = strchr(word, '=');

    if (equals == NULL || member->count == SETTINGS)
        return;
    member->settings[member->count++] = (struct osg_setting){
        .key = osg_arena_copy(reader->arena, word, (size_t)(equals - word)), .value = equals + 1};
}

/* Outside of a <Proxy>, the balancer stands before the member. */
static void read_member(struct reader *reader, const char *rest)
{
    const char *url = next_word(reader->arena, &rest), *word;
    struct osg_standing *standing = reader->standing;
    struct osg_member *member = &standing->members[standing->member_count];

    if (url != NULL && strncmp(url, "balancer://", 11) == 0)
        url = next_word(reader->arena, &rest);
    if (url == NULL || url[0] == '\0')
        return;
    *member = (struct osg_member){
        .url = canonical(reader->arena, url),
        .name = reader->name != NULL ? reader->name : url,
        .named = reader->name != NULL,
        .settings = osg_arena_alloc(reader->arena, SETTINGS * sizeof *member->settings),
        .place = standing->member_count++,
    };
    while ((word = next_word(reader->arena, &rest)) != NULL)
        add_setting(reader, member, word);
    reader->name = NULL;
}

static int by_url(const void *one, const void *other)
{
    const struct osg_member *a = one, *b = other;
    int order = strcmp(a->url, b->url);

    return order != 0 ? order : (a->place > b->place) - (a->place < b->place);
}

static void sort_members(struct osg_standing *standing)
{
    size_t kept = 0;

    qsort(standing->members, standing->member_count, sizeof *standing->members, by_url);
    for (size_t i = 0; i < standing->member_count; i++) {
        if (kept == 0 || strcmp(standing->members[kept - 1].url, standing->members[i].url) != 0)
            standing->members[kept++] = standing->members[i];
    }
    standing->member_count = kept;
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* LENGTH bytes; of a whole word between quotes what stands in them. */
static const char *plain(struct osg_arena *arena, const char *text, size_t length)
{
    const char *value = osg_arena_copy(arena, text, length), *rest = value;
    const char *word = next_word(arena, &rest);

    return word != NULL && strchr("\"'", value[0]) != NULL && rest[strspn(rest, BLANKS)] == '\0'
               ? word
               : value;
}

static void add_directive(struct reader *reader, const char *name, const char *value, bool begins)
{
    reader->standing->directives[reader->standing->directive_count++] =
        (struct osg_directive){.section = osg_sections_name(&reader->sections),
                               .name = name,
                               .value = value,
                               .begins = begins};
}

/* "<Location /balancer-status>" begins what is for that page. */
static void read_section(struct reader *reader, const char *line)
{
    size_t lead = line[1] == '/' ? 2 : 1, length = strcspn(line, BLANKS ">");
    const char *name = osg_arena_printf(reader->arena, "<%.*s>", (int)(length - lead), line + lead);
    const char *rest = line + length + strspn(line + length, BLANKS);
    const char *close = strrchr(rest, '>');
    const char *value =
        plain(reader->arena, rest, close != NULL ? (size_t)(close - rest) : strlen(rest));
    enum osg_section_kind kind = osg_section_kind(name);

    if (kind == OSG_SECTION_PART && lead == 2)
        osg_sections_leave(&reader->sections);
    else if (kind == OSG_SECTION_PART)
        osg_sections_enter(&reader->sections, reader->arena, name, value);
    if (lead == 1 && kind != OSG_SECTION_CONDITION)
        add_directive(reader, name, value, kind == OSG_SECTION_PART);
}

static void read_line(struct reader *reader, const char *line)
{
    const char *rest;
    const char *name;

    line += strspn(line, BLANKS);
    if (line[0] == '#')
        read_comment(reader, line);
    if (line[0] == '<')
        read_section(reader, line);
    if (line[0] == '#' || line[0] == '<' || line[0] == '\0')
        return;
    rest = line + strcspn(line, BLANKS);
    name = osg_arena_copy(reader->arena, line, (size_t)(rest - line));
    rest += strspn(rest, BLANKS);
    if (strcasecmp(name, "BalancerMember") == 0)
        read_member(reader, rest);
    else
        add_directive(reader, name, plain(reader->arena, rest, strlen(rest)), false);
}

/* Adds one line up to its newline, which is left out, and moves BYTES behind it. */
static bool take_line(struct osg_text *line, const char **bytes, const char *end)
{
    const char *newline = memchr(*bytes, '\n', (size_t)(end - *bytes));
    const char *stop = newline != NULL ? newline : end;

    osg_text_add(line, *bytes, (size_t)(stop - *bytes));
    *bytes = newline != NULL ? newline + 1 : end;
    if (line->length == 0 || line->bytes[line->length - 1] != '\\' || newline == NULL)
        return false;
    line->bytes[--line->length] = '\0';
    return true;
}

struct osg_standing osg_standing_read(struct osg_arena *arena, const char *bytes, size_t length)
{
    struct osg_standing standing = {0};
    struct reader reader = {.arena = arena, .standing = &standing};
    const char *end = bytes + length;
    size_t most = 1;

    for (size_t i = 0; i < length; i++)
        most += bytes[i] == '\n';
    standing.members = osg_arena_alloc(arena, most * sizeof *standing.members);
    standing.directives = osg_arena_alloc(arena, most * sizeof *standing.directives);
    while (bytes < end) {
        struct osg_text line = {0};

        while (take_line(&line, &bytes, end))
            ;
        read_line(&reader, line.bytes);
        osg_text_free(&line);
    }
    sort_members(&standing);
    osg_standing_list_names(arena, &standing);
    return standing;
}

const struct osg_member *osg_standing_member(const struct osg_standing *standing, const char *url)
{
    size_t low = 0, high = standing->member_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(url, standing->members[middle].url);

        if (order == 0)
            return &standing->members[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const char *osg_member_setting(const struct osg_member *member, const char *key)
{
    for (size_t i = 0; i < member->count; i++) {
        if (strcasecmp(member->settings[i].key, key) == 0)
            return member->settings[i].value;
    }
    return NULL;
}
