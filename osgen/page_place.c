/* SPDX-License-Identifier: Apache-2.0 */
#include "page.h"
#include "admits.h"
#include "arena.h"
#include "topology.h"

#include "core/message.h"
#include "core/vocabulary.h"
#include "probe/wire.h"

#include <string.h>

/* The address of the site on this machine, as a URL has it. */
static const char *own_address(const struct osg_listen *listen)
{
    return strcmp(listen->address, "*") == 0 ? "127.0.0.1" : listen->address;
}

static bool is_name(struct osg_arena *arena, const char *url)
{
    const char *host = strstr(url, "://") + 3;
    size_t length = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/?");
    const char *bare = osg_arena_copy(arena, host, length);

    return !osb_wire_is_address(bare) && strcmp(bare, "localhost") != 0;
}

static bool take_given(struct osg_arena *arena, const struct osg_topology *topology,
                       const char *given, struct osg_page_place *place, struct osb_message *why)
{
    if (strncmp(given, "http://", 7) != 0 && strncmp(given, "https://", 8) != 0)
        return osb_refuse(why, "--status-url: \"%.80s\" doesn't begin with http:// or https://",
                          given);
    place->url = osg_arena_printf(arena, "%s%s" OSB_QUERY_FORMAT "=json", given,
                                  strchr(given, '?') != NULL ? "&" : "?");
    place->has_members = true;
    if (!is_name(arena, given))
        place->host = osg_arena_printf(arena, "Host: %s", topology->site.name.text);
    return true;
}

/* Who is connected to at an address of this machine sees that same address as the client. */
bool osg_page_find(struct osg_arena *arena, const struct osg_topology *topology, const char *given,
                   struct osg_page_place *place, struct osb_message *why)
{
    const struct osg_listen *listen = &topology->site.listens.items[0];
    const char *page = topology->admin.status.text;

    *place = (struct osg_page_place){.has_members = page != NULL};
    if (given != NULL)
        return take_given(arena, topology, given, place, why);
    if (page != NULL && !osg_may_admit(&topology->admin.allow, own_address(listen)))
        return osb_refuse(why,
                          "admin.allow doesn't let this machine see the status page, so nobody "
                          "could tell whether httpd has taken the file: add %s to it, or say "
                          "--status-url or --no-wait",
                          own_address(listen));
    place->url = osg_arena_printf(arena, "http://%s:%u%s", own_address(listen), listen->port,
                                  page != NULL ? page : "/");
    if (page != NULL)
        place->url = osg_arena_printf(arena, "%s?" OSB_QUERY_FORMAT "=json", place->url);
    place->host = osg_arena_printf(arena, "Host: %s", topology->site.name.text);
    return true;
}
