/* SPDX-License-Identifier: Apache-2.0 */
/* A topology as YAML: what isn't at its default, in the order of the reference, and each mapping in
 * its short form where that says enough. */
#include "adopt_put.h"
#include "adopt.h"
#include "base/arena.h"
#include "base/text.h"
#include "topology/load.h"
#include "topology/topology.h"
#include "yaml/yaml_map.h"
#include "yaml/yaml_text.h"

#include "core/vocabulary.h"

#include <string.h>
#include <strings.h>

/* ---- instances ------------------------------------------------------------------------------- */

static void put_number(struct osg_yaml_map *map, const char *key, uint32_t number)
{
    osg_yaml_key(map, key);
    osg_text_printf(map->text, " %u\n", number);
}

static void put_instance(struct osg_text *text, const struct osg_instance *instance)
{
    struct osg_text url = {0}, keys = {0};
    struct osg_yaml_map map = {&keys, "", "    ", true};

    osg_url_put(&url, &instance->url);
    if (instance->weight != 1)
        put_number(&map, "weight", instance->weight);
    if (instance->lbset > 0)
        put_number(&map, "lbset", instance->lbset);
    if (instance->standby)
        osg_yaml_plain(&map, "standby", "on");
    if (instance->disabled)
        osg_yaml_plain(&map, "disabled", "on");
    osg_yaml_word(&map, "secret_file", instance->secret.file.text);
    osg_yaml_word(&map, "secret", instance->secret.value.text);
    osg_text_put(text, "  - ");
    if (instance->name.text != NULL) {
        osg_text_put(text, "name: ");
        osg_yaml_put(text, instance->name.text);
        osg_text_put(text, "\n    url: ");
    } else if (keys.length > 0) {
        osg_text_put(text, "url: ");
    }
    osg_yaml_put(text, url.bytes);
    osg_text_put(text, "\n");
    osg_text_put(text, keys.length > 0 ? keys.bytes : "");
    osg_text_free(&url);
    osg_text_free(&keys);
}

/* ---- balance --------------------------------------------------------------------------------- */

static bool is_beside(const struct osb_setting *row)
{
    return strcmp(row->key, OSB_KEY_SLOWSTART) == 0 || strcmp(row->key, OSB_KEY_WARMUP) == 0;
}

static void put_health(struct osg_text *text, const struct osg_checks *health)
{
    struct osg_yaml_map map = {text, "  health:\n", "    ", false};

    for (size_t i = 0; i < osb_health_settings_count; i++) {
        if (!is_beside(&osb_health_settings[i]))
            osg_yaml_word(&map, osb_health_settings[i].key, health->given[i].text);
    }
}

static void put_failover(struct osg_text *text, const struct osg_failover *failover)
{
    struct osg_yaml_map map = {text, "  failover:\n", "    ", false};

    for (size_t i = 0; i < osb_failover_settings_count; i++)
        osg_yaml_word(&map, osb_failover_settings[i].key, failover->given[i].text);
}

/* "/,/rest/x" is a list of two. */
static void put_paths(struct osg_arena *arena, struct osg_yaml_map *map, const char *key,
                      const char *paths)
{
    const char **items = osg_arena_alloc(arena, (strlen(paths) + 1) * sizeof *items);
    size_t count = 0;

    for (;;) {
        size_t length = strcspn(paths, ",");

        items[count++] = osg_arena_copy(arena, paths, length);
        if (paths[length] == '\0')
            break;
        paths += length + 1;
    }
    osg_yaml_list(map, key, items, count);
}

static void put_beside(struct osg_arena *arena, struct osg_yaml_map *map,
                       const struct osg_checks *health)
{
    for (size_t i = 0; i < osb_health_settings_count; i++) {
        const struct osb_setting *row = &osb_health_settings[i];

        if (!is_beside(row) || health->given[i].text == NULL)
            continue;
        if (row->type == OSB_SETTING_PATHS)
            put_paths(arena, map, row->key, health->given[i].text);
        else
            osg_yaml_word(map, row->key, health->given[i].text);
    }
}

static void put_sticky(struct osg_yaml_map *map, const struct osg_topology *topology)
{
    const char *sticky = topology->balance.sticky.text;

    if (sticky == NULL)
        return;
    if (strcmp(sticky, OSG_STICKY) != 0)
        osg_yaml_word(map, "sticky", sticky);
    else if (topology->site.saml.text == NULL)
        osg_yaml_plain(map, "sticky", "on");
}

static void put_limits(struct osg_yaml_map *map, const struct osg_balance *balance)
{
    if (balance->retry_ms.place.line > 0)
        osg_yaml_duration(map, "retry", balance->retry_ms.number, UINT32_MAX);
    if (balance->max_attempts.place.line > 0)
        put_number(map, "maxattempts", balance->max_attempts.number);
    if (balance->nofailover.text != NULL)
        osg_yaml_plain(map, "nofailover", "on");
    if (balance->growth.place.line > 0)
        put_number(map, "growth", balance->growth.number);
    osg_yaml_word(map, "skew", balance->skew.text);
}

