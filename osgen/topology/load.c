/* SPDX-License-Identifier: Apache-2.0 */
#include "load.h"
#include "grammar.h"
#include "include.h"
#include "silence.h"
#include "topology.h"
#include "base/arena.h"
#include "problem/problem.h"
#include "yaml/source.h"

#include "core/settings.h"

#include <string.h>

const char *osg_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

struct osg_topology osg_topology_defaults(struct osg_arena *arena, const char *file)
{
    return (struct osg_topology){
        .file = file,
        .site = {.context = {.text = "/openspecimen"},
                 .redirects_root = true,
                 .tls = {.protocols = OSG_TLS_1_2 | OSG_TLS_1_3,
                         .hsts_days = 180,
                         .redirect = true}},
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
        .capacity = {.max_threads = {.number = 200}},
        .pair = {.router = 51, .interval_ms = 1000, .check_port = 8008},
    };
}

bool osg_load(struct osg_arena *arena, struct osg_source *source, struct osg_topology *topology,
              struct osg_problems *problems)
{
    struct osg_reader reader = {.arena = arena, .problems = problems, .source = source};
    const struct osg_node *root;

    *topology = osg_topology_defaults(arena, osg_base_name(source->name));
    if (!osg_source_check(source, problems))
        return false;
    root = osg_yaml_read(arena, source, problems);
    if (root == NULL)
        return false;
    root = osg_include(&reader, root);
    if (root == NULL)
        return false;
    osg_read_topology(&reader, root, topology);
    osg_complete(&reader, topology);
    osg_validate(&reader, topology);
    osg_silence(problems, &topology->silence);
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
    uint32_t usual = topology->site.tls.on ? 443 : 80;

    for (size_t i = 0; i < topology->site.listens.count; i++) {
        if (topology->site.listens.items[i].port != usual)
            return true;
    }
    return false;
}
