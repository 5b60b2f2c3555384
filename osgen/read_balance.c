/* SPDX-License-Identifier: Apache-2.0 */
#include "address.h"
#include "arena.h"
#include "grammar.h"
#include "method.h"
#include "problem.h"
#include "quote.h"
#include "secret.h"
#include "topology.h"

#include "core/message.h"
#include "core/parse.h"

/* In any case of letters, as all choices; httpd's own lookup wants small ones. */
static void read_method(struct osg_reader *reader, const struct osg_key *key,
                        const struct osg_node *value, void *field)
{
    const char **names = osg_arena_alloc(reader->arena, osg_methods_count * sizeof *names);
    struct osb_message why;
    size_t index;

    (void)key;
    for (size_t i = 0; i < osg_methods_count; i++)
        names[i] = osg_methods[i].name;
    if (osb_parse_choice(value->text, names, osg_methods_count, &index, &why))
        *(struct osg_word *)field = (struct osg_word){.text = names[index], .place = value->place};
    else
        osg_error(reader->problems, value->place, "%s", why.text);
}

/* One setting of the checks: the table in core says what it takes. */
static void read_setting(struct osg_reader *reader, const struct osg_node *value,
                         const char *const *names, struct osg_checks *checks)
{
    const struct osb_setting *row = osb_health_find(value->key->text);
    struct osb_message why;

    if (row == NULL) {
        osg_unknown_key(reader, value->key, "health", names, osb_health_settings_count);
        return;
    }
    if (!osg_value_fits(reader, row->key, OSG_TAKES_SCALAR, value))
        return;
    if (osb_health_set(&checks->settings, row->key, value->text, &why) &&
        osg_quotable(value->text, &why))
        checks->given[row - osb_health_settings] = value->text;
    else
        osg_error(reader->problems, value->place, "%s", why.text);
}

static void read_health(struct osg_reader *reader, const struct osg_key *key,
                        const struct osg_node *value, void *field)
{
    struct osg_checks *checks = field;
    const char **names = osg_arena_alloc(reader->arena, osb_health_settings_count * sizeof *names);

    checks->place = value->place;
    if (value->type == OSG_NODE_SCALAR) {
        osg_read_switch(reader, key, value, &checks->on);
        return;
    }
    for (size_t i = 0; i < osb_health_settings_count; i++)
        names[i] = osb_health_settings[i].key;
    for (const struct osg_node *child = value->first; child != NULL; child = child->next)
        read_setting(reader, child, names, checks);
}

#define FIELD(name) offsetof(struct osg_balance, name)

static const struct osg_key keys[] = {
    {.name = "method",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(method),
     .read = read_method,
     .help = "byrequests, the default, bytraffic, bybusyness or least-time"},
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
     .help = "on, the default, off, or the settings of mod_os_balancer's checks"},
    {.name = "timeout",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(timeout_ms),
     .read = osg_read_seconds,
     .min = 1000,
     .max = 3600000,
     .help = "the longest silence of an instance during a request; default 180s"},
    {.name = "connect_timeout",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(connect_timeout_ms),
     .read = osg_read_duration,
     .min = 100,
     .max = 60000,
     .help = "the longest wait for a connection to an instance; default 5s"},
    {.name = "secret",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(secret.value),
     .read = osg_read_secret,
     .help = "the AJP secret of every instance that has none of its own"},
    {.name = "secret_file",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(secret.file),
     .read = osg_read_word,
     .help = "the same, in a file"},
};

const struct osg_grammar osg_balance_grammar = {
    .name = "balance", .keys = keys, .count = sizeof keys / sizeof *keys};
