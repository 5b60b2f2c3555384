/* SPDX-License-Identifier: Apache-2.0 */
#include "graph.h"
#include "base/arena.h"
#include "base/text.h"
#include "topology/nodes.h"
#include "topology/topology.h"

#include "core/parse.h"

#include <string.h>

static struct osg_card new_card(struct osg_arena *arena, size_t most)
{
    return (struct osg_card){.lines = osg_arena_alloc(arena, most * sizeof(const char *))};
}

static void add(struct osg_card *card, const char *line)
{
    card->lines[card->count++] = line;
}

static struct osg_card users_card(struct osg_arena *arena)
{
    struct osg_card card = new_card(arena, 1);

    add(&card, "users");
    return card;
}

static struct osg_card site_card(struct osg_arena *arena, const struct osg_site *site)
{
    struct osg_card card = new_card(arena, site->aliases.count + site->listens.count + 2);

    add(&card, site->name.text);
    for (size_t i = 0; i < site->aliases.count; i++)
        add(&card, site->aliases.items[i].text);
    for (size_t i = 0; i < site->listens.count; i++)
        add(&card, osg_arena_printf(arena, "listens on %s:%u", site->listens.items[i].address,
                                    site->listens.items[i].port));
    add(&card, site->context.text);
    return card;
}

static const char *checks_line(struct osg_arena *arena, const struct osg_checks *health)
{
    char interval[16];

    if (!health->on)
        return "no checks";
    return osg_arena_printf(
        arena, "checks every %s",
        osb_format_duration(health->settings.interval_ms, interval, sizeof interval));
}

static struct osg_card balancer_card(struct osg_arena *arena, const struct osg_balance *balance)
{
    struct osg_card card = new_card(arena, 4);

    add(&card, balance->name.text);
    add(&card, balance->method.text);
    add(&card, checks_line(arena, &balance->health));
    add(&card, balance->failover.on ? "failover" : "no failover");
    return card;
}

static const char *url_line(struct osg_arena *arena, const struct osg_url *url)
{
    struct osg_text text = {0};
    const char *line;

    osg_url_put(&text, url);
    line = osg_arena_copy(arena, text.bytes, text.length);
    osg_text_free(&text);
    return line;
}

static struct osg_card instance_card(struct osg_arena *arena, const struct osg_instance *instance,
                                     const char *name)
{
    struct osg_card card = new_card(arena, 3);

    card.flow = instance->disabled  ? OSG_FLOW_NEVER
                : instance->standby ? OSG_FLOW_STANDBY
                                    : OSG_FLOW_ALWAYS;
    add(&card, name);
    add(&card, url_line(arena, &instance->url));
    add(&card, osg_arena_printf(arena, "weight %u%s%s", instance->weight,
                                instance->standby ? ", standby" : "",
                                instance->disabled ? ", disabled" : ""));
    return card;
}

void osg_graph(struct osg_arena *arena, const struct osg_topology *topology,
               struct osg_graph *graph)
{
    const struct osg_instances *instances = &topology->instances;
    const char **names = osg_node_names(arena, topology);

    *graph = (struct osg_graph){
        .title = osg_arena_printf(
            arena, "%s: %zu %s behind %s", topology->site.name.text, instances->count,
            instances->count == 1 ? "instance" : "instances", topology->balance.name.text),
        .users = users_card(arena),
        .site = site_card(arena, &topology->site),
        .balancer = balancer_card(arena, &topology->balance),
        .instances = osg_arena_alloc(arena, instances->count * sizeof *graph->instances),
        .count = instances->count,
    };
    for (size_t i = 0; i < instances->count; i++)
        graph->instances[i] = instance_card(arena, &instances->items[i], names[i]);
}
