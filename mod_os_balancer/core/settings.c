/* SPDX-License-Identifier: Apache-2.0 */
#include "settings.h"
#include "message.h"
#include "parse.h"
#include "text.h"
#include "vocabulary.h"

#include <stdio.h>
#include <string.h>

#define FIELD(name) offsetof(struct osb_health, name)

const struct osb_setting osb_health_settings[] = {
    {.key = OSB_KEY_INTERVAL,
     .type = OSB_SETTING_DURATION,
     .offset = FIELD(interval_ms),
     .min = 100,
     .max = 3600000,
     .preset = 2000,
     .meaning = "from the start of one check of a member to the start of the next"},
    {.key = OSB_KEY_FAST,
     .type = OSB_SETTING_DURATION,
     .offset = FIELD(fast_ms),
     .min = 100,
     .max = 3600000,
     .preset = 250,
     .meaning = "the same while a verdict is changing; at most interval"},
    {.key = OSB_KEY_DOWN,
     .type = OSB_SETTING_DURATION,
     .offset = FIELD(down_ms),
     .min = 100,
     .max = 3600000,
     .preset = 2000,
     .meaning = "the same while a member is out; as interval unless set"},
    {.key = OSB_KEY_TIMEOUT,
     .type = OSB_SETTING_DURATION,
     .offset = FIELD(timeout_ms),
     .min = 100,
     .max = 60000,
     .preset = 2000,
     .meaning = "the deadline over one whole check, name lookup included; at most interval"},
    {.key = OSB_KEY_PING,
     .type = OSB_SETTING_DURATION,
     .offset = FIELD(ping_ms),
     .min = 50,
     .max = 60000,
     .preset = 250,
     .meaning =
         "the deadline over CPING, or over OPTIONS * by HTTP, while another member is up; at most "
         "timeout"},
    {.key = OSB_KEY_RISE,
     .type = OSB_SETTING_NUMBER,
     .offset = FIELD(rise),
     .min = 1,
     .max = 100,
     .preset = 2,
     .meaning = "consecutive good checks that bring a member back"},
    {.key = OSB_KEY_FALL,
     .type = OSB_SETTING_NUMBER,
     .offset = FIELD(fall),
     .min = 1,
     .max = 100,
     .preset = 2,
     .meaning = "consecutive bad checks that take a member out"},
    {.key = OSB_KEY_SLOWSTART,
     .type = OSB_SETTING_DURATION,
     .offset = FIELD(slowstart_ms),
     .min = 0,
     .max = 3600000,
     .preset = 0,
     .meaning =
         "in which a member that came up grows to its weight; with lbmethod=os_least_time only"},
    {.key = OSB_KEY_WARMUP,
     .type = OSB_SETTING_PATHS,
     .offset = FIELD(warmup),
     .meaning = "paths below the context that a member is asked for before users come, with commas "
                "between"},
    {.key = OSB_KEY_CONTEXT,
     .type = OSB_SETTING_CONTEXT,
     .offset = FIELD(context),
     .meaning = "OpenSpecimen's context path, where it is not the path of the member's URL"},
    {.key = OSB_KEY_TLS_CA,
     .type = OSB_SETTING_FILE,
     .offset = FIELD(tls_ca),
     .meaning = "PEM file of the authorities that https:// members are verified against; the "
                "system's unless set"},
};
const size_t osb_health_settings_count = sizeof osb_health_settings / sizeof *osb_health_settings;

const struct osb_setting osb_failover_settings[] = {
    {.key = OSB_KEY_RETRIES,
     .type = OSB_SETTING_NUMBER,
     .offset = offsetof(struct osb_failover, retries),
     .min = 1,
     .max = 5,
     .preset = 1,
     .meaning = "other members that a safe request may be given to, one after another"},
    {.key = OSB_KEY_BUDGET,
     .type = OSB_SETTING_PERCENT,
     .offset = offsetof(struct osb_failover, budget),
     .min = 0,
     .max = 100,
     .preset = 20,
     .meaning = "how many failovers a balancer may make, of its requests in the last ten seconds; "
                "ten more are allowed in any case"},
};
const size_t osb_failover_settings_count =
    sizeof osb_failover_settings / sizeof *osb_failover_settings;

