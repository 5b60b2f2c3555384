/* SPDX-License-Identifier: Apache-2.0 */
#include "standing_site.h"
#include "standing.h"
#include "base/arena.h"
#include "topology/address.h"

#include "core/vocabulary.h"

#include <string.h>
#include <strings.h>

/* "*:80 [::1]:80": the first of them that is an address and a port. */
static void read_address(struct osg_arena *arena, const char *value, struct osg_listen *listen)
{
    static const char any[] = "_default_:";

    for (size_t length; *value != '\0' && listen->address == NULL; value += length) {
        const char *word = value += strspn(value, " \t");

        length = strcspn(value, " \t");
        word = strncasecmp(word, any, sizeof any - 1) == 0
                   ? osg_arena_printf(arena, "*:%.*s", (int)(length - sizeof any + 1),
                                      word + sizeof any - 1)
                   : osg_arena_copy(arena, word, length);
        osg_listen_parse(arena, word, listen, NULL);
    }
}

/* "https://os.example.org:443" */
static const char *bare_name(struct osg_arena *arena, const char *value)
{
    const char *scheme = strstr(value, "://");
    const char *host = scheme != NULL ? scheme + 3 : value;

    return osg_arena_copy(arena, host, strcspn(host, ":/"));
}

static void read_directive(struct osg_arena *arena, const struct osg_directive *directive,
                           struct osg_standing_site *site)
{
    const char *name = directive->name, *value = directive->value;

    if (strcasecmp(name, "<VirtualHost>") == 0)
        read_address(arena, value, &site->listen);
    else if (strcasecmp(name, "ServerName") == 0)
        site->name = bare_name(arena, value);
    else if (strcasecmp(name, "SSLEngine") == 0)
        site->tls = strcasecmp(value, "on") == 0;
    else if (strcasecmp(name, "SetHandler") == 0 && strcasecmp(value, OSB_HANDLER_STATUS) == 0 &&
             osg_path_check(directive->section, NULL))
        site->page = directive->section;
    else if (strcasecmp(name, "<Proxy>") == 0 && site->balancer == NULL &&
             strncasecmp(value, OSG_BALANCER, sizeof OSG_BALANCER - 1) == 0)
        site->balancer = bare_name(arena, value);
}

static void take_better(struct osg_standing_site *best, const struct osg_standing_site *site)
{
    if (site->listen.address == NULL || site->name == NULL || !osg_host_check(site->name, NULL))
        return;
    if (best->name == NULL || (best->page == NULL && site->page != NULL))
        *best = *site;
}

bool osg_standing_site(struct osg_arena *arena, const struct osg_standing *standing,
                       struct osg_standing_site *site)
{
    struct osg_standing_site next = {.name = NULL};

    *site = next;
    for (size_t i = 0; i < standing->directive_count; i++) {
        const struct osg_directive *directive = &standing->directives[i];

        if (strcasecmp(directive->name, "<VirtualHost>") == 0) {
            take_better(site, &next);
            next = (struct osg_standing_site){.name = NULL};
        }
        read_directive(arena, directive, &next);
    }
    take_better(site, &next);
    return site->name != NULL;
}
