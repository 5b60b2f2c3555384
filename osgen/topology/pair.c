/* SPDX-License-Identifier: Apache-2.0 */
/* A pair of balancer hosts: its defaults, and what must hold for it. */
#include "pair.h"
#include "address.h"
#include "grammar.h"
#include "load.h"
#include "topology.h"
#include "unique.h"
#include "base/arena.h"
#include "problem/problem.h"

#include "core/message.h"

#include <arpa/inet.h>
#include <string.h>

bool osg_has_pair(const struct osg_topology *topology)
{
    return topology->pair.place.line > 0;
}

bool osg_is_of_kind(const char *address, const char *other)
{
    return (strchr(address, ':') == NULL) == (strchr(other, ':') == NULL);
}

const struct osg_host *osg_other_host(const struct osg_pair *pair, const struct osg_host *host)
{
    return host == &pair->hosts.items[0] ? &pair->hosts.items[1] : &pair->hosts.items[0];
}

void osg_complete_pair(struct osg_reader *reader, struct osg_topology *topology)
{
    static const uint32_t presets[] = {200, 100};
    struct osg_hosts *hosts = &topology->pair.hosts;

    if (!osg_has_pair(topology))
        return;
    for (size_t i = 0; i < hosts->count && i < sizeof presets / sizeof *presets; i++) {
        if (hosts->items[i].priority == 0)
            hosts->items[i].priority = presets[i];
    }
    if (!topology->balance.health.on)
        osg_error(reader->problems, OSG_NEEDS_HEALTH, topology->pair.place,
                  "the check of a pair asks what mod_os_balancer knows, and health is off");
}

/* ADDRESS in the one form that equal ones have, without brackets and the length of its network. */
static const char *bare(struct osg_reader *reader, const char *address)
{
    const char *begin = address + (address[0] == '[');
    const char *text = osg_arena_copy(reader->arena, begin, strcspn(begin, "]/"));
    int family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
    char canonical[INET6_ADDRSTRLEN];
    unsigned char bytes[16];

    if (inet_pton(family, text, bytes) != 1 ||
        inet_ntop(family, bytes, canonical, sizeof canonical) == NULL)
        return text;
    return osg_arena_copy(reader->arena, canonical, strlen(canonical));
}

static struct osg_word bare_word(struct osg_reader *reader, const struct osg_word *address)
{
    return (struct osg_word){.text = bare(reader, address->text), .place = address->place};
}

/* None of the addresses, the hosts' own and the virtual ones, may stand twice. */
static void check_addresses(struct osg_reader *reader, const struct osg_pair *pair)
{
    struct osg_word *words =
        osg_new_words(reader->arena, pair->hosts.count + pair->addresses.count);
    size_t count = 0;

    for (size_t i = 0; i < pair->hosts.count; i++) {
        if (pair->hosts.items[i].address.text != NULL)
            words[count++] = bare_word(reader, &pair->hosts.items[i].address);
    }
    for (size_t i = 0; i < pair->addresses.count; i++)
        words[count++] = bare_word(reader, &pair->addresses.items[i]);
    osg_check_unique(reader, words, count, OSG_DUPLICATE_ENTRY, "the address");
}

static void check_names(struct osg_reader *reader, const struct osg_hosts *hosts)
{
    struct osg_word *words = osg_new_words(reader->arena, hosts->count);
    size_t count = 0;

    for (size_t i = 0; i < hosts->count; i++) {
        if (hosts->items[i].name.text != NULL)
            words[count++] = hosts->items[i].name;
    }
    osg_check_unique(reader, words, count, OSG_DUPLICATE_ENTRY, "the name");
}

/* Two of the same priority would settle by their addresses who serves, and an operator couldn't
 * tell beforehand. */
static void check_priorities(struct osg_reader *reader, const struct osg_host *one,
                             const struct osg_host *other)
{
    if (one->priority == other->priority)
        osg_error(reader->problems, OSG_PAIR_PRIORITY, other->place,
                  "both hosts have priority %u: the one that is to have the address while both are "
                  "well needs a higher one",
                  one->priority);
}

