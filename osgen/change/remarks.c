/* SPDX-License-Identifier: Apache-2.0 */
#include "remarks.h"
#include "mask.h"
#include "base/arena.h"
#include "base/text.h"

#include "core/utf8.h"

#include <string.h>
#include <strings.h>

/* Values are shown up to so many characters. */
#define SHOWN 72

#define BLANK " "

/* Directives that say several things at once, a word each, behind what their value begins with. */
static const struct row {
    const char *name;
    const char *lead;
} rows[] = {{"<VirtualHost>", ""}, {"ServerAlias", ""},  {"ProxySet", ""},
            {"Require", "ip "},    {"Require", "host "}, {"Require", "user "}};

static const struct row *row_of(const struct osg_directive *directive)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcasecmp(rows[i].name, directive->name) == 0 &&
            strncasecmp(rows[i].lead, directive->value, strlen(rows[i].lead)) == 0)
            return &rows[i];
    }
    return NULL;
}

static size_t count_words(const char *text)
{
    size_t count = 1;

    for (; (text = strstr(text, BLANK)) != NULL; text++)
        count++;
    return count;
}

static void add(struct osg_arena *arena, struct osg_remarks *remarks,
                const struct osg_directive *directive)
{
    struct osg_subject subject = osg_subject_of(arena, directive);

    if (subject.words[0] != '\0')
        remarks->items[remarks->count++] =
            (struct osg_remark){.directive = directive, .subject = subject};
}

/* Adds each word by itself, as if it stood in a line of its own. */
static void add_words(struct osg_arena *arena, struct osg_remarks *remarks,
                      const struct osg_directive *directive, const char *lead)
{
    const char *word = directive->value + strlen(lead);

    for (size_t length; *word != '\0'; word += length + (word[length] != '\0')) {
        struct osg_directive *part = osg_arena_alloc(arena, sizeof *part);

        length = strcspn(word, BLANK);
        *part = *directive;
        part->value = osg_arena_printf(arena, "%s%.*s", lead, (int)length, word);
        add(arena, remarks, part);
    }
}

struct osg_remarks osg_remarks_of(struct osg_arena *arena, const struct osg_standing *standing)
{
    struct osg_remarks remarks = {0};
    size_t most = 1;

    for (size_t i = 0; i < standing->directive_count; i++)
        most += row_of(&standing->directives[i]) != NULL
                    ? count_words(standing->directives[i].value)
                    : 1;
    remarks.items = osg_arena_alloc(arena, most * sizeof *remarks.items);
    for (size_t i = 0; i < standing->directive_count; i++) {
        const struct osg_directive *directive = &standing->directives[i];
        const struct row *row = row_of(directive);

        if (row != NULL)
            add_words(arena, &remarks, directive, row->lead);
        else
            add(arena, &remarks, directive);
    }
    return remarks;
}

bool osg_remark_is_about(const struct osg_remark *remark, const char *section, const char *words)
{
    return (remark->subject.words == words || strcasecmp(remark->subject.words, words) == 0) &&
           strcmp(remark->directive->section, section) == 0;
}

bool osg_remarks_have(const struct osg_remarks *remarks, const char *section, const char *words)
{
    for (size_t i = 0; i < remarks->count; i++) {
        if (osg_remark_is_about(&remarks->items[i], section, words))
            return true;
    }
    return false;
}

bool osg_remarks_have_section(const struct osg_remarks *remarks, const char *section)
{
    for (size_t i = 0; i < remarks->count; i++) {
        if (strcmp(remarks->items[i].directive->section, section) == 0)
            return true;
    }
    return section[0] == '\0';
}

static bool is_switch(const char *value)
{
    return strcasecmp(value, "on") == 0 || strcasecmp(value, "off") == 0;
}

static bool is_same(const char *one, const char *other)
{
    return strcasecmp(one, other) == 0 && (strcmp(one, other) == 0 || is_switch(one));
}

/* The values are told apart soonest. */
static bool has_same(const struct osg_remarks *remarks, const struct osg_remark *wanted)
{
    for (size_t i = 0; i < remarks->count; i++) {
        const struct osg_remark *remark = &remarks->items[i];

        if (is_same(remark->subject.value, wanted->subject.value) &&
            osg_remark_is_about(remark, wanted->directive->section, wanted->subject.words))
            return true;
    }
    return false;
}

static size_t count_about(const struct osg_remarks *remarks, const struct osg_remark *wanted)
{
    size_t count = 0;

    for (size_t i = 0; i < remarks->count; i++)
        count += osg_remark_is_about(&remarks->items[i], wanted->directive->section,
                                     wanted->subject.words);
    return count;
}

struct osg_remarks osg_remarks_apart(struct osg_arena *arena, const struct osg_remarks *remarks,
                                     const struct osg_remarks *other,
                                     const struct osg_remark *wanted)
{
    size_t most = count_about(remarks, wanted);
    struct osg_remarks apart = {.items = osg_arena_alloc(arena, (most + 1) * sizeof *apart.items)};

    for (size_t i = 0; i < remarks->count; i++) {
        const struct osg_remark *remark = &remarks->items[i];

        if (osg_remark_is_about(remark, wanted->directive->section, wanted->subject.words) &&
            !has_same(&apart, remark) && !has_same(other, remark))
            apart.items[apart.count++] = *remark;
    }
    return apart;
}

/* The length of the one character at TEXT, in bytes. */
static size_t length_of(const char *text)
{
    uint32_t code;
    size_t length = osb_utf8_read(text, strlen(text), &code);

    return length > 0 ? length : 1;
}

/* A backslash stays with what is behind it. */
static void put_cut(struct osg_text *text, const char *value)
{
    size_t length = 0, shown = 0;

    while (value[length] != '\0') {
        bool escapes = value[length] == '\\' && value[length + 1] != '\0';

        shown += escapes ? 2 : 1;
        if (shown > SHOWN)
            break;
        length += escapes ? 1 + length_of(value + length + 1) : length_of(value + length);
    }
    osg_text_add(text, value, length);
    osg_text_put(text, value[length] != '\0' ? "…" : "");
}

void osg_remark_put(struct osg_text *text, const struct osg_remark *remark)
{
    const char *value = remark->subject.value;
    struct osg_text line = {0}, shown = {0};
    bool hides = false;

    osg_text_printf(&line, "%s %s", remark->directive->name, remark->directive->value);
    if (value[0] == '\0')
        osg_text_put(&shown, remark->subject.between != NULL ? "default" : "nothing");
    else if (osg_mask_hides(line.bytes, line.length) && !osg_mask_hides(value, strlen(value)))
        osg_text_put(&shown, "***");
    else
        osg_mask_line(&shown, value, strlen(value), &hides);
    put_cut(text, shown.bytes);
    osg_text_free(&line);
    osg_text_free(&shown);
}
