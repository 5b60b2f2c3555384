/* SPDX-License-Identifier: Apache-2.0 */
/* Members by URL, and by name, so that one that keeps its name is known in spite of another URL. */
#include "standing.h"
#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

static int by_name(const void *one, const void *other)
{
    const struct osg_member *const *a = one, *const *b = other;

    return strcmp((*a)->name, (*b)->name);
}

/* Those of a name that several have have none to be known by. */
static void drop_doubles(struct osg_member **members, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (strcmp(members[i - 1]->name, members[i]->name) == 0)
            members[i - 1]->named = members[i]->named = false;
    }
}

static void list_names(struct osg_arena *arena, struct osg_standing *standing)
{
    struct osg_member **members =
        osg_arena_alloc(arena, (standing->member_count + 1) * sizeof *members);
    size_t count = 0;

    standing->named_count = 0;
    standing->named = osg_arena_alloc(arena, (standing->member_count + 1) * sizeof *members);
    for (size_t i = 0; i < standing->member_count; i++) {
        if (standing->members[i].named)
            members[count++] = &standing->members[i];
    }
    qsort(members, count, sizeof *members, by_name);
    drop_doubles(members, count);
    for (size_t i = 0; i < count; i++) {
        if (members[i]->named)
            standing->named[standing->named_count++] = members[i];
    }
}

static int by_url(const void *one, const void *other)
{
    const struct osg_member *a = one, *b = other;
    int order = strcmp(a->url, b->url);

    return order != 0 ? order : (a->place > b->place) - (a->place < b->place);
}

void osg_standing_order(struct osg_arena *arena, struct osg_standing *standing)
{
    size_t kept = 0;

    qsort(standing->members, standing->member_count, sizeof *standing->members, by_url);
    for (size_t i = 0; i < standing->member_count; i++) {
        if (kept == 0 || strcmp(standing->members[kept - 1].url, standing->members[i].url) != 0)
            standing->members[kept++] = standing->members[i];
    }
    standing->member_count = kept;
    list_names(arena, standing);
}

const struct osg_member *osg_standing_member(const struct osg_standing *standing, const char *url)
{
    size_t low = 0, high = standing->member_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(url, standing->members[middle].url);

        if (order == 0)
            return &standing->members[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static const struct osg_member *find(const struct osg_standing *standing,
                                     const struct osg_member *key)
{
    const struct osg_member *const *found = NULL;

    if (key->named)
        found = bsearch(&key, standing->named, standing->named_count, sizeof key, by_name);
    return found != NULL ? *found : NULL;
}

const struct osg_member *osg_standing_same(const struct osg_standing *from,
                                           const struct osg_standing *to,
                                           const struct osg_member *member)
{
    const struct osg_member *same = find(to, member);

    if (same != NULL)
        return same;
    same = osg_standing_member(to, member->url);
    return same != NULL && find(from, same) == NULL ? same : NULL;
}
