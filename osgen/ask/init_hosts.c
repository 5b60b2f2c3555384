/* SPDX-License-Identifier: Apache-2.0 */
#include "init.h"
#include "base/arena.h"
#include "topology/address.h"

#include "core/message.h"

#include <string.h>

/* The URL that a host stands for. */
static bool read_url(struct osg_arena *arena, const char *given, struct osg_url *url,
                     struct osb_message *why)
{
    bool is_ipv6 = osg_is_ipv6(given);

    if (strstr(given, "://") != NULL)
        return osg_url_parse(arena, given, url, why);
    if (!is_ipv6 && given[0] != '[' && strchr(given, ':') != NULL)
        return osb_refuse(why,
                          "\"%.80s\" has a port: with one it is to be a whole URL, such as "
                          "ajp://%.80s",
                          given, given);
    if (strchr(given, '/') != NULL)
        return osb_refuse(why, "\"%.80s\" is neither a host nor a whole URL", given);
    return osg_url_parse(
        arena, osg_arena_printf(arena, is_ipv6 ? "ajp://[%s]:8009" : "ajp://%s:8009", given), url,
        why);
}

/* The first part of a host name; NULL of an address. */
static const char *short_name(struct osg_arena *arena, const struct osg_url *url)
{
    const char *name;

    if (url->host[0] == '[' || osg_is_ipv4(url->host))
        return NULL;
    name = osg_arena_copy(arena, url->host, strcspn(url->host, "."));
    return osg_label_check(name, NULL) ? name : NULL;
}

/* Names are for all or for nobody: a list in which some are missing reads badly. */
static void name_all(struct osg_arena *arena, struct osg_init *init)
{
    bool good = true;

    for (size_t i = 0; i < init->count; i++) {
        init->hosts[i].name = short_name(arena, &init->hosts[i].url);
        good &= init->hosts[i].name != NULL;
        for (size_t j = 0; good && j < i; j++)
            good = strcmp(init->hosts[i].name, init->hosts[j].name) != 0;
    }
    for (size_t i = 0; i < init->count && !good; i++)
        init->hosts[i].name = NULL;
}

static bool check_unique(struct osg_arena *arena, const struct osg_init *init, size_t index,
                         struct osb_message *why)
{
    const char *url = osg_url_canonical(arena, &init->hosts[index].url);

    for (size_t i = 0; i < index; i++) {
        if (init->hosts[i].fault == NULL &&
            strcmp(osg_url_canonical(arena, &init->hosts[i].url), url) == 0)
            return osb_refuse(why, "%s is named twice", init->hosts[index].given);
    }
    return true;
}

bool osg_init_read(struct osg_arena *arena, struct osg_init *init, const char *const *given,
                   size_t count)
{
    struct osb_message why;
    bool good = true;

    init->hosts = osg_arena_alloc(arena, count * sizeof *init->hosts);
    init->count = count;
    for (size_t i = 0; i < count; i++) {
        struct osg_init_host *host = &init->hosts[i];

        host->given = given[i];
        if (read_url(arena, given[i], &host->url, &why) && check_unique(arena, init, i, &why))
            continue;
        host->fault = osg_arena_printf(arena, "%s", why.text);
        good = false;
    }
    if (good)
        name_all(arena, init);
    return good;
}
