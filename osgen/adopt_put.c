/* SPDX-License-Identifier: Apache-2.0 */
/* A topology as YAML: what isn't at its default, in the order of the reference, and each mapping in
 * its short form where that says enough. */
#include "adopt.h"
#include "arena.h"
#include "load.h"
#include "text.h"
#include "topology.h"
#include "yaml_text.h"

#include "core/parse.h"
#include "core/vocabulary.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* A mapping whose heading is written with its first key. */
struct mapping {
    struct osg_text *text;
    const char *heading; /* "\nbalance:\n" */
    const char *indent;  /* before each key */
    bool open;           /* is the heading written? */
};

static void put_key(struct mapping *mapping, const char *key)
{
    osg_text_printf(mapping->text, "%s%s%s:", mapping->open ? "" : mapping->heading,
                    mapping->indent, key);
    mapping->open = true;
}

static void put_word(struct mapping *mapping, const char *key, const char *value)
{
    if (value == NULL)
        return;
    put_key(mapping, key);
    osg_text_put(mapping->text, " ");
    osg_yaml_put(mapping->text, value);
    osg_text_put(mapping->text, "\n");
}

/* One of the language's own words, which need no quotes. */
static void put_plain(struct mapping *mapping, const char *key, const char *value)
{
    put_key(mapping, key);
    osg_text_printf(mapping->text, " %s\n", value);
}

static void put_duration(struct mapping *mapping, const char *key, uint32_t ms, uint32_t preset)
{
    char shown[16];

    if (ms != preset)
        put_plain(mapping, key, osb_format_duration(ms, shown, sizeof shown));
}

/* "one" or "[one, other]" */
static void put_list(struct osg_text *text, const char *const *items, size_t count)
{
    osg_text_put(text, count == 1 ? "" : "[");
    for (size_t i = 0; i < count; i++) {
        osg_text_put(text, i > 0 ? ", " : "");
        osg_yaml_put(text, items[i]);
    }
    osg_text_put(text, count == 1 ? "\n" : "]\n");
}

static void put_admissions(struct osg_arena *arena, struct osg_text *text,
                           const struct osg_admissions *allow)
{
    const char **items = osg_arena_alloc(arena, (allow->count + 1) * sizeof *items);

    for (size_t i = 0; i < allow->count; i++)
        items[i] = allow->items[i].text;
    put_list(text, items, allow->count);
}

/* ---- site ------------------------------------------------------------------------------------ */

static bool is_usual(const struct osg_site *site)
{
    const struct osg_listens *listens = &site->listens;

    return listens->count == 0 ||
           (listens->count == 1 && strcmp(listens->items[0].address, "*") == 0 &&
            listens->items[0].port == (site->tls.on ? 443 : 80));
}

static void put_listens(struct osg_arena *arena, struct mapping *mapping,
                        const struct osg_site *site)
{
    const char **items = osg_arena_alloc(arena, (site->listens.count + 1) * sizeof *items);

    if (is_usual(site))
        return;
    for (size_t i = 0; i < site->listens.count; i++)
        items[i] = osg_arena_printf(arena, "%s:%u", site->listens.items[i].address,
                                    site->listens.items[i].port);
    put_key(mapping, "listen");
    osg_text_put(mapping->text, " ");
    put_list(mapping->text, items, site->listens.count);
}

static void put_aliases(struct osg_arena *arena, struct mapping *mapping,
                        const struct osg_words *aliases)
{
    const char **items = osg_arena_alloc(arena, (aliases->count + 1) * sizeof *items);

    if (aliases->count == 0)
        return;
    for (size_t i = 0; i < aliases->count; i++)
        items[i] = aliases->items[i].text;
    put_key(mapping, "aliases");
    osg_text_put(mapping->text, " ");
    put_list(mapping->text, items, aliases->count);
}

static void put_managed(struct mapping *mapping, const struct osg_managed *managed)
{
    struct mapping inner = {mapping->text, "", "      ", true};

    put_key(mapping, "managed");
    osg_text_put(mapping->text, "\n");
    put_word(&inner, "contact", managed->contact.text);
    put_word(&inner, "agreement", managed->agreement.text);
    put_word(&inner, "authority", managed->authority.text);
}

