/* SPDX-License-Identifier: Apache-2.0 */
#include "address.h"
#include "base/text.h"

#include "core/message.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define HOST_MAX     253
#define LABEL_MAX    63
#define LONGEST_PATH 127

bool osg_is_ipv6(const char *text)
{
    struct in6_addr address;

    return inet_pton(AF_INET6, text, &address) == 1;
}

bool osg_is_ipv4(const char *text)
{
    struct in_addr address;

    return inet_pton(AF_INET, text, &address) == 1;
}

bool osg_read_ipv6(const char *host, struct in6_addr *address)
{
    char inner[INET6_ADDRSTRLEN];

    if (host[0] != '[')
        return false;
    snprintf(inner, sizeof inner, "%.*s", (int)strcspn(host + 1, "]"), host + 1);
    return inet_pton(AF_INET6, inner, address) == 1;
}

bool osg_is_loopback(const char *host)
{
    struct in6_addr address;

    if (host[0] != '[')
        return strcmp(host, "localhost") == 0 ||
               (osg_is_ipv4(host) && strncmp(host, "127.", 4) == 0);
    return osg_read_ipv6(host, &address) && IN6_IS_ADDR_LOOPBACK(&address);
}

static bool is_part(const char *part, size_t length)
{
    return length >= 1 && length <= LABEL_MAX && part[0] != '-' && part[length - 1] != '-';
}

/* Is it parts with dots between them, of letters, digits and MARKS? */
static bool is_dotted(const char *text, const char *marks)
{
    const char *part = text;

    if (strlen(text) > HOST_MAX || !osg_is_made_of(text, marks))
        return false;
    for (;;) {
        size_t length = strcspn(part, ".");

        if (!is_part(part, length))
            return false;
        if (part[length] == '\0')
            return true;
        part += length + 1;
    }
}

/* "10.1" and "300.0.0.1" are no names: what ends in a number is meant to be an address. */
static bool ends_in_number(const char *text)
{
    const char *last = strrchr(text, '.');

    for (text = last != NULL ? last + 1 : text; isdigit((unsigned char)*text); text++)
        ;
    return *text == '\0';
}

static bool has_foreign_letters(const char *text)
{
    for (; *text != '\0'; text++) {
        if (!isascii((unsigned char)*text))
            return true;
    }
    return false;
}

bool osg_host_check(const char *text, struct osb_message *why)
{
    if (osg_is_ipv4(text))
        return true;
    if (strstr(text, "${") != NULL)
        return osb_refuse(why,
                          "\"%.80s\" is not a host name: ${...} stands for a variable in secret "
                          "alone",
                          text);
    if (has_foreign_letters(text))
        return osb_refuse(why,
                          "\"%.80s\" is not a host name: write an international name in its xn-- "
                          "form",
                          text);
    if (is_dotted(text, "-._") && ends_in_number(text))
        return osb_refuse(why,
                          "\"%.80s\" is not an IPv4 address: four numbers from 0 to 255, with dots "
                          "between them; and no host name ends in a number",
                          text);
    if (!is_dotted(text, "-._"))
        return osb_refuse(why,
                          "\"%.80s\" is not a host name: letters, digits and - in parts of at most "
                          "%d, with dots between them",
                          text, LABEL_MAX);
    return true;
}

bool osg_alias_check(const char *text, struct osb_message *why)
{
    if (strchr(text, '*') == NULL)
        return osg_host_check(text, why);
    if (!is_dotted(text, "-._*"))
        return osb_refuse(
            why, "\"%.80s\" is not a host name with a wildcard, such as *.example.org", text);
    return true;
}

bool osg_label_check(const char *text, struct osb_message *why)
{
    if (!is_part(text, strlen(text)) || !osg_is_made_of(text, "-._"))
        return osb_refuse(why,
                          "\"%.80s\" is not a name: 1 to %d letters, digits, - _ and dots, with no "
                          "- at its ends",
                          text, LABEL_MAX);
    return true;
}

static bool has_capitals(const char *text)
{
    while (*text != '\0' && !isupper((unsigned char)*text))
        text++;
    return *text != '\0';
}

bool osg_balancer_check(const char *text, struct osb_message *why)
{
    if (strlen(text) > LABEL_MAX || !is_dotted(text, "-.") || has_capitals(text))
        return osb_refuse(
            why,
            "\"%.80s\" is not a balancer's name: 1 to %d small letters, digits, - and "
            "dots",
            text, LABEL_MAX);
    return true;
}

bool osg_path_check(const char *text, struct osb_message *why)
{
    size_t length = strlen(text);

    if (text[0] != '/' || length < 2 || length > LONGEST_PATH || text[length - 1] == '/' ||
        !osg_is_made_of(text, "-._~/") || strstr(text, "//") != NULL || strstr(text, "/.") != NULL)
        return osb_refuse(why,
                          "\"%.80s\" is not a path: a slash, then letters, digits, - . _ ~ and "
                          "single slashes, with none at the end and at most %d characters",
                          text, LONGEST_PATH);
    return true;
}
