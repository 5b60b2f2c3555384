/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of the settings of one member. */
#include "change.h"
#include "base/arena.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

/* What httpd calls a setting of a member, and what people do. */
static const struct row {
    const char *key;
    const char *words;
    const char *preset; /* what holds if it isn't written; NULL: "none" */
    bool seconds;       /* does a bare number mean seconds? */
} rows[] = {
    {"loadfactor", "weight", "1", false},
    {"timeout", "timeout", NULL, true},
    {"connectiontimeout", "connect timeout", NULL, true},
    {"retry", "retry", NULL, true},
};

/* What becomes of one setting. */
struct turn {
    const char *key;
    const char *old; /* NULL: it isn't written */
    const char *new; /* the same */
};

bool osg_member_has(const struct osg_member *member, char flag)
{
    const char *status = osg_member_setting(member, "status");

    return status != NULL && strchr(status, flag) != NULL;
}

static bool is_same(const char *one, const char *other)
{
    return one == other || (one != NULL && other != NULL && strcmp(one, other) == 0);
}

static const struct row *row_of(const char *key)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcasecmp(rows[i].key, key) == 0)
            return &rows[i];
    }
    return NULL;
}

static void put_value(struct osg_text *text, const struct row *row, const char *value)
{
    const char *preset = row != NULL && row->preset != NULL ? row->preset : "none";
    bool bare = value != NULL && value[strspn(value, "0123456789")] == '\0';

    osg_text_put(text, value != NULL ? value : preset);
    osg_text_put(text, row != NULL && row->seconds && bare ? "s" : "");
}

static void put_turn(struct osg_text *text, const struct turn *turn)
{
    const struct row *row = row_of(turn->key);

    if (strcasecmp(turn->key, "secret") == 0) {
        osg_text_put(text, turn->old == NULL   ? "a secret is new"
                           : turn->new == NULL ? "the secret goes"
                                               : "the secret changes");
        return;
    }
    osg_text_printf(text, "%s ", row != NULL ? row->words : turn->key);
    put_value(text, row, turn->old);
    osg_text_put(text, " -> ");
    put_value(text, row, turn->new);
}

/* Who only gets or loses a name for the cookie takes part in sticky sessions or doesn't any more,
 * which is told of all at once. */
static bool is_told(const struct turn *turn)
{
    if (strcasecmp(turn->key, "route") == 0 && (turn->old == NULL || turn->new == NULL))
        return false;
    return strcasecmp(turn->key, "status") != 0 && !is_same(turn->old, turn->new);
}

/* Fills TURNS with what changes from OLD to NEW; there is room for all settings of both. */
static size_t list_turns(const struct osg_member *old, const struct osg_member *new,
                         struct turn *turns)
{
    size_t count = 0;

    for (size_t i = 0; i < old->count; i++) {
        struct turn turn = {.key = old->settings[i].key, .old = old->settings[i].value};

        turn.new = osg_member_setting(new, turn.key);
        if (is_told(&turn))
            turns[count++] = turn;
    }
    for (size_t i = 0; i < new->count; i++) {
        struct turn turn = {.key = new->settings[i].key, .new = new->settings[i].value};

        if (is_told(&turn) && osg_member_setting(old, turn.key) == NULL)
            turns[count++] = turn;
    }
    return count;
}

/* Adds what becomes of its switches, with BETWEEN before it. */
static void put_status(struct osg_text *text, const struct osg_member *old,
                       const struct osg_member *new, const char **between)
{
    static const struct flag {
        char letter;
        const char *set, *cleared;
    } flags[] = {{'D', "disabled", "enabled"}, {'H', "on standby", "no more on standby"}};

    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        bool before = osg_member_has(old, flags[i].letter),
             after = osg_member_has(new, flags[i].letter);

        if (before == after)
            continue;
        osg_text_printf(text, "%s%s", *between, after ? flags[i].set : flags[i].cleared);
        *between = ", ";
    }
}

const char *osg_change_turns(struct osg_arena *arena, const struct osg_member *old,
                             const struct osg_member *new)
{
    struct turn *turns = osg_arena_alloc(arena, (old->count + new->count + 1) * sizeof *turns);
    size_t count = list_turns(old, new, turns);
    const char *between = "", *words;
    struct osg_text text = {0};

    for (size_t i = 0; i < count; i++) {
        osg_text_put(&text, between);
        put_turn(&text, &turns[i]);
        between = ", ";
    }
    put_status(&text, old, new, &between);
    words = osg_arena_copy(arena, text.bytes != NULL ? text.bytes : "", text.length);
    osg_text_free(&text);
    return words;
}
