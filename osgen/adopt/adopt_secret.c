/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets that stood in httpd's configuration: into files of their own. */
#include "adopt.h"
#include "base/arena.h"
#include "topology/topology.h"

#include <string.h>

/* Secrets that have a file already, each once. */
struct files {
    struct osg_arena *arena;
    const char *file;
    const struct osg_secret **items;
    size_t count;
    bool (*put)(void *baton, const char *name, const char *secret);
    void *baton;
};

static const char *file_of(struct files *files, const char *secret)
{
    for (size_t i = 0; i < files->count; i++) {
        if (strcmp(files->items[i]->value.text, secret) == 0)
            return files->items[i]->file.text;
    }
    return NULL;
}

static bool move(struct files *files, struct osg_secret *secret)
{
    const char *name;

    if (secret->value.text == NULL)
        return true;
    name = file_of(files, secret->value.text);
    if (name == NULL) {
        name = files->count == 0
                   ? files->file
                   : osg_arena_printf(files->arena, "%s.%zu", files->file, files->count + 1);
        if (!files->put(files->baton, name, secret->value.text))
            return false;
        files->items[files->count++] = secret;
    }
    secret->file = (struct osg_word){.text = name, .place = secret->value.place};
    return true;
}

bool osg_adopt_secrets(struct osg_arena *arena, struct osg_topology *topology, const char *file,
                       bool (*put)(void *baton, const char *name, const char *secret), void *baton)
{
    struct files files = {.arena = arena, .file = file, .put = put, .baton = baton};
    struct osg_instances *instances = &topology->instances;

    files.items = osg_arena_alloc(arena, (instances->count + 1) * sizeof *files.items);
    if (!move(&files, &topology->balance.secret))
        return false;
    for (size_t i = 0; i < instances->count; i++) {
        if (!move(&files, &instances->items[i].secret))
            return false;
    }
    topology->balance.secret.value.text = NULL;
    for (size_t i = 0; i < instances->count; i++)
        instances->items[i].secret.value.text = NULL;
    return true;
}

bool osg_adopt_is_secret(const struct osg_topology *topology)
{
    const char *raw = topology->raw.text != NULL ? topology->raw.text : "";

    return osg_topology_has_secret(topology) || topology->balance.secret.value.text != NULL ||
           strcasestr(raw, "secret") != NULL || strcasestr(raw, "password") != NULL;
}
