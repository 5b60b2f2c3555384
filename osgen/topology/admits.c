/* SPDX-License-Identifier: Apache-2.0 */
#include "admits.h"
#include "address.h"
#include "topology.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* An address as bytes. */
struct address {
    uint8_t bytes[16];
    unsigned bits; /* 32 or 128; 0: it isn't one */
};

static struct address parse(const char *text, size_t length)
{
    struct address address = {.bits = 0};
    char bare[64];

    if (length >= 2 && text[0] == '[') {
        text++;
        length -= 2;
    }
    if (length >= sizeof bare)
        return address;
    snprintf(bare, sizeof bare, "%.*s", (int)length, text);
    if (inet_pton(AF_INET, bare, address.bytes) == 1)
        address.bits = 32;
    else if (inet_pton(AF_INET6, bare, address.bytes) == 1)
        address.bits = 128;
    return address;
}

/* "192.0.2.0/24", or an address alone. */
static bool is_in(const struct address *client, const char *network)
{
    size_t length = strcspn(network, "/");
    struct address base = parse(network, length);
    unsigned bits =
        network[length] == '/' ? (unsigned)strtoul(network + length + 1, NULL, 10) : base.bits;

    if (base.bits == 0 || base.bits != client->bits || bits > base.bits)
        return false;
    for (unsigned i = 0; i < bits; i++) {
        if (((base.bytes[i / 8] ^ client->bytes[i / 8]) & (0x80u >> i % 8)) != 0)
            return false;
    }
    return true;
}

static bool may_be_named(const char *host, const char *address)
{
    return strcasecmp(host, "localhost") == 0 || !osg_is_loopback(address);
}

bool osg_may_admit(const struct osg_admissions *allow, const char *address)
{
    struct address client = parse(address, strlen(address));

    for (size_t i = 0; i < allow->count; i++) {
        const struct osg_admission *rule = &allow->items[i];

        if (rule->type == OSG_ADMIT_ALL ||
            (rule->type == OSG_ADMIT_HOST && may_be_named(rule->text, address)) ||
            (rule->type == OSG_ADMIT_NETWORK && is_in(&client, rule->text)))
            return true;
    }
    return allow->count == 0;
}

bool osg_asks_for_password(const struct osg_admin *admin)
{
    return admin->users.text != NULL && !(admin->satisfy.any && admin->allow.count > 0);
}

const char *osg_own_address(const struct osg_listen *listen)
{
    return strcmp(listen->address, "*") == 0 ? "127.0.0.1" : listen->address;
}

enum osg_sight osg_sees_status(const struct osg_topology *topology, const char **address)
{
    const struct osg_admin *admin = &topology->admin;

    *address = osg_own_address(&topology->site.listens.items[0]);
    if (admin->status.text == NULL)
        return OSG_SEES;
    if (osg_asks_for_password(admin))
        return OSG_IS_ASKED;
    return osg_may_admit(&admin->allow, *address) ? OSG_SEES : OSG_IS_REFUSED;
}
