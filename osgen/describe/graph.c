/* SPDX-License-Identifier: Apache-2.0 */
#include "graph.h"
#include "base/arena.h"
#include "base/text.h"
#include "topology/nodes.h"
#include "topology/pair.h"
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

static struct osg_card *new_cards(struct osg_arena *arena, size_t count)
{
    return osg_arena_alloc(arena, count * sizeof(struct osg_card));
}

static void add_single(struct osg_arena *arena, struct osg_graph *graph, const char *name,
                       struct osg_card card)
{
    struct osg_card *cards = new_cards(arena, 1);

    cards[0] = card;
    graph->columns[graph->count++] = (struct osg_column){.name = name, .cards = cards, .count = 1};
}

static void add_many(struct osg_graph *graph, const char *name, struct osg_card *cards,
                     size_t count)
{
    graph->columns[graph->count++] =
        (struct osg_column){.name = name, .many = true, .cards = cards, .count = count};
}

static struct osg_card users_card(struct osg_arena *arena)
{
    struct osg_card card = new_card(arena, 1);

    add(&card, "users");
    return card;
}

static struct osg_card site_card(struct osg_arena *arena, const struct osg_site *site)
{
    struct osg_card card = new_card(arena, site->aliases.count + site->listens.count + 4);

    add(&card, site->name.text);
    for (size_t i = 0; i < site->aliases.count; i++)
        add(&card, site->aliases.items[i].text);
    for (size_t i = 0; i < site->listens.count; i++)
        add(&card, osg_arena_printf(arena, "listens on %s:%u", site->listens.items[i].address,
                                    site->listens.items[i].port));
    if (site->tls.on)
        add(&card, "TLS");
    if (site->tls.on && site->tls.redirect)
        add(&card, "port 80 leads to it");
    add(&card, site->context.text);
    return card;
}

static struct osg_card address_card(struct osg_arena *arena, const struct osg_words *addresses)
{
    struct osg_card card = new_card(arena, addresses->count + 1);

    add(&card, addresses->count == 1 ? "virtual address" : "virtual addresses");
    for (size_t i = 0; i < addresses->count; i++)
        add(&card, addresses->items[i].text);
    return card;
}

static struct osg_card host_card(struct osg_arena *arena, const struct osg_pair *pair,
                                 const struct osg_host *host)
{
    struct osg_card card = new_card(arena, 3);

    if (host->priority < osg_other_host(pair, host)->priority)
        card.flow = OSG_FLOW_STANDBY;
    add(&card, host->name.text);
    add(&card, osg_arena_printf(arena, "%s, %s", host->address.text, host->interface.text));
    add(&card, osg_arena_printf(arena, "priority %u", host->priority));
    return card;
}

static void add_pair(struct osg_arena *arena, struct osg_graph *graph, const struct osg_pair *pair)
{
    struct osg_card *hosts = new_cards(arena, pair->hosts.count);

    for (size_t i = 0; i < pair->hosts.count; i++)
        hosts[i] = host_card(arena, pair, &pair->hosts.items[i]);
    add_single(arena, graph, "address", address_card(arena, &pair->addresses));
    add_many(graph, "host", hosts, pair->hosts.count);
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

static void add_instances(struct osg_arena *arena, struct osg_graph *graph,
                          const struct osg_topology *topology)
{
    const struct osg_instances *instances = &topology->instances;
    struct osg_card *cards = new_cards(arena, instances->count);
    const char **names = osg_node_names(arena, topology);

    for (size_t i = 0; i < instances->count; i++)
        cards[i] = instance_card(arena, &instances->items[i], names[i]);
    add_many(graph, "instance", cards, instances->count);
}

enum osg_flow osg_flow_between(const struct osg_card *from, const struct osg_card *to)
{
    return from->flow > to->flow ? from->flow : to->flow;
}

void osg_graph(struct osg_arena *arena, const struct osg_topology *topology,
               struct osg_graph *graph)
{
    size_t count = topology->instances.count;

    *graph = (struct osg_graph){
        .title =
            osg_arena_printf(arena, "%s: %zu %s behind %s", topology->site.name.text, count,
                             count == 1 ? "instance" : "instances", topology->balance.name.text),
    };
    add_single(arena, graph, "users", users_card(arena));
    if (osg_has_pair(topology))
        add_pair(arena, graph, &topology->pair);
    add_single(arena, graph, "site", site_card(arena, &topology->site));
    add_single(arena, graph, "balancer", balancer_card(arena, &topology->balance));
    add_instances(arena, graph, topology);
}
