/* SPDX-License-Identifier: Apache-2.0 */
/* Directives are compared by section and subject. What is told of several sections alike, as mostly
 * of all pages for administrators, is told once. */
#include "change.h"
#include "change_values.h"
#include "inplace.h"
#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* What is said of a section. */
struct sentence {
    const char *section; /* "": the site */
    const char *words;   /* of a section's own coming or going, its verb */
    const char *verb;    /* the same for more than one; NULL: the section stays */
};

struct talk {
    const struct osg_change *change;
    struct osg_remarks old, new;
    struct sentence *sentences;
    size_t count;
};

/* ---- comparing ------------------------------------------------------------------------------- */

/* A page of httpd's own has a handler; another <Location> only says something of a path. */
static bool has_page(const struct osg_remarks *remarks, const char *section)
{
    return section[0] == '/' && osg_remarks_have(remarks, section, "SetHandler");
}

/* Is it a detail of what comes or goes as a whole? */
static bool is_detail(const struct talk *talk, const struct osg_remark *remark)
{
    const char *section = remark->directive->section, *leader = remark->subject.leader,
               *page = remark->subject.page;

    return (leader != NULL && osg_remarks_have(&talk->old, section, leader) !=
                                  osg_remarks_have(&talk->new, section, leader)) ||
           (page != NULL && has_page(&talk->old, page) != has_page(&talk->new, page));
}

static void say(struct talk *talk, const char *section, const char *words, const char *verb)
{
    talk->sentences[talk->count++] =
        (struct sentence){.section = section, .words = words, .verb = verb};
}

static void compare(struct talk *talk, const struct osg_remark *remark)
{
    const struct osg_sentences told =
        osg_change_values(talk->change->arena, &talk->old, &talk->new, remark);

    for (size_t i = 0; i < told.count; i++)
        say(talk, remark->directive->section, told.items[i], NULL);
}

static void tell_section(struct talk *talk, const struct osg_remarks *from, const char *section)
{
    bool comes = from == &talk->new;

    if (section[0] == '/' && !has_page(from, section))
        section = osg_arena_printf(talk->change->arena, "<Location %s>", section);
    say(talk, section, comes ? "is new" : "goes", comes ? "are new" : "go");
}

/* What comes or goes with its section is told by the section's own first line. */
static void tell(struct talk *talk, const struct osg_remarks *from, const struct osg_remarks *other,
                 const struct osg_remark *remark)
{
    const struct osg_remarks before = {.items = from->items,
                                       .count = (size_t)(remark - from->items)};
    const char *section = remark->directive->section, *words = remark->subject.words;
    bool comes = from == &talk->new;

    if (!osg_remarks_have_section(other, section)) {
        if (remark->directive->begins)
            tell_section(talk, from, section);
        return;
    }
    if (!osg_remarks_have(&before, section, words) &&
        !(comes && osg_remarks_have(other, section, words)) && !is_detail(talk, remark))
        compare(talk, remark);
}

/* ---- telling --------------------------------------------------------------------------------- */

static bool is_page(const char *section)
{
    return section[0] == '/';
}

/* Is the same said of both, and of the one kind of section? */
static bool is_alike(const struct sentence *one, const struct sentence *other)
{
    return strcmp(one->words, other->words) == 0 && (one->verb != NULL) == (other->verb != NULL) &&
           one->section[0] != '\0' && is_page(one->section) == is_page(other->section);
}

/* Adds the section of the first of COUNT sentences and of those like it, "/a, /b and /c", and takes
 * these out. Returns how many they are. */
static size_t put_sections(struct osg_text *text, struct sentence *sentences, size_t count)
{
    size_t last = 0, named = 0;

    for (size_t i = 1; i < count; i++) {
        if (sentences[i].words != NULL && is_alike(&sentences[i], &sentences[0]))
            last = i;
    }
    for (size_t i = 0; i <= last; i++) {
        if (i > 0 && (sentences[i].words == NULL || !is_alike(&sentences[i], &sentences[0])))
            continue;
        osg_text_printf(text, "%s%s",
                        i == 0      ? ""
                        : i == last ? " and "
                                    : ", ",
                        sentences[i].section);
        named++;
        if (i > 0)
            sentences[i].words = NULL;
    }
    return named;
}

static void put_sentence(struct osg_text *text, struct sentence *sentences, size_t count)
{
    const struct sentence *first = sentences;
    struct osg_text sections = {0};
    size_t named = put_sections(&sections, sentences, count);

    if (first->verb != NULL && is_page(first->section))
        osg_text_put(text, named > 1 ? "the pages " : "the page ");
    osg_text_put(text, osg_text_bytes(&sections));
    if (first->verb != NULL)
        osg_text_printf(text, " %s\n", named > 1 ? first->verb : first->words);
    else
        osg_text_printf(text, "%s%s\n", first->section[0] != '\0' ? ", " : "", first->words);
    osg_text_free(&sections);
}

void osg_change_directives(struct osg_text *text, const struct osg_change *change)
{
    struct talk talk = {.change = change,
                        .old = osg_remarks_of(change->arena, &change->old),
                        .new = osg_remarks_of(change->arena, &change->new)};

    if (talk.old.count == 0)
        return;
    talk.sentences =
        osg_arena_alloc(change->arena, (talk.old.count + talk.new.count) * sizeof *talk.sentences);
    for (size_t i = 0; i < talk.old.count; i++)
        tell(&talk, &talk.old, &talk.new, &talk.old.items[i]);
    for (size_t i = 0; i < talk.new.count; i++)
        tell(&talk, &talk.new, &talk.old, &talk.new.items[i]);
    for (size_t i = 0; i < talk.count; i++) {
        if (talk.sentences[i].words != NULL)
            put_sentence(text, &talk.sentences[i], talk.count - i);
    }
}