static void put_balance(struct osg_arena *arena, struct osg_text *text,
                        const struct osg_topology *topology, const struct osg_topology *preset)
{
    const struct osg_balance *balance = &topology->balance;
    struct osg_text keys = {0};
    struct osg_yaml_map map = {&keys, "", "  ", true};

    if (strcmp(balance->method.text, preset->balance.method.text) != 0)
        osg_yaml_word(&map, "method", balance->method.text);
    if (strcmp(balance->name.text, preset->balance.name.text) != 0)
        osg_yaml_word(&map, "name", balance->name.text);
    put_beside(arena, &map, &balance->health);
    put_sticky(&map, topology);
    osg_yaml_duration(&map, "timeout", balance->timeout_ms, preset->balance.timeout_ms);
    osg_yaml_duration(&map, "connect_timeout", balance->connect_timeout_ms,
                      preset->balance.connect_timeout_ms);
    put_limits(&map, balance);
    osg_yaml_word(&map, "secret_file", balance->secret.file.text);
    osg_yaml_word(&map, "secret", balance->secret.value.text);
    if (!balance->health.on)
        osg_yaml_plain(&map, "health", "off");
    else
        put_health(&keys, &balance->health);
    if (balance->health.on && !balance->failover.on)
        osg_yaml_plain(&map, "failover", "off");
    else if (balance->health.on)
        put_failover(&keys, &balance->failover);
    if (keys.length > 0)
        osg_text_printf(text, "balance:\n%s", keys.bytes);
    osg_text_free(&keys);
}

/* ---- admin ----------------------------------------------------------------------------------- */

static void put_page(struct osg_yaml_map *map, const char *key, const struct osg_word *page,
                     const struct osg_word *preset)
{
    if (page->text == NULL)
        osg_yaml_plain(map, key, "off");
    else if (strcmp(page->text, preset->text) != 0)
        osg_yaml_word(map, key, page->text);
}

static void put_admin(struct osg_arena *arena, struct osg_text *text,
                      const struct osg_topology *topology, const struct osg_topology *preset)
{
    const struct osg_admin *admin = &topology->admin;
    struct osg_text keys = {0};
    struct osg_yaml_map map = {&keys, "", "  ", true};

    osg_yaml_word(&map, "users", admin->users.text);
    if (admin->satisfy.any)
        osg_yaml_plain(&map, "satisfy", "any");
    put_page(&map, "manager", &admin->manager, &preset->admin.manager);
    if (topology->balance.health.on)
        put_page(&map, "status", &admin->status, &preset->admin.status);
    put_page(&map, "server_status", &admin->server_status, &preset->admin.server_status);
    if (admin->extended.text != NULL)
        osg_yaml_plain(&map, "extended_status",
                       strcasecmp(admin->extended.text, "on") == 0 ? "on" : "off");
    if (admin->allow.count > 0) {
        osg_text_put(text, keys.length > 0 ? "admin:\n  allow: " : "admin: ");
        osg_yaml_items(text, osg_adopt_allowed(arena, &admin->allow), admin->allow.count);
    } else if (keys.length > 0) {
        osg_text_put(text, "admin:\n");
    }
    osg_text_put(text, keys.length > 0 ? keys.bytes : "");
    osg_text_free(&keys);
}

static void put_server(struct osg_text *text, const struct osg_server *server)
{
    struct osg_yaml_map map = {text, "server:\n", "  ", false};

    osg_yaml_word(&map, "state_file", server->state_file.text);
    osg_yaml_word(&map, "notify", server->notify.text);
}

static void put_head(struct osg_text *text)
{
    osg_text_put(text,
                 "# OpenSpecimen behind Apache httpd, for osgen " OSB_VERSION
                 ": adopted from a configuration of httpd's.\n"
                 "# What it doesn't say is at its default; osgen-topology(5) has every key.\n");
}

void osg_adopt_put(struct osg_text *text, const struct osg_topology *topology)
{
    struct osg_arena *arena = osg_arena_new();
    const struct osg_topology preset = osg_topology_defaults(arena, topology->file);

    put_head(text);
    osg_adopt_put_site(arena, text, topology, &preset);
    osg_text_put(text, "instances:\n");
    for (size_t i = 0; i < topology->instances.count; i++)
        put_instance(text, &topology->instances.items[i]);
    put_balance(arena, text, topology, &preset);
    put_admin(arena, text, topology, &preset);
    put_server(text, &topology->server);
    if (topology->raw.text != NULL) {
        osg_text_put(text, "raw: ");
        osg_yaml_put_lines(text, topology->raw.text);
    }
    osg_arena_free(arena);
}
