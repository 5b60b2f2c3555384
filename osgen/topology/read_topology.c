/* SPDX-License-Identifier: Apache-2.0 */
#include "form.h"
#include "grammar.h"
#include "merge.h"
#include "topology.h"
#include "base/arena.h"
#include "problem/problem.h"

/* An instance whose URL couldn't be read is left out: its problem is told already. */
static void read_instances(struct osg_reader *reader, const struct osg_key *key,
                           const struct osg_node *value, void *field)
{
    struct osg_instances *instances = field;

    if (value->first == NULL)
        osg_error(reader->problems, OSG_EMPTY_LIST, value->place,
                  "%s is an empty list; it needs at least one URL", key->name);
    instances->items =
        osg_arena_alloc(reader->arena, (value->count + 1) * sizeof *instances->items);
    for (const struct osg_node *item = value->first; item != NULL; item = item->next) {
        struct osg_instance *instance = &instances->items[instances->count];

        *instance = (struct osg_instance){.weight = 1};
        if (!osg_value_fits(reader, "an instance", OSG_TAKES_SCALAR | OSG_TAKES_MAPPING, item))
            continue;
        osg_read_mapping(reader, &osg_instance_grammar, item, instance);
        if (instance->url.scheme != NULL)
            instances->count++;
    }
}

static void read_pair(struct osg_reader *reader, const struct osg_key *key,
                      const struct osg_node *value, void *field)
{
    ((struct osg_pair *)field)->place = value->place;
    osg_read_part(reader, key, value, field);
}

/* It has been read before all others; see include.h. */
static void read_include(struct osg_reader *reader, const struct osg_key *key,
                         const struct osg_node *value, void *field)
{
    (void)reader;
    (void)key;
    (void)value;
    (void)field;
}

#define FIELD(name) offsetof(struct osg_topology, name)

static const struct osg_key keys[] = {
    {.name = "site",
     .takes = OSG_TAKES_SCALAR | OSG_TAKES_MAPPING,
     .required = true,
     .offset = FIELD(site),
     .read = osg_read_part,
     .inside = &osg_site_grammar,
     .help = "what users see: the site's name, or a mapping"},
    {.name = "instances",
     .takes = OSG_TAKES_LIST,
     .required = true,
     .offset = FIELD(instances),
     .read = read_instances,
     .inside = &osg_instance_grammar,
     .help = "the OpenSpecimen nodes: a list of URLs or mappings"},
    {.name = "balance",
     .takes = OSG_TAKES_SCALAR | OSG_TAKES_MAPPING,
     .offset = FIELD(balance),
     .read = osg_read_part,
     .inside = &osg_balance_grammar,
     .help = "how requests are dealt out: a method, or a mapping"},
    {.name = "admin",
     .takes = OSG_TAKES_NULL | OSG_TAKES_SCALAR | OSG_TAKES_LIST | OSG_TAKES_MAPPING,
     .offset = FIELD(admin),
     .read = osg_read_part,
     .inside = &osg_admin_grammar,
     .help = "who sees the pages for administrators: addresses and names, or a mapping"},
    {.name = "server",
     .takes = OSG_TAKES_SCALAR | OSG_TAKES_MAPPING,
     .offset = FIELD(server),
     .read = osg_read_part,
     .inside = &osg_server_grammar,
     .help = "what is of the whole httpd, the same for all of its sites: its state file, or a "
             "mapping"},
    {.name = "peers",
     .takes = OSG_TAKES_SCALAR | OSG_TAKES_MAPPING,
     .offset = FIELD(peers),
     .read = osg_read_part,
     .inside = &osg_peers_grammar,
     .help = "what the nodes tell one another: the file of their secret, or a mapping"},
    {.name = "capacity",
     .takes = OSG_TAKES_SCALAR | OSG_TAKES_MAPPING,
     .offset = FIELD(capacity),
     .read = osg_read_part,
     .inside = &osg_capacity_grammar,
     .help = "how much httpd and the instances take: httpd's MaxRequestWorkers, or a mapping"},
    {.name = "pair",
     .takes = OSG_TAKES_MAPPING,
     .offset = FIELD(pair),
     .read = read_pair,
     .inside = &osg_pair_grammar,
     .help = "a second balancer host, and the addresses that go from one to the other"},
    {.name = "raw",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(raw),
     .read = osg_read_raw,
     .help = "more directives of httpd's, word for word, for the site's virtual host"},
    {.name = "silence",
     .takes = OSG_TAKES_SCALAR | OSG_TAKES_LIST,
     .offset = FIELD(silence),
     .read = osg_read_silence,
     .form = &osg_form_silence,
     .help = "warnings that needn't be told of this site, by name; osgen explain lists them"},
    {.name = OSG_KEY_INCLUDE,
     .takes = OSG_TAKES_SCALAR | OSG_TAKES_LIST,
     .read = read_include,
     .help = "other topologies, beside this one: what they say holds where this one says nothing"},
};

const struct osg_grammar osg_topology_grammar = {
    .name = "the topology", .keys = keys, .count = sizeof keys / sizeof *keys};

void osg_read_topology(struct osg_reader *reader, const struct osg_node *root,
                       struct osg_topology *topology)
{
    if (root->type == OSG_NODE_MAPPING)
        osg_read_mapping(reader, &osg_topology_grammar, root, topology);
    else if (root->type != OSG_NODE_BAD)
        osg_error(reader->problems, OSG_NOT_A_MAPPING, root->place,
                  "a topology is a mapping: the shortest has the keys site: and instances:");
}
