/* SPDX-License-Identifier: Apache-2.0 */
#include "load.h"
#include "arena.h"
#include "grammar.h"
#include "problem.h"
#include "source.h"
#include "topology.h"

#include "core/settings.h"

#include <string.h>

const char *osg_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

static struct osg_topology defaults(struct osg_arena *arena, const char *file)
{
    return (struct osg_topology){
        .file = file,
        .site = {.context = {.text = "/openspecimen"}},
        .balance = {.name = {.text = "os-cluster"},
                    .method = {.text = "byrequests"},
                    .timeout_ms = 180000,
                    .connect_timeout_ms = 5000,
                    .health = {.on = true,
                               .settings = osb_health_defaults(),
                               .given = osg_arena_alloc(arena, osb_health_settings_count *
                                                                   sizeof(struct osg_word))},
                    .failover = {.on = true,
                                 .settings = osb_failover_defaults(),
                                 .given = osg_arena_alloc(arena, osb_failover_settings_count *
                                                                     sizeof(struct osg_word))}},
        .admin = {.manager = {.text = "/balancer-manager"},
                  .status = {.text = "/balancer-status"},
                  .server_status = {.text = "/server-status"}},
        .peers = {.timeout_ms = 60000},
    };
}

bool osg_load(struct osg_arena *arena, const struct osg_source *source, const char *directory,
              struct osg_topology *topology, struct osg_problems *problems)
{
    struct osg_reader reader = {.arena = arena, .problems = problems, .directory = directory};
    const struct osg_node *root;

    *topology = defaults(arena, osg_base_name(source->name));
    if (!osg_source_check(source, problems))
        return false;
    root = osg_yaml_read(arena, source, problems);
    if (root == NULL)
        return false;
    osg_read_topology(&reader, root, topology);
    osg_complete(&reader, topology);
    osg_validate(&reader, topology);
    return problems->errors == 0;
}

bool osg_topology_has_secret(const struct osg_topology *topology)
{
    for (size_t i = 0; i < topology->instances.count; i++) {
        if (topology->instances.items[i].secret.value.text != NULL)
            return true;
    }
    return false;
}

bool osg_topology_needs_listen(const struct osg_topology *topology)
{
    for (size_t i = 0; i < topology->site.listens.count; i++) {
        if (topology->site.listens.items[i].port != 80)
            return true;
    }
    return false;
}