/* VRRP is of one kind, that of the hosts' own addresses; addresses of the other kind go along. */
static void check_kinds(struct osg_reader *reader, const struct osg_pair *pair)
{
    const struct osg_word *one = &pair->hosts.items[0].address;
    const struct osg_word *other = &pair->hosts.items[1].address;

    if (one->text == NULL || other->text == NULL)
        return;
    if (!osg_is_of_kind(one->text, other->text)) {
        osg_error(
            reader->problems, OSG_PAIR_KINDS, other->place,
            "one host has an IPv4 address and the other one IPv6: they can't hear each other");
        return;
    }
    for (size_t i = 0; i < pair->addresses.count; i++) {
        if (osg_is_of_kind(pair->addresses.items[i].text, one->text))
            return;
    }
    if (pair->addresses.count > 0)
        osg_error(reader->problems, OSG_PAIR_KINDS, pair->addresses.items[0].place,
                  "one virtual address at least must be %s, as the hosts' own are",
                  strchr(one->text, ':') != NULL ? "IPv6" : "IPv4");
}

static void check_hosts(struct osg_reader *reader, const struct osg_pair *pair)
{
    const struct osg_hosts *hosts = &pair->hosts;

    check_names(reader, hosts);
    if (hosts->place.line > 0 && hosts->given != 2)
        osg_error(reader->problems, OSG_PAIR_HOSTS, hosts->place,
                  "a pair has two hosts, and here %s %zu", hosts->given == 1 ? "is" : "are",
                  hosts->given);
    if (hosts->given == 2 && hosts->count == 2) {
        check_priorities(reader, &hosts->items[0], &hosts->items[1]);
        check_kinds(reader, pair);
    }
}

/* Is LISTEN for this address alone? */
static bool is_at(struct osg_reader *reader, const struct osg_listen *listen,
                  const struct osg_word *address)
{
    return strcmp(bare(reader, listen->address), bare(reader, address->text)) == 0;
}

static void check_reached(struct osg_reader *reader, const struct osg_listens *listens,
                          const struct osg_word *address)
{
    for (size_t i = 0; i < listens->count; i++) {
        if (strcmp(listens->items[i].address, "*") == 0 ||
            is_at(reader, &listens->items[i], address))
            return;
    }
    osg_warning(reader->problems, OSG_PAIR_NOT_REACHED, address->place,
                "users come to this address, and the site listens at others only");
}

/* An address that isn't there can't be bound, unless the kernel is told otherwise. */
static void check_listen(struct osg_reader *reader, const struct osg_pair *pair,
                         const struct osg_listen *listen)
{
    if (listen->port == pair->check_port && listen->place.line > 0)
        osg_error(reader->problems, OSG_PAIR_CHECK_PORT, listen->place,
                  "port %u is where keepalived's check asks; give the pair another check_port",
                  listen->port);
    for (size_t i = 0; i < pair->addresses.count; i++) {
        if (is_at(reader, listen, &pair->addresses.items[i]))
            osg_warning(reader->problems, OSG_PAIR_BIND, listen->place,
                        "the host that hasn't this address now can listen there only if "
                        "net.ipv%c.ip_nonlocal_bind is 1; \"*:%u\" does without",
                        listen->address[0] == '[' ? '6' : '4', listen->port);
    }
}

void osg_validate_pair(struct osg_reader *reader, const struct osg_topology *topology)
{
    const struct osg_pair *pair = &topology->pair;

    if (!osg_has_pair(topology))
        return;
    check_hosts(reader, pair);
    check_addresses(reader, pair);
    for (size_t i = 0; i < pair->addresses.count; i++)
        check_reached(reader, &topology->site.listens, &pair->addresses.items[i]);
    for (size_t i = 0; i < topology->site.listens.count; i++)
        check_listen(reader, pair, &topology->site.listens.items[i]);
}

bool osg_pair_fits(const struct osg_topology *topology, struct osb_message *why)
{
    return osg_has_pair(topology) ||
           osb_refuse(why,
                      "%s has one balancer host: a second one is told of by pair:", topology->file);
}

bool osg_choose_host(struct osg_topology *topology, const char *name, struct osb_message *why)
{
    struct osg_pair *pair = &topology->pair;
    const struct osg_host *hosts = pair->hosts.items;

    if (!osg_pair_fits(topology, why))
        return false;
    for (size_t i = 0; i < pair->hosts.count; i++) {
        if (strcmp(hosts[i].name.text, name) == 0)
            pair->self = &hosts[i];
    }
    return pair->self != NULL ||
           osb_refuse(why, "the hosts of %s are %s and %s; there is no %.40s", topology->file,
                      hosts[0].name.text, hosts[1].name.text, name);
}