/* A table of settings, and whose fields they are. */
struct table {
    const struct osb_setting *rows;
    size_t count;
};

#define MOST_KEYS 32

static const struct osb_setting *find(struct table table, const char *key)
{
    for (size_t i = 0; i < table.count; i++) {
        if (strcmp(table.rows[i].key, key) == 0)
            return &table.rows[i];
    }
    return NULL;
}

static struct table health_table(void)
{
    return (struct table){osb_health_settings, osb_health_settings_count};
}

const struct osb_setting *osb_health_find(const char *key)
{
    return find(health_table(), key);
}

static bool is_text(enum osb_setting_type type)
{
    return type == OSB_SETTING_PATHS || type == OSB_SETTING_CONTEXT || type == OSB_SETTING_FILE;
}

/* Texts are empty unless set. */
static void preset(struct table table, void *object)
{
    for (size_t i = 0; i < table.count; i++) {
        const struct osb_setting *row = &table.rows[i];

        if (!is_text(row->type))
            memcpy((char *)object + row->offset, &row->preset, sizeof row->preset);
    }
}

struct osb_health osb_health_defaults(void)
{
    struct osb_health health = {.context = ""};

    preset(health_table(), &health);
    return health;
}

struct osb_failover osb_failover_defaults(void)
{
    struct osb_failover failover = {.retries = 0};

    preset((struct table){osb_failover_settings, osb_failover_settings_count}, &failover);
    return failover;
}

/* "/" followed by letters, digits and - . _ ~ /, so that it is the same text in a URL, a
 * configuration and a page. */
