/* SPDX-License-Identifier: Apache-2.0 */
#include "page.h"
#include "base/arena.h"
#include "base/text.h"
#include "change/inplace.h"
#include "change/standing.h"
#include "change/standing_site.h"
#include "topology/admits.h"
#include "topology/topology.h"

#include "core/message.h"
#include "core/vocabulary.h"
#include "probe/wire.h"

#include <string.h>

static bool is_name(struct osg_arena *arena, const char *url)
{
    const char *host = strstr(url, "://") + 3;
    size_t length = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/?");
    const char *bare = osg_arena_copy(arena, host, length);

    return !osb_wire_is_address(bare) && strcmp(bare, "localhost") != 0;
}

static bool take_given(struct osg_arena *arena, const char *given, struct osg_page_place *place,
                       struct osb_message *why)
{
    if (strncmp(given, "http://", 7) != 0 && strncmp(given, "https://", 8) != 0)
        return osb_refuse(why, "--status-url: \"%.80s\" doesn't begin with http:// or https://",
                          given);
    place->url = osg_arena_printf(arena, "%s%s" OSB_QUERY_FORMAT "=json", given,
                                  strchr(given, '?') != NULL ? "&" : "?");
    place->has_members = true;
    if (!is_name(arena, given))
        place->host = osg_arena_printf(arena, "Host: %s", place->site);
    return true;
}

static bool may_see(const struct osg_topology *topology, struct osb_message *why)
{
    const char *address;

    switch (osg_sees_status(topology, &address)) {
    case OSG_SEES:
        return true;
    case OSG_IS_ASKED:
        return osb_refuse(why,
                          "admin.users asks for a password to see the status page, so nobody could "
                          "tell whether httpd has taken the file: let %s in without one by "
                          "admin.allow and satisfy: any, or say --no-wait",
                          address);
    case OSG_IS_REFUSED:
        break;
    }
    return osb_refuse(why,
                      "admin.allow doesn't let this machine see the status page, so nobody could "
                      "tell whether httpd has taken the file: add %s to it, or say --status-url or "
                      "--no-wait",
                      address);
}

/* A server chooses the certificate by the name that the URL has. */
static void put_place(struct osg_arena *arena, const struct osg_standing_site *site,
                      struct osg_page_place *place)
{
    const char *address = osg_own_address(&site->listen);
    const char *path = site->page != NULL
                           ? osg_arena_printf(arena, "%s?" OSB_QUERY_FORMAT "=json", site->page)
                           : "/";

    if (site->tls) {
        place->url =
            osg_arena_printf(arena, "https://%s:%u%s", site->name, site->listen.port, path);
        place->at = address;
        return;
    }
    place->url = osg_arena_printf(arena, "http://%s:%u%s", address, site->listen.port, path);
    place->host = osg_arena_printf(arena, "Host: %s", site->name);
}

static struct osg_page_place begin(const struct osg_standing_site *site)
{
    return (struct osg_page_place){
        .has_members = site->page != NULL, .site = site->name, .balancer = site->balancer};
}

static struct osg_standing_site site_of(const struct osg_topology *topology)
{
    return (struct osg_standing_site){.name = topology->site.name.text,
                                      .listen = topology->site.listens.items[0],
                                      .tls = topology->site.tls.on,
                                      .page = topology->admin.status.text,
                                      .balancer = topology->balance.name.text};
}

bool osg_page_find(struct osg_arena *arena, const struct osg_topology *topology, const char *given,
                   struct osg_page_place *place, struct osb_message *why)
{
    const struct osg_standing_site site = site_of(topology);

    *place = begin(&site);
    if (given != NULL)
        return take_given(arena, given, place, why);
    if (!may_see(topology, why))
        return false;
    put_place(arena, &site, place);
    return true;
}

bool osg_page_find_old(struct osg_arena *arena, const struct osg_text *old, const char *given,
                       struct osg_page_place *place)
{
    struct osg_standing standing = osg_standing_read(arena, osg_text_bytes(old), old->length);
    struct osg_standing_site site;

    if (!osg_standing_site(arena, &standing, &site))
        return false;
    *place = begin(&site);
    if (given != NULL)
        return take_given(arena, given, place, NULL);
    put_place(arena, &site, place);
    return true;
}
