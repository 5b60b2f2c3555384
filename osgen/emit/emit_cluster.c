/* SPDX-License-Identifier: Apache-2.0 */
/* What OpenSpecimen takes at Settings -> Cluster: how the nodes reach one another. */
#include "emit.h"
#include "base/arena.h"
#include "base/text.h"
#include "topology/nodes.h"
#include "topology/topology.h"

#include "core/json.h"
#include "core/message.h"

#include <string.h>

/* Tomcat's own, as long as nobody changes its server.xml. */
#define TOMCAT_PORT 8080

/* Does the topology say where others reach this one by HTTP? */
static bool says_where(const struct osg_instance *instance)
{
    return instance->peer_url.scheme != NULL || strcmp(instance->url.scheme->name, "ajp") != 0;
}

static const char *url_of(struct osg_arena *arena, const struct osg_instance *instance)
{
    const struct osg_url *url =
        instance->peer_url.scheme != NULL ? &instance->peer_url : &instance->url;
    const char *path = url->path[0] != '\0' ? url->path : instance->url.path;

    if (!says_where(instance))
        return osg_arena_printf(arena, "http://%s:%u%s/", url->host, TOMCAT_PORT, path);
    if (url->port == 0)
        return osg_arena_printf(arena, "%s://%s%s/", url->scheme->name, url->host, path);
    return osg_arena_printf(arena, "%s://%s:%u%s/", url->scheme->name, url->host, url->port, path);
}

static osb_json *nodes(struct osg_arena *arena, const struct osg_topology *topology)
{
    const char **names = osg_node_names(arena, topology);
    osb_json *list = osb_json_array();

    for (size_t i = 0; i < topology->instances.count; i++) {
        osb_json *node = osb_json_object();

        osb_json_put_text(node, "name", names[i]);
        osb_json_put_text(node, "url", url_of(arena, &topology->instances.items[i]));
        osb_json_append(list, node);
    }
    return list;
}

static osb_json *recipients(const struct osg_words *mail)
{
    osb_json *list = osb_json_array();

    for (size_t i = 0; i < mail->count; i++)
        osb_json_append(list, osb_json_string(mail->items[i].text));
    return list;
}

static void emit(struct osg_text *text, const struct osg_topology *topology)
{
    const struct osb_sink sink = osg_text_sink(text);
    struct osg_arena *arena = osg_arena_new();
    osb_json *cluster = osb_json_object();

    osb_json_put_number(cluster, "notifTimeout", topology->peers.timeout_ms / 1000);
    osb_json_put(cluster, "notifErrorRcpts", recipients(&topology->peers.mail));
    osb_json_put_text(cluster, "secret", topology->peers.secret.value.text);
    osb_json_put(cluster, "nodes", nodes(arena, topology));
    osb_json_write(cluster, &sink);
    osb_json_free(cluster);
    osg_arena_free(arena);
}

static bool fits(const struct osg_topology *topology, struct osb_message *why)
{
    return topology->peers.secret.value.text != NULL ||
           osb_refuse(why,
                      "the nodes know one another by a secret, and %s has none: add peers: "
                      "{secret_file: FILE}",
                      topology->file);
}

static bool has_secret(const struct osg_topology *topology)
{
    (void)topology;
    return true;
}

static const char *note(const struct osg_topology *topology)
{
    for (size_t i = 0; i < topology->instances.count; i++) {
        if (!says_where(&topology->instances.items[i]))
            return "where an instance has no peer_url, its HTTP port is taken to be 8080";
    }
    return NULL;
}

const struct osg_target osg_cluster_target = {
    .name = "cluster",
    .emit = emit,
    .help = "the file that OpenSpecimen takes at Settings, Cluster",
    .has_secret = has_secret,
    .fits = fits,
    .note = note,
    .next = "one of the nodes takes it at Settings, Cluster",
};