static bool set_context(char *context, const char *value, struct osb_message *why)
{
    static const char accepted[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                   "0123456789-._~/";
    size_t length = strlen(value);

    if (value[0] != '/' || length < 2 || length >= OSB_CONTEXT_MAX || value[length - 1] == '/' ||
        value[strspn(value, accepted)] != '\0' || strstr(value, "//") || strstr(value, "/."))
        return osb_refuse(why,
                          "\"%.40s\" is not a context path: a slash and letters, digits, - . _ ~, "
                          "such as /openspecimen, under %d characters and no slash at the end",
                          value, OSB_CONTEXT_MAX);
    memcpy(context, value, length + 1);
    return true;
}

/* Each begins with a slash; of RFC 3986's characters for paths and queries those that are the same
 * text in a configuration, a log and a page. */
static bool set_paths(char *paths, const char *value, struct osb_message *why)
{
    static const char accepted[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                   "0123456789-._~/%?=&+:@";
    const char *path = value;
    size_t length = strlen(value);

    while (*path == '/') {
        path += strspn(path, accepted);
        if (*path == '\0' && length < OSB_WARMUP_MAX) {
            memcpy(paths, value, length + 1);
            return true;
        }
        if (*path != ',')
            break;
        path++;
    }
    return osb_refuse(why,
                      "\"%.40s\" is not a list of paths: each a slash and letters, digits, "
                      "- . _ ~ / %% ? = & + : @, with commas between them, under %d characters in "
                      "all",
                      value, OSB_WARMUP_MAX);
}

/* A path that reads the same in a configuration, a log and a page. Whether there is such a file is
 * for those to see who open it. */
static bool set_file(char *file, const char *value, struct osb_message *why)
{
    char clean[OSB_FILE_MAX];

    osb_text_copy(clean, sizeof clean, value);
    if (value[0] == '\0' || strcmp(clean, value) != 0 || strpbrk(value, "\"'\\") != NULL)
        return osb_refuse(why,
                          "\"%.40s\" is not the path of a file: under %d bytes of UTF-8, without "
                          "quotes, backslashes and control characters",
                          value, OSB_FILE_MAX);
    memcpy(file, clean, sizeof clean);
    return true;
}

static bool unknown_key(struct table table, const char *key, struct osb_message *why)
{
    const char *keys[MOST_KEYS];
    const char *nearest;
    size_t ignored;

    for (size_t i = 0; i < table.count; i++)
        keys[i] = table.rows[i].key;
    osb_parse_choice(key, keys, table.count, &ignored, why);
    nearest = osb_nearest(key, keys, table.count);
    if (nearest != NULL && why != NULL) {
        size_t used = strlen(why->text);

        snprintf(why->text + used, sizeof why->text - used, "; did you mean %s?", nearest);
    }
    return false;
}

static bool set_field(void *object, const struct osb_setting *row, const char *value,
                      struct osb_message *why)
{
    void *field = (char *)object + row->offset;

    switch (row->type) {
    case OSB_SETTING_DURATION:
        return osb_parse_duration(value, row->min, row->max, field, why);
    case OSB_SETTING_NUMBER:
        return osb_parse_number(value, row->min, row->max, field, why);
    case OSB_SETTING_PERCENT:
        return osb_parse_percent(value, row->min, row->max, field, why);
    case OSB_SETTING_PATHS:
        return set_paths(field, value, why);
    case OSB_SETTING_CONTEXT:
        return set_context(field, value, why);
    case OSB_SETTING_FILE:
        return set_file(field, value, why);
    }
    return osb_refuse(why, "%s has no reader", row->key);
}

bool osb_health_set(struct osb_health *health, const char *key, const char *value,
                    struct osb_message *why)
{
    const struct osb_setting *row = osb_health_find(key);

    if (row == NULL)
        return unknown_key(health_table(), key, why);
    if (!set_field(health, row, value, why))
        return false;
    health->given |= 1u << (row - osb_health_settings);
    return true;
}

bool osb_failover_set(struct osb_failover *failover, const char *key, const char *value,
                      struct osb_message *why)
{
    const struct table table = {osb_failover_settings, osb_failover_settings_count};
    const struct osb_setting *row = find(table, key);

    return row != NULL ? set_field(failover, row, value, why) : unknown_key(table, key, why);
}

static bool was_given(const struct osb_health *health, const char *key)
{
    return health->given & 1u << (osb_health_find(key) - osb_health_settings);
}

static uint32_t *field_of(struct osb_health *health, const struct osb_setting *row)
{
    return (uint32_t *)(void *)((char *)health + row->offset);
}

/* What KEY is at most: another setting. One that is too long itself is no measure. */
static const struct osb_setting *limit_of(struct osb_health *health, const char *key)
{
    const struct osb_setting *timeout = osb_health_find(OSB_KEY_TIMEOUT);
    bool by_timeout = strcmp(key, OSB_KEY_PING) == 0 && health->timeout_ms <= health->interval_ms;

    return by_timeout ? timeout : osb_health_find(OSB_KEY_INTERVAL);
}

/* Shortened if nobody asked for more, refused if somebody did. */
static bool bound(struct osb_health *health, const char *key, struct osb_message *why)
{
    const struct osb_setting *limit = limit_of(health, key);
    uint32_t *ms = field_of(health, osb_health_find(key)), most = *field_of(health, limit);
    char shown[16], at_most[16];

    if (*ms <= most)
        return true;
    if (was_given(health, key))
        return osb_refuse(why, "%s=%s is longer than %s=%s; it may be as long", key,
                          osb_format_duration(*ms, shown, sizeof shown), limit->key,
                          osb_format_duration(most, at_most, sizeof at_most));
    *ms = most;
    return true;
}

const struct osb_setting *osb_health_wrong(struct osb_health *health, size_t *from,
                                           struct osb_message *why)
{
    static const char *const bounded[] = {OSB_KEY_TIMEOUT, OSB_KEY_FAST, OSB_KEY_PING};

    if (!was_given(health, OSB_KEY_DOWN))
        health->down_ms = health->interval_ms;
    while (*from < sizeof bounded / sizeof *bounded) {
        const char *key = bounded[(*from)++];

        if (!bound(health, key, why))
            return osb_health_find(key);
    }
    return NULL;
}

bool osb_health_check(struct osb_health *health, struct osb_message *why)
{
    size_t from = 0;

    return osb_health_wrong(health, &from, why) == NULL;
}
