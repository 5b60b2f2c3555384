/* SPDX-License-Identifier: Apache-2.0 */
/* Where in the language a key stands, found from its tables. */
#include "grammar.h"
#include "base/arena.h"

#include "core/parse.h"
#include "core/settings.h"

#include <string.h>

/* More than any key has places. */
#define MOST 16

/* A key on the way to others; NULL: the topology itself. */
struct step {
    const struct step *up;
    const char *name;
};

/* A search through all tables. */
struct search {
    struct osg_arena *arena;
    const char *name;        /* of the key */
    const char *found[MOST]; /* what it is a key of: "balance", "balance.health" */
    size_t count;
};

static const char *path_of(struct osg_arena *arena, const struct step *step)
{
    if (step == NULL)
        return "the topology itself";
    return step->up == NULL
               ? step->name
               : osg_arena_printf(arena, "%s.%s", path_of(arena, step->up), step->name);
}

static void compare(struct search *search, const char *name, const struct step *at)
{
    if (strcmp(name, search->name) == 0 && search->count < MOST)
        search->found[search->count++] = path_of(search->arena, at);
}

static void search_keys(struct search *search, const struct osg_grammar *grammar,
                        const struct step *at)
{
    for (size_t i = 0; i < grammar->count; i++) {
        const struct osg_key *key = &grammar->keys[i];
        const struct step inner = {.up = at, .name = key->name};
        bool is_table = key->rows != NULL && (key->takes & OSG_TAKES_MAPPING) != 0;

        compare(search, key->name, at);
        if (key->inside != NULL)
            search_keys(search, key->inside, &inner);
        for (size_t row = 0; is_table && row < *key->row_count; row++)
            compare(search, key->rows[row].key, &inner);
    }
}

const char *osg_belongs_to(struct osg_arena *arena, const char *name)
{
    struct search search = {.arena = arena, .name = name};
    char list[256];

    search_keys(&search, &osg_topology_grammar, NULL);
    if (search.count == 0)
        return NULL;
    osb_list_names(list, sizeof list, search.found, search.count);
    return osg_arena_printf(arena, "%s", list);
}
