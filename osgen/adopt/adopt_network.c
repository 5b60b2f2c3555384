/* SPDX-License-Identifier: Apache-2.0 */
/* Networks as httpd takes them: "10.1", "10.1.", "10.1.0.0/255.255.0.0", "10.1.2.3/16". */
#include "adopt_parts.h"
#include "base/arena.h"
#include "topology/address.h"

#include "core/parse.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* Bits of a netmask such as 255.255.0.0; false: it is none. */
static bool read_mask(const char *text, uint32_t *bits)
{
    struct in_addr mask;
    uint32_t value;

    if (inet_pton(AF_INET, text, &mask) != 1)
        return false;
    value = ntohl(mask.s_addr);
    for (*bits = 0; *bits < 32 && (value & (0x80000000u >> *bits)) != 0; (*bits)++)
        ;
    return *bits == 32 || (value << *bits) == 0;
}

/* ADDRESS with all bits behind the first BITS zero. */
static const char *network_of(struct osg_arena *arena, const char *address, uint32_t bits)
{
    int family = strchr(address, ':') != NULL ? AF_INET6 : AF_INET;
    uint32_t length = family == AF_INET6 ? 128 : 32;
    char shown[INET6_ADDRSTRLEN];
    unsigned char bytes[16];

    if (bits > length || inet_pton(family, address, bytes) != 1)
        return NULL;
    if (bits == 0)
        return "all";
    for (uint32_t i = bits; i < length; i++)
        bytes[i / 8] &= (unsigned char)~(0x80 >> (i % 8));
    inet_ntop(family, bytes, shown, sizeof shown);
    return bits == length ? osg_arena_printf(arena, "%s", shown)
                          : osg_arena_printf(arena, "%s/%u", shown, bits);
}

/* "10.1" or "10.1." */
static const char *from_beginning(struct osg_arena *arena, const char *text)
{
    char address[40];
    size_t length = strlen(text), numbers = 1;

    if (length > 0 && text[length - 1] == '.')
        length--;
    if (length == 0 || length > 15 || text[strspn(text, "0123456789.")] != '\0')
        return NULL;
    for (size_t i = 0; i < length; i++)
        numbers += text[i] == '.';
    if (numbers > 3)
        return NULL;
    snprintf(address, sizeof address, "%.*s%s", (int)length, text, ".0.0.0.0");
    address[length + 2 * (4 - numbers)] = '\0';
    return network_of(arena, address, (uint32_t)numbers * 8);
}

const char *osg_adopt_network(struct osg_arena *arena, const char *text)
{
    const char *slash = strchr(text, '/');
    struct osg_admission admission;
    uint32_t bits;

    if (osg_is_ipv4(text) || osg_is_ipv6(text) ||
        (slash != NULL && osg_admission_parse(arena, text, &admission, NULL)))
        return text;
    if (slash == NULL)
        return from_beginning(arena, text);
    if (!osb_parse_number(slash + 1, 0, 128, &bits, NULL) && !read_mask(slash + 1, &bits))
        return NULL;
    return network_of(arena, osg_arena_copy(arena, text, (size_t)(slash - text)), bits);
}
