/* SPDX-License-Identifier: Apache-2.0 */
#include "myers.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* What the two texts have between their common beginning and end. */
struct middle {
    const struct osg_line *old, *new;
    long olds, news;   /* how many lines */
    bool *gone, *come; /* marks of theirs */
};

static bool is_same(const struct osg_line *one, const struct osg_line *other)
{
    return one->length == other->length && one->ended == other->ended &&
           memcmp(one->bytes, other->bytes, one->length) == 0;
}

/* How far each diagonal got after so many steps; those of step d lie at d² and are 2d + 1. */
static int *reach_at(int *reached, long steps, long diagonal)
{
    return &reached[steps * steps + steps + diagonal];
}

/* Is it a line that came, rather than one that went, which leads furthest on this diagonal? */
static bool comes(int *reached, long steps, long diagonal)
{
    return diagonal == -steps ||
           (diagonal != steps && *reach_at(reached, steps - 1, diagonal - 1) <
                                     *reach_at(reached, steps - 1, diagonal + 1));
}

/* The old line to which that step leads, before equal lines are passed. */
static long step_to(int *reached, long steps, long diagonal)
{
    if (steps == 0)
        return 0;
    return comes(reached, steps, diagonal) ? *reach_at(reached, steps - 1, diagonal + 1)
                                           : *reach_at(reached, steps - 1, diagonal - 1) + 1;
}

/* Follows all diagonals for one more step. Has one of them reached the end of both texts? */
static bool advance(const struct middle *middle, int *reached, long steps)
{
    for (long diagonal = -steps; diagonal <= steps; diagonal += 2) {
        long x = step_to(reached, steps, diagonal), y = x - diagonal;

        while (x < middle->olds && y < middle->news && y >= 0 &&
               is_same(&middle->old[x], &middle->new[y])) {
            x++;
            y++;
        }
        *reach_at(reached, steps, diagonal) = (int)x;
        if (x >= middle->olds && y >= middle->news)
            return true;
    }
    return false;
}

static void walk_back(const struct middle *middle, int *reached, long steps)
{
    long x = middle->olds, y = middle->news;

    for (; steps > 0; steps--) {
        bool came = comes(reached, steps, x - y);
        long diagonal = x - y + (came ? 1 : -1);

        x = *reach_at(reached, steps - 1, diagonal);
        y = x - diagonal;
        if (came)
            middle->come[y] = true;
        else
            middle->gone[x] = true;
    }
}

static void mark_all(const struct middle *middle)
{
    memset(middle->gone, true, (size_t)middle->olds);
    memset(middle->come, true, (size_t)middle->news);
}

static void search(const struct middle *middle)
{
    long most = middle->olds + middle->news, steps = 0;
    int *reached;

    if (most > OSG_MYERS_MOST)
        most = OSG_MYERS_MOST;
    reached = osg_alloc((size_t)(most + 1) * (size_t)(most + 1) * sizeof *reached);
    while (steps <= most && !advance(middle, reached, steps))
        steps++;
    if (steps <= most)
        walk_back(middle, reached, steps);
    else
        mark_all(middle);
    free(reached);
}

void osg_myers(const struct osg_lines *old, const struct osg_lines *new, bool *gone, bool *come)
{
    size_t least = old->count < new->count ? old->count : new->count;
    size_t begin = 0, end = 0;

    while (begin < least && is_same(&old->items[begin], &new->items[begin]))
        begin++;
    while (end < least - begin &&
           is_same(&old->items[old->count - 1 - end], &new->items[new->count - 1 - end]))
        end++;
    search(&(const struct middle){.old = old->items + begin,
                                  .new = new->items + begin,
                                  .olds = (long)(old->count - begin - end),
                                  .news = (long)(new->count - begin - end),
                                  .gone = gone + begin,
                                  .come = come + begin});
}
