/* SPDX-License-Identifier: Apache-2.0 */
#include "unified.h"
#include "mask.h"
#include "myers.h"
#include "base/arena.h"
#include "base/text.h"
#include "problem/report.h"

#include <stdint.h>
#include <string.h>

#define CONTEXT ((size_t)3)

/* A text, which of its lines change, and which go on hiding what the one before began to hide. */
struct half {
    struct osg_lines lines;
    bool *changed; /* by line: has the other text none like it? */
    bool *hidden;  /* by line: is it the rest of a secret? */
    bool coloured; /* are its lines for a terminal? */
};

/* A stretch of lines in both texts, each up to its end. */
struct hunk {
    size_t old, old_end;
    size_t new, new_end;
};

static size_t count_lines(const struct osg_side *side)
{
    size_t count = side->length > 0 && side->bytes[side->length - 1] != '\n';

    for (size_t i = 0; i < side->length; i++)
        count += side->bytes[i] == '\n';
    return count;
}

static struct half cut(struct osg_arena *arena, const struct osg_side *side)
{
    size_t count = count_lines(side), at = 0;
    struct half half = {
        .lines = {.items = osg_arena_alloc(arena, count * sizeof(struct osg_line)), .count = count},
        .changed = osg_arena_alloc(arena, count + 1),
        .hidden = osg_arena_alloc(arena, count + 1)};

    for (size_t i = 0; i < count; i++) {
        const char *bytes = side->bytes + at, *end = memchr(bytes, '\n', side->length - at);
        size_t length = end != NULL ? (size_t)(end - bytes) : side->length - at;
        struct osg_text unseen = {0};

        half.lines.items[i] =
            (struct osg_line){.bytes = bytes, .length = length, .ended = end != NULL};
        half.hidden[i + 1] = half.hidden[i];
        osg_mask_line(&unseen, bytes, length, &half.hidden[i + 1]);
        osg_text_free(&unseen);
        at += length + 1;
    }
    return half;
}

/* For a terminal, what goes in red and what comes in green. */
static const char *colour_of(char sign)
{
    return sign == '-' ? "\033[31m" : sign == '+' ? "\033[32m" : NULL;
}

static void put_line(struct osg_text *text, char sign, const struct half *half, size_t index)
{
    const struct osg_line *line = &half->lines.items[index];
    const char *colour = half->coloured ? colour_of(sign) : NULL;
    bool hides = half->hidden[index];

    osg_text_put(text, colour != NULL ? colour : "");
    osg_text_add(text, &sign, 1);
    osg_mask_line(text, line->bytes, line->length, &hides);
    osg_text_put(text, colour != NULL ? "\033[0m" : "");
    osg_text_put(text, line->ended ? "\n" : "\n\\ No newline at end of file\n");
}

/* "-12,7": an empty stretch is named by the line before it. */
static void put_range(struct osg_text *text, const char *sign, size_t begin, size_t end)
{
    osg_text_printf(text, "%s%zu", sign, begin < end ? begin + 1 : begin);
    if (end - begin != 1)
        osg_text_printf(text, ",%zu", end - begin);
}

static void put_hunk(struct osg_text *text, const struct half *old, const struct half *new,
                     const struct hunk *hunk)
{
    size_t i = hunk->old, j = hunk->new;

    put_range(text, "@@ -", hunk->old, hunk->old_end);
    put_range(text, " +", hunk->new, hunk->new_end);
    osg_text_put(text, " @@\n");
    while (i < hunk->old_end || j < hunk->new_end) {
        if (i < hunk->old_end && old->changed[i]) {
            put_line(text, '-', old, i++);
        } else if (j < hunk->new_end && new->changed[j]) {
            put_line(text, '+', new, j++);
        } else {
            put_line(text, ' ', old, i++);
            j++;
        }
    }
}

/* Passes lines that change in either text. */
static void pass_change(const struct half *old, const struct half *new, struct hunk *at)
{
    while (at->old_end < old->lines.count && old->changed[at->old_end])
        at->old_end++;
    while (at->new_end < new->lines.count &&new->changed[at->new_end])
        at->new_end++;
}

/* Passes lines that stay, MOST of them at most. Returns how many there were. */
static size_t pass_same(const struct half *old, const struct half *new, struct hunk *at,
                        size_t most)
{
    size_t count = 0;

    while (count < most && at->old_end < old->lines.count && !old->changed[at->old_end] &&
           at->new_end < new->lines.count && !new->changed[at->new_end]) {
        at->old_end++;
        at->new_end++;
        count++;
    }
    return count;
}

/* Finds the hunk behind AT, where the one before ended, and puts it there. False: there is none. */
static bool next_hunk(const struct half *old, const struct half *new, struct hunk *at)
{
    size_t before = pass_same(old, new, at, SIZE_MAX), after;

    if (at->old_end == old->lines.count && at->new_end == new->lines.count)
        return false;
    if (before > CONTEXT)
        before = CONTEXT;
    at->old = at->old_end - before;
    at->new = at->new_end - before;
    do {
        pass_change(old, new, at);
        after = pass_same(old, new, at, 2 * CONTEXT + 1);
    } while (after <= 2 * CONTEXT && after > 0 &&
             (at->old_end < old->lines.count || at->new_end < new->lines.count));
    if (after > CONTEXT) {
        at->old_end -= after - CONTEXT;
        at->new_end -= after - CONTEXT;
    }
    return true;
}

static void put_name(struct osg_text *text, const char *sign, const char *name)
{
    osg_text_printf(text, "%s ", sign);
    osg_report_clean(text, name);
    osg_text_put(text, "\n");
}

static bool is_same(const struct osg_side *old, const struct osg_side *new)
{
    return old->length == new->length &&
           (old->length == 0 || memcmp(old->bytes, new->bytes, old->length) == 0);
}

bool osg_unified(struct osg_text *text, const struct osg_side *old, const struct osg_side *new,
                 bool colour)
{
    struct osg_arena *arena;
    struct hunk at = {0};
    struct half before, after;

    if (is_same(old, new))
        return false;
    arena = osg_arena_new();
    before = cut(arena, old);
    after = cut(arena, new);
    before.coloured = after.coloured = colour;
    osg_myers(&before.lines, &after.lines, before.changed, after.changed);
    put_name(text, "---", old->name);
    put_name(text, "+++", new->name);
    while (next_hunk(&before, &after, &at))
        put_hunk(text, &before, &after, &at);
    osg_arena_free(arena);
    return true;
}
