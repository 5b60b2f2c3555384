/* SPDX-License-Identifier: Apache-2.0 */
#include "adopt_put.h"
#include "base/arena.h"
#include "base/text.h"
#include "topology/size.h"
#include "topology/topology.h"
#include "yaml/yaml_map.h"
#include "yaml/yaml_text.h"

#include <string.h>

const char **osg_adopt_allowed(struct osg_arena *arena, const struct osg_admissions *allow)
{
    const char **items = osg_arena_alloc(arena, (allow->count + 1) * sizeof *items);

    for (size_t i = 0; i < allow->count; i++)
        items[i] = allow->items[i].text;
    return items;
}

static bool is_usual(const struct osg_site *site)
{
    const struct osg_listens *listens = &site->listens;

    return listens->count == 0 ||
           (listens->count == 1 && strcmp(listens->items[0].address, "*") == 0 &&
            listens->items[0].port == (site->tls.on ? 443 : 80));
}

static void put_listens(struct osg_arena *arena, struct osg_yaml_map *map,
                        const struct osg_site *site)
{
    const char **items = osg_arena_alloc(arena, (site->listens.count + 1) * sizeof *items);

    if (is_usual(site))
        return;
    for (size_t i = 0; i < site->listens.count; i++)
        items[i] = osg_arena_printf(arena, "%s:%u", site->listens.items[i].address,
                                    site->listens.items[i].port);
    osg_yaml_list(map, "listen", items, site->listens.count);
}

static void put_aliases(struct osg_arena *arena, struct osg_yaml_map *map,
                        const struct osg_words *aliases)
{
    const char **items = osg_arena_alloc(arena, (aliases->count + 1) * sizeof *items);

    for (size_t i = 0; i < aliases->count; i++)
        items[i] = aliases->items[i].text;
    osg_yaml_list(map, "aliases", items, aliases->count);
}

static void put_managed(struct osg_yaml_map *map, const struct osg_managed *managed)
{
    struct osg_yaml_map inner = {map->text, "", "      ", true};

    osg_yaml_key(map, "managed");
    osg_text_put(map->text, "\n");
    osg_yaml_word(&inner, "contact", managed->contact.text);
    osg_yaml_word(&inner, "agreement", managed->agreement.text);
    osg_yaml_word(&inner, "authority", managed->authority.text);
}

static void put_tls(struct osg_text *text, const struct osg_tls *tls, const struct osg_tls *preset)
{
    struct osg_yaml_map map = {text, "  tls:\n", "    ", false};

    if (tls->managed.place.line > 0)
        put_managed(&map, &tls->managed);
    osg_yaml_word(&map, "certificate", tls->certificate.text);
    osg_yaml_word(&map, "key", tls->key.text);
    osg_yaml_word(&map, "chain", tls->chain.text);
    if (tls->protocols != preset->protocols)
        osg_yaml_plain(&map, "protocols", tls->protocols == OSG_TLS_1_2 ? "TLSv1.2" : "TLSv1.3");
    if (tls->hsts_days == 0)
        osg_yaml_plain(&map, "hsts", "off");
    else if (tls->hsts_days != preset->hsts_days) {
        osg_yaml_key(&map, "hsts");
        osg_text_printf(text, " %ud\n", tls->hsts_days);
    }
    if (!tls->redirect)
        osg_yaml_plain(&map, "redirect", "off");
}

static void put_access(struct osg_arena *arena, struct osg_text *text,
                       const struct osg_access *access)
{
    struct osg_yaml_map map = {text, "  access:\n", "    ", false};

    osg_yaml_list(&map, "allow", osg_adopt_allowed(arena, &access->allow), access->allow.count);
    osg_yaml_word(&map, "users", access->users.text);
    if (access->satisfy.any)
        osg_yaml_plain(&map, "satisfy", "any");
}

static void put_max_upload(struct osg_yaml_map *map, uint32_t bytes)
{
    char shown[16];

    if (bytes > 0)
        osg_yaml_plain(map, "max_upload", osg_size_format(bytes, shown, sizeof shown));
}

void osg_adopt_put_site(struct osg_arena *arena, struct osg_text *text,
                        const struct osg_topology *topology, const struct osg_topology *preset)
{
    const struct osg_site *site = &topology->site;
    struct osg_text keys = {0};
    struct osg_yaml_map map = {&keys, "", "  ", true};

    put_aliases(arena, &map, &site->aliases);
    put_listens(arena, &map, site);
    if (strcmp(site->context.text, preset->site.context.text) != 0)
        osg_yaml_word(&map, "context", site->context.text);
    if (site->tls.on)
        put_tls(&keys, &site->tls, &preset->site.tls);
    put_access(arena, &keys, &site->access);
    if (site->saml.text != NULL)
        osg_yaml_plain(&map, "saml", "on");
    if (!site->redirects_root)
        osg_yaml_plain(&map, "root", "off");
    put_max_upload(&map, site->max_upload);
    osg_yaml_word(&map, "log", site->log.text);
    osg_yaml_word(&map, "error_log", site->error_log.text);
    osg_text_put(text, keys.length > 0 ? "site:\n  name: " : "site: ");
    osg_yaml_put(text, site->name.text);
    osg_text_put(text, "\n");
    osg_text_put(text, keys.length > 0 ? keys.bytes : "");
    osg_text_free(&keys);
}
