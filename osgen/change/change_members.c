/* SPDX-License-Identifier: Apache-2.0 */
#include "change.h"
#include "base/arena.h"
#include "base/text.h"

#include "core/vocabulary.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* So many names are said; the others are counted. */
#define NAMED 4

/* ---- who ------------------------------------------------------------------------------------- */

struct crowd {
    const struct osg_member **items; /* in the order of their file */
    size_t count;
};

static int by_place(const void *one, const void *other)
{
    const struct osg_member *const *a = one, *const *b = other;

    return ((*a)->place > (*b)->place) - ((*a)->place < (*b)->place);
}

/* Those members of IN that CHOOSE wants. */
static struct crowd gather(const struct osg_change *change, const struct osg_standing *in,
                           bool (*choose)(const struct osg_change *, const struct osg_member *))
{
    struct crowd crowd = {
        .items = osg_arena_alloc(change->arena, (in->member_count + 1) * sizeof *crowd.items)};

    for (size_t i = 0; i < in->member_count; i++) {
        if (choose(change, &in->members[i]))
            crowd.items[crowd.count++] = &in->members[i];
    }
    qsort(crowd.items, crowd.count, sizeof *crowd.items, by_place);
    return crowd;
}

/* "os1", "os1 and os2", "os1, os2, os3, os4 and 9 others" */
static void put_names(struct osg_text *text, const struct crowd *crowd)
{
    size_t named = crowd->count > NAMED ? NAMED : crowd->count;

    for (size_t i = 0; i < named; i++) {
        bool last = i + 1 == crowd->count;

        osg_text_printf(text, "%s%s", i == 0 ? "" : last ? " and " : ", ", crowd->items[i]->name);
    }
    if (crowd->count > named)
        osg_text_printf(text, " and %zu other%s", crowd->count - named,
                        crowd->count - named == 1 ? "" : "s");
}

static const struct osg_member *before(const struct osg_change *change,
                                       const struct osg_member *member)
{
    return osg_standing_same(&change->new, &change->old, member);
}

static bool leaves(const struct osg_change *change, const struct osg_member *member)
{
    return osg_standing_same(&change->old, &change->new, member) == NULL;
}

static bool comes(const struct osg_change *change, const struct osg_member *member)
{
    return before(change, member) == NULL;
}

static bool moves(const struct osg_change *change, const struct osg_member *member)
{
    const struct osg_member *old = before(change, member);

    return old != NULL && strcmp(old->url, member->url) != 0;
}

static bool stays(const struct osg_change *change, const struct osg_member *member)
{
    return !comes(change, member) && !moves(change, member);
}

static bool takes_requests(const struct osg_change *change, const struct osg_member *member)
{
    (void)change;
    return !osg_member_has(member, 'D') && !osg_member_has(member, 'H');
}

static bool stands_by(const struct osg_change *change, const struct osg_member *member)
{
    (void)change;
    return !osg_member_has(member, 'D') && osg_member_has(member, 'H');
}

/* ---- those that stay ------------------------------------------------------------------------- */

/* Whose states the module knows them by: the server's name and port, and the balancer. */
static const char *identity(struct osg_arena *arena, const struct osg_standing *standing)
{
    const char *address = "", *name = "";

    for (size_t i = 0; i < standing->directive_count; i++) {
        const struct osg_directive *directive = &standing->directives[i];

        if (strcasecmp(directive->name, "<VirtualHost>") == 0)
            address = directive->value;
        if (strcasecmp(directive->name, "ServerName") == 0)
            name = directive->value;
        if (strcasecmp(directive->name, "<Proxy>") == 0 &&
            strstr(directive->value, "balancer://") != NULL) {
            const char *first = osg_arena_copy(arena, address, strcspn(address, " "));
            const char *port = strrchr(first, ':');

            return osg_arena_printf(arena, "%s%s %s", name, port != NULL ? port : "",
                                    directive->value);
        }
    }
    return "";
}

static bool has_checks(const struct osg_standing *standing)
{
    for (size_t i = 0; i < standing->directive_count; i++) {
        if (strcasecmp(standing->directives[i].name, OSB_DIRECTIVE_HEALTH) == 0)
            return strncasecmp(standing->directives[i].value, "On", 2) == 0;
    }
    return false;
}

/* What is said of a member that stays: one word for one, another for many. */
struct fate {
    const char *one, *many;
};

static bool keeps_states(const struct osg_change *change)
{
    return has_checks(&change->old) && strcasecmp(identity(change->arena, &change->old),
                                                  identity(change->arena, &change->new)) == 0;
}

