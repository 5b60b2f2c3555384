/* SPDX-License-Identifier: Apache-2.0 */
#include "probe_spec.h"
#include "base/arena.h"
#include "topology/topology.h"

#include "core/message.h"

#include <string.h>
#include <unistd.h>

/* In the directory told, or else where the distributions have their httpd. NULL: nowhere. */
static const char *find_in_server_root(struct osg_arena *arena, const char *told, const char *path)
{
    static const char *const usual[] = {"/etc/apache2", "/etc/httpd", "/usr/local/apache2"};

    if (told != NULL)
        return osg_arena_printf(arena, "%s/%s", told, path);
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        const char *candidate = osg_arena_printf(arena, "%s/%s", usual[i], path);

        if (access(candidate, F_OK) == 0)
            return candidate;
    }
    return NULL;
}

static bool speaks_tls(const struct osg_topology *topology)
{
    for (size_t i = 0; i < topology->instances.count; i++) {
        if (strcmp(topology->instances.items[i].url.scheme->name, "https") == 0)
            return true;
    }
    return false;
}

bool osg_probe_authorities(struct osg_arena *arena, const struct osg_topology *topology,
                           const char *server_root, const char **authorities,
                           struct osb_message *why)
{
    const char *path = topology->balance.health.settings.tls_ca;

    *authorities = path;
    if (path[0] == '\0' || path[0] == '/' || !speaks_tls(topology))
        return true;
    *authorities = find_in_server_root(arena, server_root, path);
    return *authorities != NULL ||
           osb_refuse(why,
                      "tls_ca \"%s\" begins at httpd's ServerRoot, and it isn't there in the usual "
                      "ones; --server-root says which it is",
                      path);
}

struct osb_probe_spec osg_probe_spec(const struct osg_topology *topology,
                                     const struct osg_instance *instance, const char *authorities,
                                     uint32_t timeout_ms)
{
    const struct osb_health *health = &topology->balance.health.settings;
    const struct osg_url *url = &instance->url;
    struct osb_probe_spec spec = {
        .host = url->host,
        .port = url->port != 0 ? url->port : url->scheme->port,
        .context = health->context[0] != '\0' ? health->context : url->path,
        .site = osb_probe_site(topology->site.name.text),
        .secret = instance->secret.value.text,
        .tls_ca = authorities,
        .timeout_ms = timeout_ms != 0 ? timeout_ms : health->timeout_ms,
        .identity = true,
    };

    osb_scheme_find(url->scheme->name, &spec.scheme);
    return spec;
}
