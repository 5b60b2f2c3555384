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

/* The second of two equals is the one to complain about. */
static int by_text(const void *a, const void *b)
{
    const struct osg_word *one = a, *other = b;
    int order = strcmp(one->text, other->text);

    return order != 0 ? order : osg_place_compare(one->place, other->place);
}

void osg_check_unique(struct osg_reader *reader, struct osg_word *words, size_t count,
                      enum osg_code code, const char *what)
{
    qsort(words, count, sizeof *words, by_text);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(words[i].text, words[i - 1].text) == 0)
            osg_error(
                reader->problems, code, words[i].place, "%s \"%s\" stands on %s already", what,
                words[i].text,
                osg_line_of(reader->arena, reader->source, words[i - 1].place, words[i].place));
    }
}
