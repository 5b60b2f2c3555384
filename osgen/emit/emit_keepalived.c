/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keepalived.conf of one of the two hosts. Two checks say whether it may have the addresses. That
 * nothing listens at all is certain, and ends in the state FAULT at once, which the other host is
 * told. Whatever else is amiss, the check itself included, only lowers the priority: where it is
 * amiss on both hosts the addresses stay, and users get httpd's own answer.
 */
#include "emit.h"
#include "base/text.h"
#include "topology/pair.h"
#include "topology/topology.h"

#include "core/message.h"

#define CHECK "/usr/libexec/keepalived/openspecimen-check"

static void emit_header(struct osg_text *text, const struct osg_topology *topology)
{
    const struct osg_host *self = topology->pair.self;

    osg_emit_origin(text, topology);
    osg_text_printf(text,
                    "#\n"
                    "# This is /etc/keepalived/keepalived.conf of %s. The firewall of each host "
                    "takes IP protocol 112\n"
                    "# (VRRP) from the other one.\n"
                    "\n"
                    "global_defs {\n"
                    "    router_id %s\n"
                    "    vrrp_version 3\n"
                    "    # A busy host shall not miss its turn to say that it is there\n"
                    "    vrrp_priority -20\n"
                    "    enable_script_security\n"
                    "}\n",
                    self->name.text, self->name.text);
}

/* keepalived 2.2 runs a script once a second at the most, so this one asks more than once. */
static unsigned asks_a_second(const struct osg_pair *pair)
{
    unsigned asks = 1000 / pair->interval_ms;

    return asks < 1 ? 1 : asks > 5 ? 5 : asks;
}

/* So much that the host with the higher priority falls just below the other one. */
static int penalty(const struct osg_pair *pair)
{
    const struct osg_host *hosts = pair->hosts.items;
    int difference = (int)hosts[0].priority - (int)hosts[1].priority;

    return (difference < 0 ? -difference : difference) + 1;
}

/* When both hosts get into the same trouble, or out of it, the one with the lower priority falls
 * first and rises last: so the addresses aren't handed to and fro. */
static void emit_checks(struct osg_text *text, const struct osg_pair *pair)
{
    const bool better = pair->self->priority > osg_other_host(pair, pair->self)->priority;

    osg_text_printf(text,
                    "\n"
                    "# Nobody takes connections: the other host takes over at once.\n"
                    "vrrp_script openspecimen_alive {\n"
                    "    script \"" CHECK " alive %u\"\n"
                    "    interval 1\n"
                    "    timeout 10\n"
                    "    fall 1\n"
                    "    rise 3\n"
                    "    user nobody\n"
                    "    init_fail\n"
                    "}\n"
                    "\n"
                    "# httpd is silent, or has no instance to send users to: the other host takes "
                    "over if it is better\n"
                    "# off.\n"
                    "vrrp_script openspecimen_serves {\n"
                    "    script \"" CHECK " serves\"\n"
                    "    interval 2\n"
                    "    timeout 6\n"
                    "    fall %d\n"
                    "    rise %d\n"
                    "    weight -%d\n"
                    "    user nobody\n"
                    "}\n",
                    asks_a_second(pair), better ? 3 : 2, better ? 2 : 3, penalty(pair));
}

/* In seconds: "1" or "0.25". */
static void put_seconds(struct osg_text *text, uint32_t ms)
{
    osg_text_printf(text, "%u", ms / 1000);
    if (ms % 1000 != 0)
        osg_text_printf(text, ms % 100 == 0 ? ".%u" : ".%02u",
                        ms % 1000 / (ms % 100 == 0 ? 100 : 10));
}

/* The virtual addresses of the hosts' own kind, or the others. */
static void put_addresses(struct osg_text *text, const struct osg_pair *pair, bool own,
                          const char *block)
{
    size_t count = 0;

    for (size_t i = 0; i < pair->addresses.count; i++) {
        const char *address = pair->addresses.items[i].text;

        if (osg_is_of_kind(address, pair->self->address.text) != own)
            continue;
        if (count++ == 0)
            osg_text_printf(text, "    %s {\n", block);
        osg_text_printf(text, "        %s dev %s\n", address, pair->self->interface.text);
    }
    osg_text_put(text, count > 0 ? "    }\n" : "");
}

static void emit_instance(struct osg_text *text, const struct osg_pair *pair)
{
    const struct osg_host *self = pair->self;

    osg_text_printf(text,
                    "\n"
                    "vrrp_instance openspecimen {\n"
                    "    state BACKUP\n"
                    "    interface %s\n"
                    "    virtual_router_id %u\n"
                    "    priority %u\n"
                    "    advert_int ",
                    self->interface.text, pair->router, self->priority);
    put_seconds(text, pair->interval_ms);
    osg_text_printf(text,
                    "\n"
                    "    # Only these two speak to each other\n"
                    "    unicast_src_ip %s\n"
                    "    unicast_peer {\n"
                    "        %s\n"
                    "    }\n"
                    "    check_unicast_src\n",
                    self->address.text, osg_other_host(pair, self)->address.text);
    put_addresses(text, pair, true, "virtual_ipaddress");
    put_addresses(text, pair, false, "virtual_ipaddress_excluded");
    osg_text_put(text, "    track_script {\n"
                       "        openspecimen_alive\n"
                       "        openspecimen_serves\n"
                       "    }\n"
                       "}\n");
}

static void emit(struct osg_text *text, const struct osg_topology *topology)
{
    emit_header(text, topology);
    emit_checks(text, &topology->pair);
    emit_instance(text, &topology->pair);
}

static bool fits(const struct osg_topology *topology, struct osb_message *why)
{
    const struct osg_host *hosts = topology->pair.hosts.items;

    if (!osg_pair_fits(topology, why))
        return false;
    return topology->pair.self != NULL ||
           osb_refuse(why, "each host has its own keepalived.conf: say --host %s or --host %s",
                      hosts[0].name.text, hosts[1].name.text);
}

const struct osg_target osg_keepalived_target = {
    .name = "keepalived",
    .emit = emit,
    .help = "keepalived.conf of one of a pair's hosts, which --host names",
    .fits = fits,
    .next = "next come the targets keepalived-check and keepalived-httpd, for both hosts alike",
};
