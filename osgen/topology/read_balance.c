/* SPDX-License-Identifier: Apache-2.0 */
#include "address.h"
#include "form.h"
#include "grammar.h"
#include "method.h"
#include "quote.h"
#include "secret.h"
#include "topology.h"
#include "base/arena.h"
#include "base/text.h"
#include "problem/problem.h"

#include "core/message.h"
#include "core/parse.h"
#include "core/roster.h"
#include "core/vocabulary.h"

#include <string.h>

/* In any case of letters, as all choices; httpd's own lookup wants small ones. */
static void read_method(struct osg_reader *reader, const struct osg_key *key,
                        const struct osg_node *value, void *field)
{
    const char **names = osg_arena_alloc(reader->arena, osg_methods_count * sizeof *names);
    struct osg_word *method = field;
    struct osb_message why;
    size_t index;

    (void)key;
    method->text = NULL;
    for (size_t i = 0; i < osg_methods_count; i++)
        names[i] = osg_methods[i].name;
    if (osb_parse_choice(value->text, names, osg_methods_count, &index, &why))
        *method = (struct osg_word){.text = names[index], .place = value->place};
    else
        osg_error(reader->problems, OSG_NOT_A_CHOICE, value->place, "%s", why.text);
}

/* Settings of one of core's tables, which says what each takes. */
struct settings {
    const char *name; /* of the mapping */
    const struct osb_setting *rows;
    size_t count; /* of rows */
    bool (*set)(void *values, const char *key, const char *value, struct osb_message *why);
    void *values;
    struct osg_word *given; /* as each row was given */
    bool *on;
};

static bool set_health(void *values, const char *key, const char *value, struct osb_message *why)
{
    return osb_health_set(values, key, value, why);
}

static bool set_failover(void *values, const char *key, const char *value, struct osb_message *why)
{
    return osb_failover_set(values, key, value, why);
}

static const struct osb_setting *find_setting(const struct settings *settings, const char *key)
{
    for (size_t i = 0; i < settings->count; i++) {
        if (strcmp(settings->rows[i].key, key) == 0)
            return &settings->rows[i];
    }
    return NULL;
}

static void add_path(struct osg_reader *reader, const struct osg_key *key,
                     const struct osg_node *path, void *list)
{
    struct osg_text *text = list;

    (void)reader;
    (void)key;
    osg_text_printf(text, "%s%s", text->length > 0 ? "," : "", path->text);
}

/* Of a list of paths, what the directive wants: all in one, with commas between. NULL: there is
 * none, and that has been told. */
static const char *join(struct osg_reader *reader, const char *name, const struct osg_node *list)
{
    struct osg_text text = {0};
    const char *joined = NULL;

    if (osg_each_scalar(reader, &(struct osg_key){.name = name}, list, add_path, &text) > 0)
        joined = osg_arena_copy(reader->arena, text.bytes, text.length);
    osg_text_free(&text);
    return joined;
}

static void set_row(struct osg_reader *reader, const struct osg_node *value,
                    const struct osb_setting *row, const struct settings *settings)
{
    unsigned takes = OSG_TAKES_SCALAR | (row->type == OSB_SETTING_PATHS ? OSG_TAKES_LIST : 0);
    struct osg_word *given = &settings->given[row - settings->rows];
    const char *text = value->text;
    struct osb_message why;

    if (!osg_value_fits(reader, row->key, takes, value))
        return;
    if (value->type == OSG_NODE_LIST)
        text = join(reader, row->key, value);
    if (text == NULL)
        return;
    if (given->text != NULL)
        osg_error(reader->problems, OSG_DUPLICATE_KEY, value->place,
                  "%s stands already, in another place", row->key);
    else if (settings->set(settings->values, row->key, text, &why) && osg_quotable(text, &why))
        *given = (struct osg_word){.text = text, .place = value->place};
    else
        osg_error(reader->problems, OSG_BAD_SETTING, value->place, "%s", why.text);
}

