/* SPDX-License-Identifier: Apache-2.0 */
#include "standing.h"
#include "sections.h"
#include "words.h"
#include "base/arena.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

struct reader {
    struct osg_arena *arena;
    struct osg_standing *standing;
    struct osg_sections sections; /* that lines are in */
    const char *name;             /* of the next member, from a comment, or NULL */
};

/* ---- members --------------------------------------------------------------------------------- */

/* "# OpenSpecimen instance 3, panther; on standby": the name is for the member that follows. */
static void read_comment(struct reader *reader, const char *comment)
{
    static const char lead[] = "# OpenSpecimen instance ";
    const char *name = strncmp(comment, lead, sizeof lead - 1) == 0 ? strstr(comment, ", ") : NULL;

    if (name != NULL && strcspn(comment, ";") > (size_t)(name - comment))
        reader->name = osg_arena_copy(reader->arena, name + 2, strcspn(name + 2, ";"));
}

static void read_member(struct reader *reader, const char *rest)
{
    struct osg_standing *standing = reader->standing;
    struct osg_member *member = &standing->members[standing->member_count];

    if (!osg_member_read(reader->arena, rest, member))
        return;
    member->place = standing->member_count++;
    if (reader->name != NULL) {
        member->name = reader->name;
        member->named = true;
        reader->name = NULL;
    }
}

/* ---- lines ----------------------------------------------------------------------------------- */

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
    size_t lead = line[1] == '/' ? 2 : 1, length = strcspn(line, OSG_BLANKS ">");
    const char *name = osg_arena_printf(reader->arena, "<%.*s>", (int)(length - lead), line + lead);
    const char *rest = line + length + strspn(line + length, OSG_BLANKS);
    const char *close = strrchr(rest, '>');
    const char *value =
        osg_plain_words(reader->arena, rest, close != NULL ? (size_t)(close - rest) : strlen(rest));
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

    line += strspn(line, OSG_BLANKS);
    if (line[0] == '#')
        read_comment(reader, line);
    if (line[0] == '<')
        read_section(reader, line);
    if (line[0] == '#' || line[0] == '<' || line[0] == '\0')
        return;
    rest = line + strcspn(line, OSG_BLANKS);
    name = osg_arena_copy(reader->arena, line, (size_t)(rest - line));
    rest += strspn(rest, OSG_BLANKS);
    if (strcasecmp(name, "BalancerMember") == 0)
        read_member(reader, rest);
    else
        add_directive(reader, name, osg_plain_words(reader->arena, rest, strlen(rest)), false);
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
    osg_standing_order(arena, &standing);
    return standing;
}
