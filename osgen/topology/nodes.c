/* SPDX-License-Identifier: Apache-2.0 */
#include "nodes.h"
#include "topology.h"
#include "base/arena.h"
#include "base/memory.h"

#include <search.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The names that are taken, as a tree of tsearch. */
struct taken {
    void *root;
};

static int by_letters(const void *a, const void *b)
{
    return strcasecmp(a, b);
}

/* False: somebody has it. */
static bool take(struct taken *taken, const char *name)
{
    const void *const *found = osg_or_end(tsearch(name, &taken->root, by_letters));

    return *found == name;
}

static void leave(void *name)
{
    (void)name;
}

/* The host without brackets, and with dashes where a name has no colon. */
static const char *host_name(struct osg_arena *arena, const char *host)
{
    bool bracket = host[0] == '[';
    char *name = osg_arena_copy(arena, host + bracket, strlen(host) - 2 * (size_t)bracket);

    for (char *at = strchr(name, ':'); at != NULL; at = strchr(at, ':'))
        *at = '-';
    return name;
}

static const char *derive(struct osg_arena *arena, struct taken *taken, const struct osg_url *url)
{
    const char *host = host_name(arena, url->host), *name = host;
    uint32_t port = url->port != 0 ? url->port : url->scheme->port;

    for (unsigned number = 1; !take(taken, name); number++)
        name = number == 1 ? osg_arena_printf(arena, "%s-%u", host, port)
                           : osg_arena_printf(arena, "%s-%u-%u", host, port, number);
    return name;
}

const char **osg_node_names(struct osg_arena *arena, const struct osg_topology *topology)
{
    const struct osg_instances *instances = &topology->instances;
    const char **names = osg_arena_alloc(arena, instances->count * sizeof *names);
    struct taken taken = {NULL};

    for (size_t i = 0; i < instances->count; i++) {
        names[i] = instances->items[i].name.text;
        if (names[i] != NULL)
            take(&taken, names[i]);
    }
    for (size_t i = 0; i < instances->count; i++) {
        if (names[i] == NULL)
            names[i] = derive(arena, &taken, &instances->items[i].url);
    }
    tdestroy(taken.root, leave);
    return names;
}