static void read_setting(struct osg_reader *reader, const struct osg_node *value,
                         const char *const *names, const struct settings *settings)
{
    const struct osb_setting *row = find_setting(settings, value->key->text);

    if (row != NULL)
        set_row(reader, value, row, settings);
    else
        osg_unknown_key(reader, value->key, settings->name, names, settings->count);
}

/* A switch, or a mapping of the table's keys. */
static void read_settings(struct osg_reader *reader, const struct osg_key *key,
                          const struct osg_node *value, const struct settings *settings)
{
    const char **names = osg_arena_alloc(reader->arena, settings->count * sizeof *names);

    if (value->type == OSG_NODE_SCALAR) {
        osg_read_switch(reader, key, value, settings->on);
        return;
    }
    for (size_t i = 0; i < settings->count; i++)
        names[i] = settings->rows[i].key;
    for (const struct osg_node *child = value->first; child != NULL; child = child->next)
        read_setting(reader, child, names, settings);
}

static struct settings health_settings(struct osg_checks *checks)
{
    return (struct settings){"health",   osb_health_settings, osb_health_settings_count,
                             set_health, &checks->settings,   checks->given,
                             &checks->on};
}

static void read_health(struct osg_reader *reader, const struct osg_key *key,
                        const struct osg_node *value, void *field)
{
    struct osg_checks *checks = field;
    const struct settings settings = health_settings(checks);

    checks->place = value->place;
    read_settings(reader, key, value, &settings);
}

/* A setting of the checks that is written beside them, since it is about the balancing. */
static void read_beside(struct osg_reader *reader, const struct osg_key *key,
                        const struct osg_node *value, void *field)
{
    struct osg_checks *checks = field;
    const struct settings settings = health_settings(checks);

    set_row(reader, value, osb_health_find(key->name), &settings);
}

static void read_failover(struct osg_reader *reader, const struct osg_key *key,
                          const struct osg_node *value, void *field)
{
    struct osg_failover *failover = field;

    failover->place = value->place;
    read_settings(reader, key, value,
                  &(struct settings){"failover", osb_failover_settings, osb_failover_settings_count,
                                     set_failover, &failover->settings, failover->given,
                                     &failover->on});
}

static void read_timeout(struct osg_reader *reader, const struct osg_key *key,
                         const struct osg_node *value, void *field)
{
    struct osg_balance *balance = field;

    balance->timeout_place = value->place;
    osg_read_seconds(reader, key, value, &balance->timeout_ms);
}

static void read_connect_timeout(struct osg_reader *reader, const struct osg_key *key,
                                 const struct osg_node *value, void *field)
{
    struct osg_balance *balance = field;

    balance->connect_timeout_place = value->place;
    osg_read_duration(reader, key, value, &balance->connect_timeout_ms);
}

static void read_retry(struct osg_reader *reader, const struct osg_key *key,
                       const struct osg_node *value, void *field)
{
    struct osg_amount *retry_ms = field;

    retry_ms->place = value->place;
    osg_read_seconds(reader, key, value, &retry_ms->number);
}

static void read_nofailover(struct osg_reader *reader, const struct osg_key *key,
                            const struct osg_node *value, void *field)
{
    bool on = false;

    osg_read_switch(reader, key, value, &on);
    *(struct osg_word *)field = (struct osg_word){.text = on ? "On" : NULL, .place = value->place};
}

static void read_skew(struct osg_reader *reader, const struct osg_key *key,
                      const struct osg_node *value, void *field)
{
    struct osb_message why;
    size_t index;

    (void)key;
    if (osb_parse_choice(value->text, osb_skew_policies, osb_skew_policies_count, &index, &why))
        *(struct osg_word *)field =
            (struct osg_word){.text = osb_skew_policies[index], .place = value->place};
    else
        osg_error(reader->problems, OSG_NOT_A_CHOICE, value->place, "%s", why.text);
}

#define FIELD(name) offsetof(struct osg_balance, name)

