/* SPDX-License-Identifier: Apache-2.0 */
/* What only the whole topology shows: the same thing twice, things in each other's way, and what
 * works but should be known. */
#include "address.h"
#include "grammar.h"
#include "load.h"
#include "topology.h"
#include "unique.h"
#include "base/arena.h"
#include "problem/problem.h"

#include <stdlib.h>
#include <string.h>

#define HTTPS_PORT 443

static void check_instance_names(struct osg_reader *reader, const struct osg_instances *instances)
{
    struct osg_word *words = osg_new_words(reader->arena, instances->count);
    size_t count = 0;

    for (size_t i = 0; i < instances->count; i++) {
        if (instances->items[i].name.text != NULL)
            words[count++] = instances->items[i].name;
    }
    osg_check_unique(reader, words, count, OSG_DUPLICATE_NAME, "the name");
}

/* httpd takes a member whose URL begins with another's for the same member, and drops it with no
 * more than a line in the log. Sorted, a URL stands behind those that it begins with. */
static void check_prefixes(struct osg_reader *reader, struct osg_word *urls, size_t count)
{
    const struct osg_word *base = count > 0 ? &urls[0] : NULL;

    qsort(urls, count, sizeof *urls, osg_word_order);

    for (size_t i = 1; i < count; i++) {
        size_t length = strlen(base->text);

        if (strncmp(base->text, urls[i].text, length) != 0)
            base = &urls[i];
        else if (urls[i].text[length] != '\0')
            osg_error(reader->problems, OSG_URL_PREFIX, urls[i].place,
                      "this URL begins with that of %s, and httpd would take both for one "
                      "member",
                      osg_line_of(reader->arena, reader->source, base->place, urls[i].place));
    }
}

static void read_urls(struct osg_arena *arena, const struct osg_instances *instances,
                      struct osg_word *words, bool paths)
{
    for (size_t i = 0; i < instances->count; i++) {
        struct osg_url url = instances->items[i].url;

        url.path = paths ? url.path : "";
        words[i] = (struct osg_word){.text = osg_url_canonical(arena, &url),
                                     .place = instances->items[i].place};
    }
}

/* Those of different hosts or ports are not in each other's way. */
static void check_urls(struct osg_reader *reader, const struct osg_instances *instances)
{
    struct osg_word *words = osg_new_words(reader->arena, instances->count);

    read_urls(reader->arena, instances, words, false);
    if (osg_surely_differ(reader->arena, words, instances->count))
        return;
    read_urls(reader->arena, instances, words, true);
    osg_check_unique(reader, words, instances->count, OSG_DUPLICATE_URL, "the URL");
    check_prefixes(reader, words, instances->count);
}

static void check_listens(struct osg_reader *reader, const struct osg_site *site)
{
    const struct osg_listens *listens = &site->listens;
    struct osg_word *words = osg_new_words(reader->arena, listens->count);

    for (size_t i = 0; i < listens->count; i++)
        words[i] = (struct osg_word){.text = osg_arena_printf(reader->arena, "%s:%u",
                                                              listens->items[i].address,
                                                              listens->items[i].port),
                                     .place = listens->items[i].place};
    osg_check_unique(reader, words, listens->count, OSG_DUPLICATE_ENTRY, "the address");
    for (size_t i = 0; i < listens->count; i++) {
        if (listens->items[i].port == HTTPS_PORT && !site->tls.on)
            osg_warning(reader->problems, OSG_PLAIN_PORT_443, listens->items[i].place,
                        "this virtual host speaks plain HTTP, on port 443 too: for TLS give the "
                        "site a tls:");
    }
}

static void check_names(struct osg_reader *reader, const struct osg_site *site)
{
    struct osg_word *words = osg_new_words(reader->arena, site->aliases.count + 1);
    size_t count = site->aliases.count;

    for (size_t i = 0; i < count; i++)
        words[i] = site->aliases.items[i];
    if (site->name.text != NULL)
        words[count++] = site->name;
    osg_check_unique(reader, words, count, OSG_DUPLICATE_ENTRY, "the host name");
}

/* Does PATH lie under BASE, or is it the same? */
static bool is_under(const char *path, const char *base)
{
    size_t length = strlen(base);

    return strncmp(path, base, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

static void check_pages(struct osg_reader *reader, const struct osg_topology *topology)
{
    const struct osg_admin *admin = &topology->admin;
    const struct osg_word *pages[] = {&admin->manager, &admin->status, &admin->server_status};
    const size_t count = sizeof pages / sizeof *pages;
    const char *context = topology->site.context.text;

    for (size_t i = 0; i < count; i++) {
        if (pages[i]->text == NULL)
            continue;
        if (is_under(context, pages[i]->text))
            osg_error(reader->problems, OSG_HIDDEN_PAGE,
                      pages[i]->place.line > 0 ? pages[i]->place : topology->site.context.place,
                      "the page %s would hide the site's own %s", pages[i]->text, context);
        for (size_t j = 0; j < count; j++) {
            if (j != i && pages[j]->text != NULL && is_under(pages[i]->text, pages[j]->text) &&
                (strcmp(pages[i]->text, pages[j]->text) != 0 || j < i))
                osg_error(reader->problems, OSG_HIDDEN_PAGE,
                          pages[i]->place.line > 0 ? pages[i]->place : pages[j]->place,
                          "the page %s would be hidden by the one at %s", pages[i]->text,
                          pages[j]->text);
        }
    }
}

/* Without a secret Tomcat believes whoever reaches the connector, user name and address included.
 * Nobody but this machine reaches one on its loopback. */
static void check_connectors(struct osg_reader *reader, const struct osg_instances *instances)
{
    const struct osg_instance *first = NULL;
    size_t count = 0;

    for (size_t i = 0; i < instances->count; i++) {
        const struct osg_instance *instance = &instances->items[i];

        if (strcmp(instance->url.scheme->name, "ajp") != 0 || instance->secret.value.text != NULL ||
            osg_is_loopback(instance->url.host))
            continue;
        first = first != NULL ? first : instance;
        count++;
    }
    if (count == 1)
        osg_warning(
            reader->problems, OSG_NO_AJP_SECRET, first->place,
            "this instance has no AJP secret: whoever reaches its port is trusted as httpd is");
    else if (count > 1)
        osg_warning(
            reader->problems, OSG_NO_AJP_SECRET, first->place,
            "%zu instances have no AJP secret: whoever reaches their ports is trusted as httpd is",
            count);
}

static void check_somebody_serves(struct osg_reader *reader, const struct osg_instances *instances)
{
    for (size_t i = 0; i < instances->count; i++) {
        if (!instances->items[i].disabled)
            return;
    }
    if (instances->count > 0)
        osg_warning(reader->problems, OSG_ALL_DISABLED, instances->items[0].place,
                    "every instance is disabled: users will only see an error");
}

void osg_validate(struct osg_reader *reader, const struct osg_topology *topology)
{
    check_instance_names(reader, &topology->instances);
    check_urls(reader, &topology->instances);
    check_somebody_serves(reader, &topology->instances);
    check_listens(reader, &topology->site);
    osg_validate_tls(reader, &topology->site);
    osg_validate_sticky(reader, topology);
    check_names(reader, &topology->site);
    check_pages(reader, topology);
    osg_validate_access(reader, topology);
    osg_validate_silence(reader, &topology->silence);
    osg_validate_pair(reader, topology);
    /* A secret that couldn't be read isn't missing. */
    if (reader->problems->errors == 0)
        check_connectors(reader, &topology->instances);
}
