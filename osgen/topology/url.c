/* SPDX-License-Identifier: Apache-2.0 */
#include "url.h"
#include "address.h"
#include "base/arena.h"
#include "base/text.h"

#include "core/message.h"
#include "core/parse.h"

#include <ctype.h>
#include <string.h>

const struct osg_scheme osg_schemes[] = {
    {.name = "ajp", .port = 8009, .module = "proxy_ajp"},
    {.name = "http", .port = 80, .module = "proxy_http"},
    {.name = "https", .port = 443, .module = "proxy_http ssl"},
};
const size_t osg_schemes_count = sizeof osg_schemes / sizeof *osg_schemes;

/* NULL unless TEXT begins with one of the schemes and "://". */
static const struct osg_scheme *find_scheme(const char *text)
{
    for (size_t i = 0; i < osg_schemes_count; i++) {
        size_t length = strlen(osg_schemes[i].name);

        if (strncmp(text, osg_schemes[i].name, length) == 0 &&
            strncmp(text + length, "://", 3) == 0)
            return &osg_schemes[i];
    }
    return NULL;
}

/* The length of a host, brackets and all: up to its port, its path or the end. */
static size_t host_length(const char *text)
{
    const char *bracket = text[0] == '[' ? strchr(text, ']') : NULL;

    return bracket != NULL ? (size_t)(bracket - text) + 1 : strcspn(text, ":/");
}

static bool parse_host(struct osg_arena *arena, const char *text, size_t length,
                       struct osg_url *url, struct osb_message *why)
{
    char *host = osg_arena_copy(arena, text, length);

    for (size_t i = 0; i < length; i++)
        host[i] = (char)tolower((unsigned char)host[i]);
    url->host = host;
    if (host[0] == '[') {
        if (length > 2 && osg_is_ipv6(osg_arena_copy(arena, host + 1, length - 2)))
            return true;
        return osb_refuse(why, "\"%.80s\" is not an IPv6 address in brackets", host);
    }
    if (length == 0)
        return osb_refuse(why, "a URL needs a host behind %s://", url->scheme->name);
    return osg_host_check(host, why);
}

/* Reads ":port" if it is there, and moves TEXT behind it. */
static bool parse_port(struct osg_arena *arena, const char **text, struct osg_url *url,
                       struct osb_message *why)
{
    size_t length;
    bool done;

    if (**text != ':')
        return true;
    (*text)++;
    length = strcspn(*text, "/");
    done = osb_parse_number(osg_arena_copy(arena, *text, length), 1, 65535, &url->port, why);
    *text += length;
    return done;
}

static bool parse_path(struct osg_arena *arena, const char *text, struct osg_url *url,
                       struct osb_message *why)
{
    size_t length = strlen(text);

    if (text[0] != '\0' && text[0] != '/')
        return osb_refuse(why, "\"%.40s\" stands behind the host; a port or a path may", text);
    while (length > 0 && text[length - 1] == '/')
        length--;
    url->path = osg_arena_copy(arena, text, length);
    return length == 0 || osg_path_check(url->path, why);
}

bool osg_url_parse(struct osg_arena *arena, const char *text, struct osg_url *url,
                   struct osb_message *why)
{
    const struct osg_scheme *scheme = find_scheme(text);
    const char *rest;
    size_t length;

    if (scheme == NULL)
        return osb_refuse(why,
                          "\"%.80s\" is not a member's URL: ajp://, http:// or https:// in small "
                          "letters, then a host, such as ajp://os1.example.org:8009",
                          text);
    *url = (struct osg_url){.scheme = scheme};
    rest = text + strlen(scheme->name) + 3;
    if (strpbrk(rest, "@?#") != NULL)
        return osb_refuse(why, "a member's URL has no user, query or fragment: just "
                               "scheme://host:port/context");
    length = host_length(rest);
    if (!parse_host(arena, rest, length, url, why))
        return false;
    rest += length;
    return parse_port(arena, &rest, url, why) && parse_path(arena, rest, url, why);
}

static void put_url(struct osg_text *text, const struct osg_url *url, uint32_t port)
{
    osg_text_put(text, url->scheme->name);
    osg_text_put(text, "://");
    osg_text_put(text, url->host);
    if (port != 0) {
        osg_text_put(text, ":");
        osg_text_put_number(text, port);
    }
    osg_text_put(text, url->path);
}

void osg_url_put(struct osg_text *text, const struct osg_url *url)
{
    put_url(text, url, url->port);
}

const char *osg_url_canonical(struct osg_arena *arena, const struct osg_url *url)
{
    struct osg_text text = {0};
    const char *copy;

    put_url(&text, url, url->port != 0 ? url->port : url->scheme->port);
    copy = osg_arena_copy(arena, text.bytes, text.length);
    osg_text_free(&text);
    return copy;
}
