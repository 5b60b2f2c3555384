/* SPDX-License-Identifier: Apache-2.0 */
/* Where httpd finds the users that it asks for a password. */
#include "address.h"
#include "quote.h"

#include "core/message.h"
#include "core/parse.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define LONGEST_HOST 255

/* Is each % followed by two digits of an escape? */
static bool has_good_escapes(const char *text)
{
    for (const char *at = strchr(text, '%'); at != NULL; at = strchr(at + 1, '%')) {
        if (!isxdigit((unsigned char)at[1]) || !isxdigit((unsigned char)at[2]))
            return false;
    }
    return true;
}

/* "ldap.example.org", with a port or without. */
static bool is_server(const char *text, size_t length)
{
    char host[LONGEST_HOST + 8];
    char *colon;
    uint32_t port;

    if (length >= sizeof host)
        return false;
    snprintf(host, sizeof host, "%.*s", (int)length, text);
    colon = strchr(host, ':');
    if (colon != NULL) {
        *colon = '\0';
        if (!osb_parse_number(colon + 1, 1, 65535, &port, NULL))
            return false;
    }
    return osg_host_check(host, NULL);
}

/* The third part, behind the second question mark. httpd knows these two scopes. */
static bool is_scope(const char *text)
{
    size_t length = strcspn(text, "?");

    return length == 0 || (length == 3 && strncmp(text, "sub", 3) == 0) ||
           (length == 3 && strncmp(text, "one", 3) == 0);
}

/* What follows the server: /BASE[?ATTRIBUTE[?SCOPE[?FILTER]]]. */
static bool is_search(const char *text)
{
    const char *part = strchr(text, '?');

    if (text[0] != '/' || text[1] == '\0' || text[1] == '?')
        return false;
    part = part != NULL ? strchr(part + 1, '?') : NULL;
    if (part == NULL)
        return true;
    if (!is_scope(part + 1))
        return false;
    part = strchr(part + 1, '?');
    return part == NULL || strchr(part + 1, '?') == NULL;
}

bool osg_users_are_ldap(const char *text)
{
    return strncmp(text, "ldap://", 7) == 0 || strncmp(text, "ldaps://", 8) == 0;
}

bool osg_users_are_plain(const char *text)
{
    static const char scheme[] = "ldap://";
    char host[LONGEST_HOST + 1];

    if (strncmp(text, scheme, sizeof scheme - 1) != 0)
        return false;
    text += sizeof scheme - 1;
    snprintf(host, sizeof host, "%.*s", (int)strcspn(text, ":/"), text);
    return !osg_is_loopback(host);
}

static bool check_ldap(const char *text, struct osb_message *why)
{
    const char *server = strstr(text, "//") + 2;
    size_t length = strcspn(server, "/");

    if (!is_server(server, length) || !is_search(server + length) || !has_good_escapes(text))
        return osb_refuse(why,
                          "\"%.120s\" is not an LDAP URL, such as "
                          "ldaps://ldap.example.org/ou=people,dc=example,dc=org?uid?sub",
                          text);
    return osg_quotable(text, why);
}

bool osg_users_check(const char *text, struct osb_message *why)
{
    return osg_users_are_ldap(text) ? check_ldap(text, why) : osg_file_name_check(text, why);
}
