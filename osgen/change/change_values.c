/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of the values of one subject. A value that goes and one that comes are a change if
 * they are the only ones about the same thing; of others each goes or comes by itself. */
#include "change_values.h"
#include "base/arena.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

/* The values of a subject that only one of two texts has. */
struct side {
    const struct osg_remarks *own, *other; /* of this text, and of the other one */
};

static bool is_same_thing(const struct osg_subject *one, const struct osg_subject *other)
{
    return one->key == other->key && strncasecmp(one->value, other->value, one->key) == 0;
}

/* The only one about the same thing; NULL: there is none, or more. */
static const struct osg_remark *only(const struct osg_remarks *remarks,
                                     const struct osg_remark *wanted)
{
    const struct osg_remark *found = NULL;

    for (size_t i = 0; i < remarks->count; i++) {
        if (!is_same_thing(&remarks->items[i].subject, &wanted->subject))
            continue;
        if (found != NULL)
            return NULL;
        found = &remarks->items[i];
    }
    return found;
}

/* What a value becomes, or was; NULL: it goes, or comes. */
static const struct osg_remark *partner(const struct side *side, const struct osg_remark *remark)
{
    return only(side->own, remark) != NULL ? only(side->other, remark) : NULL;
}

/* Adds those without a partner. Returns how many. */
static size_t put_alone(struct osg_text *text, const struct side *side)
{
    size_t count = 0;

    for (size_t i = 0; i < side->own->count; i++) {
        const struct osg_remark *remark = &side->own->items[i];

        if (partner(side, remark) != NULL)
            continue;
        osg_text_put(text, count++ > 0 ? ", " : "");
        osg_remark_put(text, remark);
    }
    return count;
}

/* "the certificate: a.pem -> b.pem" */
static const char *tell_change(struct osg_arena *arena, const struct osg_remark *old,
                               const struct osg_remark *new)
{
    struct osg_text text = {0};
    const char *words;

    osg_text_printf(&text, "%s: ", new->subject.words);
    osg_remark_put(&text, old);
    osg_text_put(&text, " -> ");
    osg_remark_put(&text, new);
    words = osg_arena_copy(arena, text.bytes, text.length);
    osg_text_free(&text);
    return words;
}

/* "instances are checked from now on, interval=1s" */
static const char *tell_coming(struct osg_arena *arena, const struct osg_remark *come)
{
    const struct osg_subject *subject = &come->subject;
    struct osg_text value = {0};
    const char *words = subject->comes;

    if (subject->between != NULL && subject->value[0] != '\0') {
        osg_remark_put(&value, come);
        words = osg_arena_printf(arena, "%s%s%s", words, subject->between, value.bytes);
    }
    osg_text_free(&value);
    return words;
}

/* "the site's other names: a.example.org goes; b.example.org, c.example.org are new"; NULL: each
 * has become another. */
static const char *tell_alone(struct osg_arena *arena, const struct osg_subject *subject,
                              const struct side *old, const struct side *new)
{
    struct osg_text gone = {0}, come = {0};
    size_t goes = put_alone(&gone, old), comes = put_alone(&come, new);
    const char *words = NULL;

    if (goes > 0 && comes > 0)
        words = osg_arena_printf(arena, "%s: %s %s; %s %s", subject->words, gone.bytes,
                                 goes > 1 ? "go" : "goes", come.bytes,
                                 comes > 1 ? "are new" : "is new");
    else if (goes > 0)
        words = subject->goes != NULL ? subject->goes
                                      : osg_arena_printf(arena, "%s: %s %s", subject->words,
                                                         gone.bytes, goes > 1 ? "go" : "goes");
    else if (comes > 0)
        words = subject->comes != NULL
                    ? tell_coming(arena, &new->own->items[0])
                    : osg_arena_printf(arena, "%s: %s %s", subject->words, come.bytes,
                                       comes > 1 ? "are new" : "is new");
    osg_text_free(&gone);
    osg_text_free(&come);
    return words;
}

struct osg_sentences osg_change_values(struct osg_arena *arena, const struct osg_remarks *old,
                                       const struct osg_remarks *new,
                                       const struct osg_remark *about)
{
    const struct osg_remarks gone = osg_remarks_apart(arena, old, new, about),
                             come = osg_remarks_apart(arena, new, old, about);
    const struct side from = {&gone, &come}, to = {&come, &gone};
    struct osg_sentences told = {.items =
                                     osg_arena_alloc(arena, (gone.count + 1) * sizeof *told.items)};
    const char *alone = tell_alone(arena, &about->subject, &from, &to);

    for (size_t i = 0; i < gone.count; i++) {
        const struct osg_remark *other = partner(&from, &gone.items[i]);

        if (other != NULL)
            told.items[told.count++] = tell_change(arena, &gone.items[i], other);
    }
    if (alone != NULL)
        told.items[told.count++] = alone;
    return told;
}
