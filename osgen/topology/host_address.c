/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses that hosts have, for themselves or by turns, and the interfaces that they are on. */
#include "address.h"

#include "core/message.h"
#include "core/parse.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define INTERFACE_MAX 15

static bool is_unicast_ipv4(const struct in_addr *address)
{
    uint32_t first = ntohl(address->s_addr) >> 24;

    return first != 0 && first != 127 && first < 224;
}

static bool is_unicast_ipv6(const struct in6_addr *address)
{
    return !IN6_IS_ADDR_UNSPECIFIED(address) && !IN6_IS_ADDR_LOOPBACK(address) &&
           !IN6_IS_ADDR_MULTICAST(address) && !IN6_IS_ADDR_V4MAPPED(address);
}

static bool is_unicast(const char *text)
{
    struct in6_addr six;
    struct in_addr four;

    if (inet_pton(AF_INET, text, &four) == 1)
        return is_unicast_ipv4(&four);
    return inet_pton(AF_INET6, text, &six) == 1 && is_unicast_ipv6(&six);
}

bool osg_host_address_check(const char *text, struct osb_message *why)
{
    return is_unicast(text) ||
           osb_refuse(why,
                      "\"%.80s\" is not the address of a host, such as 192.0.2.2 or 2001:db8::2",
                      text);
}

bool osg_virtual_address_check(const char *text, struct osb_message *why)
{
    const char *slash = strchr(text, '/');
    size_t length = slash != NULL ? (size_t)(slash - text) : strlen(text);
    char address[INET6_ADDRSTRLEN];
    uint32_t bits;

    snprintf(address, sizeof address, "%.*s", (int)length, text);
    if (length >= sizeof address || !is_unicast(address))
        return osb_refuse(why,
                          "\"%.80s\" is not an address, such as 192.0.2.10/24 or "
                          "2001:db8::10/64, with or without the length of its network",
                          text);
    return slash == NULL ||
           osb_parse_number(slash + 1, 1, strchr(address, ':') != NULL ? 128 : 32, &bits, why);
}

bool osg_interface_check(const char *text, struct osb_message *why)
{
    static const char accepted[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                   "0123456789-._";
    size_t length = strlen(text);

    return (length >= 1 && length <= INTERFACE_MAX && text[strspn(text, accepted)] == '\0') ||
           osb_refuse(why,
                      "\"%.80s\" is not the name of a network interface: 1 to %d letters, digits, "
                      "- _ and dots",
                      text, INTERFACE_MAX);
}