static struct fate fate_of(const struct osg_change *change)
{
    if (!has_checks(&change->new) || !has_checks(&change->old))
        return (struct fate){"", ""};
    if (!keeps_states(change))
        return (struct fate){"; its health state begins anew", "; their health states begin anew"};
    return (struct fate){"; its health state is kept", "; their health states are kept"};
}

/* Takes those whose words are the same as the first one's out of ALL, into SAME. */
static void take_same(struct crowd *all, const char **words, struct crowd *same)
{
    const char *first = words[0];
    size_t left = 0;

    same->count = 0;
    for (size_t i = 0; i < all->count; i++) {
        if (strcmp(words[i], first) == 0) {
            same->items[same->count++] = all->items[i];
        } else {
            words[left] = words[i];
            all->items[left++] = all->items[i];
        }
    }
    all->count = left;
}

static void tell_same(struct osg_text *text, const struct crowd *same, const char *words,
                      const struct fate *fate)
{
    bool one = same->count == 1;

    put_names(text, same);
    if (words[0] != '\0')
        osg_text_printf(text, ": %s", words);
    else
        osg_text_put(text, one ? " stays as it is" : " stay as they are");
    osg_text_printf(text, "%s\n", one ? fate->one : fate->many);
}

static void tell_staying(struct osg_text *text, const struct osg_change *change)
{
    struct crowd all = gather(change, &change->new, stays);
    struct crowd same = {.items =
                             osg_arena_alloc(change->arena, (all.count + 1) * sizeof *same.items)};
    const char **words = osg_arena_alloc(change->arena, (all.count + 1) * sizeof *words);
    struct fate fate = fate_of(change);

    for (size_t i = 0; i < all.count; i++)
        words[i] = osg_change_turns(change->arena, before(change, all.items[i]), all.items[i]);
    while (all.count > 0) {
        const char *first = words[0];

        take_same(&all, words, &same);
        tell_same(text, &same, first, &fate);
    }
}

/* ---- all ------------------------------------------------------------------------------------- */

static void tell_leaving(struct osg_text *text, const struct osg_change *change)
{
    struct crowd all = gather(change, &change->old, leaves);
    struct crowd heirs = gather(change, &change->new, takes_requests);

    if (heirs.count == 0)
        heirs = gather(change, &change->new, stands_by);
    if (all.count == 0)
        return;
    put_names(text, &all);
    osg_text_put(text, all.count == 1 ? " leaves; " : " leave; ");
    if (heirs.count == 0) {
        osg_text_put(text, "nobody is there to take requests\n");
        return;
    }
    osg_text_put(text, all.count == 1 ? "its requests go to " : "their requests go to ");
    put_names(text, &heirs);
    osg_text_put(text, "\n");
}

static void tell_coming(struct osg_text *text, const struct osg_change *change)
{
    struct crowd all = gather(change, &change->new, comes);

    if (all.count == 0)
        return;
    put_names(text, &all);
    osg_text_put(text, all.count == 1 ? " is new" : " are new");
    if (all.count == 1 && osg_member_has(all.items[0], 'D'))
        osg_text_put(text, ", and disabled");
    else if (all.count == 1 && osg_member_has(all.items[0], 'H'))
        osg_text_put(text, ", and stands by");
    osg_text_put(text, "\n");
}

/* The module knows a member by its URL, whatever it is called. */
static void tell_move(struct osg_text *text, const struct osg_change *change,
                      const struct osg_member *member)
{
    const struct osg_member *old = before(change, member);
    const char *turns = osg_change_turns(change->arena, old, member);
    bool known = osg_standing_member(&change->old, member->url) != NULL;

    osg_text_printf(text, "%s: %s -> %s%s%s", member->name, old->url, member->url,
                    turns[0] != '\0' ? ", " : "", turns);
    if (has_checks(&change->new))
        osg_text_put(text, known && keeps_states(change) ? "; it has that URL's health state"
                                                         : "; it is checked anew");
    osg_text_put(text, "\n");
}

static void tell_moving(struct osg_text *text, const struct osg_change *change)
{
    struct crowd all = gather(change, &change->new, moves);

    for (size_t i = 0; i < all.count && i < NAMED; i++)
        tell_move(text, change, all.items[i]);
    if (all.count > NAMED)
        osg_text_printf(text, "%zu other%s another URL too\n", all.count - NAMED,
                        all.count - NAMED == 1 ? " has" : "s have");
}

void osg_change_members(struct osg_text *text, const struct osg_change *change)
{
    tell_leaving(text, change);
    tell_coming(text, change);
    tell_moving(text, change);
    tell_staying(text, change);
}