/* The handlers of the two timeouts are given the balance as a whole. */
static const struct osg_key keys[] = {
    {.name = "method",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(method),
     .read = read_method,
     .form = &osg_form_method,
     .help = "which instance a request goes to; default byrequests"},
    {.name = "name",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(name),
     .read = osg_read_word,
     .check = osg_balancer_check,
     .help = "the balancer's name on httpd's pages; default os-cluster"},
    {.name = "health",
     .takes = OSG_TAKES_SCALAR | OSG_TAKES_MAPPING,
     .offset = FIELD(health),
     .read = read_health,
     .rows = osb_health_settings,
     .row_count = &osb_health_settings_count,
     .form = &osg_form_switch,
     .help = "on, the default, off, or the settings of mod_os_balancer's checks"},
    {.name = "failover",
     .takes = OSG_TAKES_SCALAR | OSG_TAKES_MAPPING,
     .offset = FIELD(failover),
     .read = read_failover,
     .rows = osb_failover_settings,
     .row_count = &osb_failover_settings_count,
     .form = &osg_form_switch,
     .help =
         "on, the default, off, or its settings: what a bad instance fails, another one serves"},
    {.name = OSB_KEY_SLOWSTART,
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(health),
     .read = read_beside,
     .rows = osb_health_settings,
     .row_count = &osb_health_settings_count,
     .help = "in which an instance that came up grows to its weight; with least-time only"},
    {.name = OSB_KEY_WARMUP,
     .takes = OSG_TAKES_SCALAR | OSG_TAKES_LIST,
     .offset = FIELD(health),
     .read = read_beside,
     .rows = osb_health_settings,
     .row_count = &osb_health_settings_count,
     .help = "paths below the context that an instance is asked for before users come"},
    {.name = "sticky",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(sticky),
     .read = osg_read_sticky,
     .form = &osg_form_sticky,
     .help = "on, off or a cookie's name: users stay with an instance; default: on with site.saml"},
    {.name = "timeout",
     .takes = OSG_TAKES_SCALAR,
     .offset = 0,
     .read = read_timeout,
     .form = &osg_form_seconds,
     .min = 1000,
     .max = 3600000,
     .help = "the longest silence of an instance during a request; default 180s"},
    {.name = "connect_timeout",
     .takes = OSG_TAKES_SCALAR,
     .offset = 0,
     .read = read_connect_timeout,
     .form = &osg_form_duration,
     .min = 100,
     .max = 60000,
     .help = "the longest wait for a connection to an instance; default 5s"},
    {.name = "retry",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(retry_ms),
     .read = read_retry,
     .form = &osg_form_seconds,
     .min = 0,
     .max = 3600000,
     .help = "how long httpd leaves an instance alone that it can't reach; default: until the "
             "checks have judged it, without them 60s"},
    {.name = "maxattempts",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(max_attempts),
     .read = osg_read_amount,
     .min = 0,
     .max = 1000,
     .help = "other instances that a request may be given to; default: all"},
    {.name = "nofailover",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(nofailover),
     .read = read_nofailover,
     .form = &osg_form_switch,
     .help = "on: a sticky user gets an error while the instance can't serve; default off"},
    {.name = "growth",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(growth),
     .read = osg_read_amount,
     .min = 1,
     .max = 100,
     .help = "instances that can be added in the balancer manager; default: httpd's 5"},
    {.name = "skew",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(skew),
     .read = read_skew,
     .form = &osg_form_skew,
     .help = "warn, the default, eject or ignore: what of an instance of another build"},
    {.name = "secret",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(secret.value),
     .read = osg_read_secret,
     .help = "the AJP secret of every instance that has none of its own, or ${NAME}"},
    {.name = "secret_file",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(secret.file),
     .read = osg_read_word,
     .help = "the same, in a file"},
};

const struct osg_grammar osg_balance_grammar = {
    .name = "balance", .keys = keys, .count = sizeof keys / sizeof *keys};
