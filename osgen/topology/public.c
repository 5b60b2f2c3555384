/* SPDX-License-Identifier: Apache-2.0 */
/* Which names and addresses are for everybody, and which for a network of one's own. */
#include "address.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

/* Networks that nobody else can reach: RFC 1918, 6598, 3927 and loopback. */
static const struct network {
    uint32_t address;
    uint32_t mask;
} private_networks[] = {
    {0x0a000000, 0xff000000}, {0xac100000, 0xfff00000}, {0xc0a80000, 0xffff0000},
    {0x64400000, 0xffc00000}, {0xa9fe0000, 0xffff0000}, {0x7f000000, 0xff000000},
};

/* Ends of names that no public DNS answers: RFC 2606, 6761, 6762 and 8375, ICANN's internal, and
 * what the DNS was never given since so many use it at home. */
static const char *const private_ends[] = {".internal", ".local", ".localhost", ".localdomain",
                                           ".lan",      ".home",  ".corp",      ".intranet",
                                           ".private",  ".test",  ".invalid",   ".home.arpa"};

static bool is_private_address(const char *text)
{
    struct in_addr address;

    if (inet_pton(AF_INET, text, &address) != 1)
        return false;
    for (size_t i = 0; i < sizeof private_networks / sizeof *private_networks; i++) {
        if ((ntohl(address.s_addr) & private_networks[i].mask) == private_networks[i].address)
            return true;
    }
    return false;
}

/* What is routed for everybody begins with these three bits: RFC 4291. */
static bool is_public_ipv6(const char *host)
{
    struct in6_addr address;

    return osg_read_ipv6(host, &address) && (address.s6_addr[0] & 0xe0) == 0x20;
}

bool osg_is_public(const char *host)
{
    size_t length = strlen(host);

    if (host[0] == '[')
        return is_public_ipv6(host);
    if (strchr(host, '.') == NULL || is_private_address(host))
        return false;
    for (size_t i = 0; i < sizeof private_ends / sizeof *private_ends; i++) {
        size_t end = strlen(private_ends[i]);

        if (length > end && strcasecmp(host + length - end, private_ends[i]) == 0)
            return false;
    }
    return true;
}
