/* SPDX-License-Identifier: Apache-2.0 */
#include "place.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPECTED "ADDRESS:PORT or FIRST-LAST:PORT with addresses in numbers"

static bool read_address(const char *text, uint16_t port, struct place *place)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)&place->address;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&place->address;

    memset(&place->address, 0, sizeof place->address);
    if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        place->length = sizeof *v4;
        return true;
    }
    if (inet_pton(AF_INET6, text, &v6->sin6_addr) != 1)
        return false;
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    place->length = sizeof *v6;
    return true;
}

/* Splits off the port and takes the brackets of an IPv6 address away. */
static bool split(struct place *place, const char *text)
{
    const char *colon = strrchr(text, ':');
    size_t length = colon != NULL ? (size_t)(colon - text) : 0;
    size_t digits = colon != NULL ? strspn(colon + 1, "0123456789") : 0;
    unsigned long port;

    if (digits == 0 || digits > 5 || colon[1 + digits] != '\0')
        return false;
    port = strtoul(colon + 1, NULL, 10);
    if (length > 2 && text[0] == '[' && text[length - 1] == ']') {
        text++;
        length -= 2;
    }
    if (length == 0 || length >= sizeof place->first || port > 65535)
        return false;
    memcpy(place->first, text, length);
    place->port = (uint16_t)port;
    return true;
}

static bool count_range(struct place *place)
{
    struct in_addr first, last;

    if (inet_pton(AF_INET, place->first, &first) != 1 ||
        inet_pton(AF_INET, place->last, &last) != 1 || ntohl(last.s_addr) < ntohl(first.s_addr))
        return false;
    place->count = ntohl(last.s_addr) - ntohl(first.s_addr) + 1;
    return place->count != 0 && place->count <= PLACE_MAX;
}

bool place_read(struct place *place, const char *text, char *why, size_t why_size)
{
    char *dash;

    *place = (struct place){.count = 1};
    if (!split(place, text)) {
        snprintf(why, why_size, "\"%.80s\" is not %s", text, EXPECTED);
        return false;
    }
    dash = strchr(place->first, '-');
    if (dash != NULL) {
        *dash = '\0';
        snprintf(place->last, sizeof place->last, "%s", dash + 1);
        if (!count_range(place) || place->port == 0) {
            snprintf(why, why_size,
                     "\"%.80s\" is not a range of 1 to %d IPv4 addresses with a port that isn't 0",
                     text, PLACE_MAX);
            return false;
        }
    }
    if (!read_address(place->first, place->port, place)) {
        snprintf(why, why_size, "\"%.80s\" is not %s", text, EXPECTED);
        return false;
    }
    return true;
}

void place_advance(struct sockaddr_storage *address, unsigned steps)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)address;

    v4->sin_addr.s_addr = htonl(ntohl(v4->sin_addr.s_addr) + steps);
}

char *place_write(const struct sockaddr_storage *address, char *text, size_t size)
{
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;
    char number[INET6_ADDRSTRLEN] = "?";

    if (address->ss_family == AF_INET6) {
        inet_ntop(AF_INET6, &v6->sin6_addr, number, sizeof number);
        snprintf(text, size, "[%s]:%u", number, ntohs(v6->sin6_port));
    } else {
        inet_ntop(AF_INET, &v4->sin_addr, number, sizeof number);
        snprintf(text, size, "%s:%u", number, ntohs(v4->sin_port));
    }
    return text;
}