static void put_tls(struct osg_text *text, const struct osg_tls *tls, const struct osg_tls *preset)
{
    struct mapping mapping = {text, "  tls:\n", "    ", false};

    if (tls->managed.place.line > 0)
        put_managed(&mapping, &tls->managed);
    put_word(&mapping, "certificate", tls->certificate.text);
    put_word(&mapping, "key", tls->key.text);
    put_word(&mapping, "chain", tls->chain.text);
    if (tls->protocols != preset->protocols)
        put_plain(&mapping, "protocols", tls->protocols == OSG_TLS_1_2 ? "TLSv1.2" : "TLSv1.3");
    if (tls->hsts_days == 0)
        put_plain(&mapping, "hsts", "off");
    else if (tls->hsts_days != preset->hsts_days) {
        put_key(&mapping, "hsts");
        osg_text_printf(text, " %ud\n", tls->hsts_days);
    }
    if (!tls->redirect)
        put_plain(&mapping, "redirect", "off");
}

static void put_access(struct osg_arena *arena, struct osg_text *text,
                       const struct osg_access *access)
{
    struct mapping mapping = {text, "  access:\n", "    ", false};

    if (access->allow.count > 0) {
        put_key(&mapping, "allow");
        osg_text_put(text, " ");
        put_admissions(arena, text, &access->allow);
    }
    put_word(&mapping, "users", access->users.text);
    if (access->either)
        put_plain(&mapping, "satisfy", "any");
}

static void put_site(struct osg_arena *arena, struct osg_text *text,
                     const struct osg_topology *topology, const struct osg_topology *preset)
{
    const struct osg_site *site = &topology->site;
    struct osg_text keys = {0};
    struct mapping mapping = {&keys, "", "  ", true};

    put_aliases(arena, &mapping, &site->aliases);
    put_listens(arena, &mapping, site);
    if (strcmp(site->context.text, preset->site.context.text) != 0)
        put_word(&mapping, "context", site->context.text);
    if (site->tls.on)
        put_tls(&keys, &site->tls, &preset->site.tls);
    put_access(arena, &keys, &site->access);
    if (site->saml.text != NULL)
        put_plain(&mapping, "saml", "on");
    if (!site->redirects_root)
        put_plain(&mapping, "root", "off");
    put_word(&mapping, "log", site->log.text);
    put_word(&mapping, "error_log", site->error_log.text);
    osg_text_put(text, keys.length > 0 ? "site:\n  name: " : "site: ");
    osg_yaml_put(text, site->name.text);
    osg_text_put(text, "\n");
    osg_text_put(text, keys.length > 0 ? keys.bytes : "");
    osg_text_free(&keys);
}

/* ---- instances ------------------------------------------------------------------------------- */

static void put_instance(struct osg_text *text, const struct osg_instance *instance)
{
    struct osg_text url = {0}, keys = {0};
    struct mapping mapping = {&keys, "", "    ", true};

    osg_url_put(&url, &instance->url);
    if (instance->weight != 1) {
        put_key(&mapping, "weight");
        osg_text_printf(&keys, " %u\n", instance->weight);
    }
    if (instance->standby)
        put_plain(&mapping, "standby", "on");
    if (instance->disabled)
        put_plain(&mapping, "disabled", "on");
    put_word(&mapping, "secret_file", instance->secret.file.text);
    put_word(&mapping, "secret", instance->secret.value.text);
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
    struct mapping mapping = {text, "  health:\n", "    ", false};

    for (size_t i = 0; i < osb_health_settings_count; i++) {
        if (!is_beside(&osb_health_settings[i]))
            put_word(&mapping, osb_health_settings[i].key, health->given[i].text);
    }
}

static void put_failover(struct osg_text *text, const struct osg_failover *failover)
{
    struct mapping mapping = {text, "  failover:\n", "    ", false};

    for (size_t i = 0; i < osb_failover_settings_count; i++)
        put_word(&mapping, osb_failover_settings[i].key, failover->given[i].text);
}

/* "/,/rest/x" is a list of two. */
static void put_paths(struct osg_arena *arena, struct mapping *mapping, const char *key,
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
    put_key(mapping, key);
    osg_text_put(mapping->text, " ");
    put_list(mapping->text, items, count);
}

