/* SPDX-License-Identifier: Apache-2.0 */
#include "address.h"
#include "form.h"
#include "grammar.h"
#include "topology.h"
#include "base/arena.h"
#include "problem/problem.h"

#include "core/message.h"
#include "core/parse.h"

#define ADDRESS "([0-9]+(\\.[0-9]+){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)"

static const struct osg_form address = {
    .words = "an IPv4 or IPv6 address", .pattern = "^" ADDRESS "$", .also = OSG_ALSO_NUMBER};
static const struct osg_form virtual_address = {
    .words = "an IPv4 or IPv6 address, with the length of its network",
    .pattern = "^" ADDRESS "(/[0-9]+)?$",
    .also = OSG_ALSO_NUMBER};
static const struct osg_form interface = {.words = "the name of a network interface",
                                          .pattern = "^[A-Za-z0-9._-]{1,15}$",
                                          .also = OSG_ALSO_ANY};
static const struct osg_form hundredths = {.words = "a duration such as 200ms or 1s",
                                           .pattern = "^[0-9]+(ms|s|m)$",
                                           .show = osb_format_duration};

/* A host that couldn't be read as a mapping is left out: its problem is told already. */
static void read_hosts(struct osg_reader *reader, const struct osg_key *key,
                       const struct osg_node *value, void *field)
{
    struct osg_hosts *hosts = field;

    (void)key;
    hosts->items = osg_arena_alloc(reader->arena, (value->count + 1) * sizeof *hosts->items);
    for (const struct osg_node *item = value->first; item != NULL; item = item->next) {
        if (!osg_value_fits(reader, "a host", OSG_TAKES_MAPPING, item))
            continue;
        hosts->items[hosts->count] = (struct osg_host){.place = item->place};
        osg_read_mapping(reader, &osg_host_grammar, item, &hosts->items[hosts->count++]);
    }
    hosts->place = value->place;
    hosts->given = value->count;
}

/* VRRP counts in hundredths of a second. */
static void read_interval(struct osg_reader *reader, const struct osg_key *key,
                          const struct osg_node *value, void *field)
{
    uint32_t ms = *(uint32_t *)field;

    osg_read_duration(reader, key, value, &ms);
    if (ms % 10 != 0)
        osg_error(reader->problems, OSG_BAD_NUMBER, value->place,
                  "%s is a number of hundredths of a second, such as 200ms, not %.40s", key->name,
                  value->text);
    else
        *(uint32_t *)field = ms;
}

#define FIELD(name) offsetof(struct osg_host, name)

static const struct osg_key host_keys[] = {
    {.name = "name",
     .takes = OSG_TAKES_SCALAR,
     .required = true,
     .offset = FIELD(name),
     .read = osg_read_word,
     .check = osg_label_check,
     .code = OSG_BAD_VALUE,
     .help = "what the host is called, unique; osgen render --host asks for it"},
    {.name = "address",
     .takes = OSG_TAKES_SCALAR,
     .required = true,
     .offset = FIELD(address),
     .read = osg_read_word,
     .check = osg_host_address_check,
     .code = OSG_BAD_ADDRESS,
     .form = &address,
     .help = "the host's own address, at which the other one hears it"},
    {.name = "interface",
     .takes = OSG_TAKES_SCALAR,
     .required = true,
     .offset = FIELD(interface),
     .read = osg_read_word,
     .check = osg_interface_check,
     .code = OSG_BAD_VALUE,
     .form = &interface,
     .help = "the network interface that gets the virtual address, such as eth0"},
    {.name = "priority",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(priority),
     .read = osg_read_number,
     .min = 10,
     .max = 254,
     .help = "the host with the higher one has the address while both are well; default 200 for "
             "the first and 100 for the second"},
};

const struct osg_grammar osg_host_grammar = {
    .name = "a host", .keys = host_keys, .count = sizeof host_keys / sizeof *host_keys};

#undef FIELD
#define FIELD(name) offsetof(struct osg_pair, name)

static const struct osg_key keys[] = {
    {.name = "hosts",
     .takes = OSG_TAKES_LIST,
     .required = true,
     .offset = FIELD(hosts),
     .read = read_hosts,
     .inside = &osg_host_grammar,
     .help = "the two balancer hosts"},
    {.name = "address",
     .takes = OSG_TAKES_SCALAR | OSG_TAKES_LIST,
     .required = true,
     .offset = FIELD(addresses),
     .read = osg_read_words,
     .check = osg_virtual_address_check,
     .code = OSG_BAD_ADDRESS,
     .form = &virtual_address,
     .help = "the virtual addresses: whichever host serves has them"},
    {.name = "virtual_router_id",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(router),
     .read = osg_read_number,
     .min = 1,
     .max = 255,
     .help = "the number of the pair, which no other VRRP of the network has; default 51"},
    {.name = "interval",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(interval_ms),
     .read = read_interval,
     .min = 100,
     .max = 40000,
     .form = &hundredths,
     .help = "how often the host with the address says that it is there; default 1s"},
    {.name = "check_port",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(check_port),
     .read = osg_read_number,
     .min = 1,
     .max = 65535,
     .help = "the loopback port of each host at which keepalived's check asks; default 8008"},
};

const struct osg_grammar osg_pair_grammar = {
    .name = "pair", .keys = keys, .count = sizeof keys / sizeof *keys};
