/* SPDX-License-Identifier: Apache-2.0 */
#include "unique.h"
#include "grammar.h"
#include "topology.h"
#include "base/arena.h"
#include "problem/problem.h"

#include <stdlib.h>
#include <string.h>

struct osg_word *osg_new_words(struct osg_arena *arena, size_t count)
{
    return osg_arena_alloc(arena, (count + 1) * sizeof(struct osg_word));
}

/* So many places are looked at for a text, whatever texts a topology may have. */
#define MOST_TRIES 64

/* FNV-1a, in a table of SIZE places, which is a power of two. */
static size_t place_of(const char *text, size_t size)
{
    uint64_t hash = 14695981039346656037u;

    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return (hash ^ hash >> 32) & (size - 1);
}

/* Puts TEXT into the table of SEEN ones, unless it is there, or its place and those behind are
 * taken. */
static bool is_new(const char **seen, size_t size, const char *text)
{
    size_t at = place_of(text, size);

    for (size_t tries = 0; tries < MOST_TRIES; tries++, at = (at + 1) & (size - 1)) {
        if (seen[at] == NULL) {
            seen[at] = text;
            return true;
        }
        if (strcmp(seen[at], text) == 0)
            return false;
    }
    return false;
}

bool osg_surely_differ(struct osg_arena *arena, const struct osg_word *words, size_t count)
{
    size_t size = MOST_TRIES, i = 0;
    const char **seen;

    while (size < 2 * count)
        size *= 2;
    seen = osg_arena_alloc(arena, size * sizeof *seen);
    while (i < count && is_new(seen, size, words[i].text))
        i++;
    return i == count;
}

int osg_word_order(const void *a, const void *b)
{
    const struct osg_word *one = a, *other = b;
    int order = strcmp(one->text, other->text);

    return order != 0 ? order : osg_place_compare(one->place, other->place);
}

void osg_check_unique(struct osg_reader *reader, struct osg_word *words, size_t count,
                      enum osg_code code, const char *what)
{
    if (osg_surely_differ(reader->arena, words, count))
        return;
    qsort(words, count, sizeof *words, osg_word_order);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(words[i].text, words[i - 1].text) == 0)
            osg_error(
                reader->problems, code, words[i].place, "%s \"%s\" stands on %s already", what,
                words[i].text,
                osg_line_of(reader->arena, reader->source, words[i - 1].place, words[i].place));
    }
}