static void put_beside(struct osg_arena *arena, struct mapping *mapping,
                       const struct osg_checks *health)
{
    for (size_t i = 0; i < osb_health_settings_count; i++) {
        const struct osb_setting *row = &osb_health_settings[i];

        if (!is_beside(row) || health->given[i].text == NULL)
            continue;
        if (row->type == OSB_SETTING_PATHS)
            put_paths(arena, mapping, row->key, health->given[i].text);
        else
            put_word(mapping, row->key, health->given[i].text);
    }
}

static void put_sticky(struct mapping *mapping, const struct osg_topology *topology)
{
    const char *sticky = topology->balance.sticky.text;

    if (sticky == NULL)
        return;
    if (strcmp(sticky, OSG_STICKY) != 0)
        put_word(mapping, "sticky", sticky);
    else if (topology->site.saml.text == NULL)
        put_plain(mapping, "sticky", "on");
}

static void put_balance(struct osg_arena *arena, struct osg_text *text,
                        const struct osg_topology *topology, const struct osg_topology *preset)
{
    const struct osg_balance *balance = &topology->balance;
    struct osg_text keys = {0};
    struct mapping mapping = {&keys, "", "  ", true};

    if (strcmp(balance->method.text, preset->balance.method.text) != 0)
        put_word(&mapping, "method", balance->method.text);
    if (strcmp(balance->name.text, preset->balance.name.text) != 0)
        put_word(&mapping, "name", balance->name.text);
    put_beside(arena, &mapping, &balance->health);
    put_sticky(&mapping, topology);
    put_duration(&mapping, "timeout", balance->timeout_ms, preset->balance.timeout_ms);
    put_duration(&mapping, "connect_timeout", balance->connect_timeout_ms,
                 preset->balance.connect_timeout_ms);
    put_word(&mapping, "secret_file", balance->secret.file.text);
    put_word(&mapping, "secret", balance->secret.value.text);
    if (!balance->health.on)
        put_plain(&mapping, "health", "off");
    else
        put_health(&keys, &balance->health);
    if (balance->health.on && !balance->failover.on)
        put_plain(&mapping, "failover", "off");
    else if (balance->health.on)
        put_failover(&keys, &balance->failover);
    if (keys.length > 0)
        osg_text_printf(text, "balance:\n%s", keys.bytes);
    osg_text_free(&keys);
}

/* ---- admin ----------------------------------------------------------------------------------- */

static void put_page(struct mapping *mapping, const char *key, const struct osg_word *page,
                     const struct osg_word *preset)
{
    if (page->text == NULL)
        put_plain(mapping, key, "off");
    else if (strcmp(page->text, preset->text) != 0)
        put_word(mapping, key, page->text);
}

static void put_admin(struct osg_arena *arena, struct osg_text *text,
                      const struct osg_topology *topology, const struct osg_topology *preset)
{
    const struct osg_admin *admin = &topology->admin;
    struct osg_text keys = {0};
    struct mapping mapping = {&keys, "", "  ", true};

    put_word(&mapping, "users", admin->users.text);
    if (admin->either)
        put_plain(&mapping, "satisfy", "any");
    put_page(&mapping, "manager", &admin->manager, &preset->admin.manager);
    if (topology->balance.health.on)
        put_page(&mapping, "status", &admin->status, &preset->admin.status);
    put_page(&mapping, "server_status", &admin->server_status, &preset->admin.server_status);
    if (admin->extended.text != NULL)
        put_plain(&mapping, "extended_status",
                  strcasecmp(admin->extended.text, "on") == 0 ? "on" : "off");
    if (admin->allow.count > 0) {
        osg_text_put(text, keys.length > 0 ? "admin:\n  allow: " : "admin: ");
        put_admissions(arena, text, &admin->allow);
    } else if (keys.length > 0) {
        osg_text_put(text, "admin:\n");
    }
    osg_text_put(text, keys.length > 0 ? keys.bytes : "");
    osg_text_free(&keys);
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
    put_site(arena, text, topology, &preset);
    osg_text_put(text, "instances:\n");
    for (size_t i = 0; i < topology->instances.count; i++)
        put_instance(text, &topology->instances.items[i]);
    put_balance(arena, text, topology, &preset);
    put_admin(arena, text, topology, &preset);
    if (topology->raw.text != NULL) {
        osg_text_put(text, "raw: ");
        osg_yaml_put_lines(text, topology->raw.text);
    }
    osg_arena_free(arena);
}
