/* SPDX-License-Identifier: Apache-2.0 */
/* Directives are compared by section and subject. What is told of several sections alike, as mostly
 * of all pages for administrators, is told once. */
#include "change.h"
#include "inplace.h"
#include "mask.h"
#include "subject.h"
#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* Values are shown up to this length. */
#define SHOWN 72

/* A directive as it is compared. */
struct remark {
    const struct osg_directive *directive;
    struct osg_subject subject;
};

struct remarks {
    struct remark *items; /* in the order of the file */
    size_t count;
};

/* What is said of a section. */
struct sentence {
    const char *section; /* "": the site */
    const char *words;   /* of a section's own coming or going, its verb */
    const char *verb;    /* the same for more than one; NULL: the section stays */
};

struct talk {
    const struct osg_change *change;
    struct remarks old, new;
    struct sentence *sentences;
    size_t count;
};

/* ---- comparing ------------------------------------------------------------------------------- */

static struct remarks remark(struct osg_arena *arena, const struct osg_standing *standing)
{
    struct remarks remarks = {.count = standing->directive_count};

    remarks.items = osg_arena_alloc(arena, (remarks.count + 1) * sizeof *remarks.items);
    for (size_t i = 0; i < remarks.count; i++)
        remarks.items[i] = (struct remark){.directive = &standing->directives[i],
                                           .subject = osg_subject_of(&standing->directives[i])};
    return remarks;
}

static bool is_about(const struct remark *remark, const char *section, const char *words)
{
    return strcmp(remark->directive->section, section) == 0 &&
           strcasecmp(remark->subject.words, words) == 0;
}

static bool has_subject(const struct remarks *remarks, size_t before, const char *section,
                        const char *words)
{
    for (size_t i = 0; i < before; i++) {
        if (is_about(&remarks->items[i], section, words))
            return true;
    }
    return false;
}

static bool has_same(const struct remarks *remarks, size_t before, const struct remark *wanted)
{
    for (size_t i = 0; i < before; i++) {
        if (is_about(&remarks->items[i], wanted->directive->section, wanted->subject.words) &&
            strcmp(remarks->items[i].subject.value, wanted->subject.value) == 0)
            return true;
    }
    return false;
}

static bool has_section(const struct remarks *remarks, const char *section)
{
    for (size_t i = 0; i < remarks->count; i++) {
        if (strcmp(remarks->items[i].directive->section, section) == 0)
            return true;
    }
    return section[0] == '\0';
}

/* Is it a detail of what comes or goes as a whole? */
static bool is_detail(const struct talk *talk, const struct remark *remark)
{
    const char *section = remark->directive->section, *leader = remark->subject.leader;

    return leader != NULL && has_subject(&talk->old, talk->old.count, section, leader) !=
                                 has_subject(&talk->new, talk->new.count, section, leader);
}

/* ---- sentences ------------------------------------------------------------------------------- */

static void say(struct talk *talk, const char *section, const char *words, const char *verb)
{
    talk->sentences[talk->count++] =
        (struct sentence){.section = section, .words = words, .verb = verb};
}

static void put_value(struct osg_text *text, const struct osg_change *change,
                      const struct remark *remark)
{
    const char *line =
        osg_arena_printf(change->arena, "%s %s", remark->directive->name, remark->directive->value);
    const char *value = remark->subject.value;

    if (osg_mask_hides(line, strlen(line)))
        osg_text_put(text, "***");
    else
        osg_text_printf(text, "%.*s%s", SHOWN, value, strlen(value) > SHOWN ? "..." : "");
}

/* Adds the values that IN has of the subject and OUT doesn't. Returns how many. */
static size_t put_values(struct osg_text *text, const struct talk *talk, const struct remarks *in,
                         const struct remarks *out, const struct remark *wanted)
{
    size_t count = 0;

    for (size_t i = 0; i < in->count; i++) {
        const struct remark *remark = &in->items[i];

        if (!is_about(remark, wanted->directive->section, wanted->subject.words) ||
            has_same(in, i, remark) || has_same(out, out->count, remark))
            continue;
        osg_text_put(text, count++ > 0 ? ", " : "");
        put_value(text, talk->change, remark);
    }
    return count;
}

/* "the certificate: a.pem is new" */
static const char *tell_one_side(struct osg_arena *arena, const struct osg_subject *subject,
                                 const struct osg_text *values, const char *verb)
{
    return osg_arena_printf(arena, "%s%s%s %s", subject->words, values->length > 0 ? ": " : "",
                            osg_text_bytes(values), verb);
}

/* The same for both, "the certificate: a.pem -> b.pem" */
static void compare(struct talk *talk, const struct remark *remark)
{
    struct osg_arena *arena = talk->change->arena;
    const struct osg_subject *subject = &remark->subject;
    struct osg_text gone = {0}, come = {0};
    size_t goes = put_values(&gone, talk, &talk->old, &talk->new, remark);
    size_t comes = put_values(&come, talk, &talk->new, &talk->old, remark);
    const char *words = goes > 0 ? subject->goes : subject->comes;

    if (goes > 0 && comes > 0)
        words = osg_arena_printf(arena, "%s: %s -> %s", subject->words, osg_text_bytes(&gone),
                                 osg_text_bytes(&come));
    else if (goes > 0 && words == NULL)
        words = tell_one_side(arena, subject, &gone, goes > 1 ? "go" : "goes");
    else if (comes > 0 && words == NULL)
        words = tell_one_side(arena, subject, &come, comes > 1 ? "are new" : "is new");
    if (goes > 0 || comes > 0)
        say(talk, remark->directive->section, words, NULL);
    osg_text_free(&gone);
    osg_text_free(&come);
}

/* What comes or goes with its section is told by the section's own first line. */
static void tell(struct talk *talk, const struct remarks *from, const struct remarks *other,
                 const struct remark *remark)
{
    const char *section = remark->directive->section;
    bool comes = from == &talk->new;

    if (!has_section(other, section)) {
        if (remark->directive->begins)
            say(talk, section, comes ? "is new" : "goes", comes ? "are new" : "go");
        return;
    }
    if (!has_subject(from, (size_t)(remark - from->items), section, remark->subject.words) &&
        !(comes && has_subject(other, other->count, section, remark->subject.words)) &&
        !is_detail(talk, remark))
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
                        .old = remark(change->arena, &change->old),
                        .new = remark(change->arena, &change->new)};

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
