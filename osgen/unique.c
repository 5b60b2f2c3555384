/* SPDX-License-Identifier: Apache-2.0 */
#include "unique.h"
#include "arena.h"
#include "problem.h"
#include "topology.h"

#include <stdlib.h>
#include <string.h>

struct osg_word *osg_new_words(struct osg_arena *arena, size_t count)
{
    return osg_arena_alloc(arena, (count + 1) * sizeof(struct osg_word));
}

/* The second of two equals is the one to complain about. */
static int by_text(const void *a, const void *b)
{
    const struct osg_word *one = a, *other = b;
    int order = strcmp(one->text, other->text);

    if (order != 0)
        return order;
    if (one->place.line != other->place.line)
        return one->place.line < other->place.line ? -1 : 1;
    return one->place.column < other->place.column ? -1 : 1;
}

void osg_check_unique(struct osg_problems *problems, struct osg_word *words, size_t count,
                      const char *what)
{
    qsort(words, count, sizeof *words, by_text);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(words[i].text, words[i - 1].text) == 0)
            osg_error(problems, words[i].place, "%s \"%s\" stands on line %u already", what,
                      words[i].text, words[i - 1].place.line);
    }
}
