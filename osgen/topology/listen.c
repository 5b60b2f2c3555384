/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses on which a site answers, and the clients that may see the pages for administrators. */
#include "address.h"
#include "topology.h"
#include "base/arena.h"

#include "core/message.h"
#include "core/parse.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

static bool is_listen_address(struct osg_arena *arena, const char *text)
{
    size_t length = strlen(text);

    if (length > 2 && text[0] == '[' && text[length - 1] == ']')
        return osg_is_ipv6(osg_arena_copy(arena, text + 1, length - 2));
    return strcmp(text, "*") == 0 || osg_is_ipv4(text);
}

bool osg_listen_parse(struct osg_arena *arena, const char *text, struct osg_listen *listen,
                      struct osb_message *why)
{
    const char *colon = strrchr(text, ':');
    const char *address = "*", *port = text;
    uint32_t number;

    if (colon != NULL) {
        address = osg_arena_copy(arena, text, (size_t)(colon - text));
        port = colon + 1;
    }
    if (port[0] == '\0' || port[strspn(port, "0123456789")] != '\0' ||
        !is_listen_address(arena, address))
        return osb_refuse(why,
                          "\"%.80s\" is not an address to listen on: a port, or an address and a "
                          "port, such as 80, \"*:80\", 192.0.2.1:80 or \"[2001:db8::1]:80\"",
                          text);
    if (!osb_parse_number(port, 1, 65535, &number, why))
        return false;
    listen->address = address;
    listen->port = number;
    return true;
}

/* Are all bits of the address behind the first BITS zero? */
static bool is_network(const unsigned char *address, size_t length, uint32_t bits)
{
    for (size_t i = 0; i < length * 8; i++) {
        if (i >= bits && (address[i / 8] & (0x80 >> (i % 8))) != 0)
            return false;
    }
    return true;
}

static bool parse_network(struct osg_arena *arena, const char *text, const char *slash,
                          struct osb_message *why)
{
    const char *address = osg_arena_copy(arena, text, (size_t)(slash - text));
    int family = strchr(address, ':') != NULL ? AF_INET6 : AF_INET;
    size_t length = family == AF_INET6 ? 16 : 4;
    unsigned char bytes[16];
    uint32_t bits;

    if (inet_pton(family, address, bytes) != 1)
        return osb_refuse(why, "\"%.80s\" is not a network, such as 192.0.2.0/24 or 2001:db8::/32",
                          text);
    if (osb_parse_number(slash + 1, 0, 0, &bits, NULL))
        return osb_refuse(why, "\"%.80s\" is everybody, who is written all", text);
    if (!osb_parse_number(slash + 1, 1, (uint32_t)length * 8, &bits, why))
        return false;
    if (!is_network(bytes, length, bits))
        return osb_refuse(why,
                          "\"%.80s\" is not a network: the address has bits behind its first %u; "
                          "one address alone is written without a slash",
                          text, bits);
    return true;
}

static bool parse_host(const char *text, struct osb_message *why)
{
    if (osg_host_check(text, NULL))
        return true;
    return osb_refuse(why,
                      "\"%.80s\" is neither an address, nor a network such as 192.0.2.0/24, nor a "
                      "host name, nor \"all\"",
                      text);
}

bool osg_admission_parse(struct osg_arena *arena, const char *text, struct osg_admission *admission,
                         struct osb_message *why)
{
    const char *slash = strchr(text, '/');

    admission->text = text;
    if (strcasecmp(text, "all") == 0) {
        admission->type = OSG_ADMIT_ALL;
        return true;
    }
    if (slash != NULL || osg_is_ipv4(text) || osg_is_ipv6(text)) {
        admission->type = OSG_ADMIT_NETWORK;
        return slash == NULL || parse_network(arena, text, slash, why);
    }
    admission->type = OSG_ADMIT_HOST;
    return parse_host(text, why);
}
