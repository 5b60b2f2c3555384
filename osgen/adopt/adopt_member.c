/* SPDX-License-Identifier: Apache-2.0 */
/* A member of the balancer: what its parameters say that an instance has a key for. */
#include "adopt_parts.h"
#include "base/arena.h"
#include "emit/emit.h"
#include "problem/problem.h"
#include "topology/address.h"
#include "topology/secret.h"

#include "core/message.h"
#include "core/parse.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What has no key, and why none is needed. */
static const struct {
    const char *name;
    const char *reason;
} known[] = {
    {"ping", "the checks of mod_os_balancer see to it that an instance answers"},
    {"hcmethod", "the checks of mod_os_balancer take the place of mod_proxy_hcheck's"},
    {"hcuri", "the checks of mod_os_balancer take the place of mod_proxy_hcheck's"},
    {"hcinterval", "the checks of mod_os_balancer take the place of mod_proxy_hcheck's"},
    {"hcpasses", "the checks of mod_os_balancer take the place of mod_proxy_hcheck's"},
    {"hcfails", "the checks of mod_os_balancer take the place of mod_proxy_hcheck's"},
    {"hcexpr", "the checks of mod_os_balancer take the place of mod_proxy_hcheck's"},
    {"hctemplate", "the checks of mod_os_balancer take the place of mod_proxy_hcheck's"},
};

static bool is_named(const char *word, const char *name)
{
    size_t length = strlen(name);

    return strncasecmp(word, name, length) == 0 && word[length] == '=';
}

bool osg_adopt_time(const char *text, uint32_t *ms)
{
    static const struct {
        const char *name;
        uint64_t ms;
    } units[] = {{"", 1000}, {"s", 1000}, {"ms", 1}, {"mi", 60000}, {"min", 60000}, {"h", 3600000}};
    size_t length = strspn(text, "0123456789");
    uint64_t number;

    if (length == 0 || length > 9)
        return false;
    number = strtoul(text, NULL, 10);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcasecmp(text + length, units[i].name) != 0)
            continue;
        number *= units[i].ms;
        *ms = number < UINT32_MAX ? (uint32_t)number : UINT32_MAX;
        return true;
    }
    return false;
}

static void lose_word(struct osg_adoption *adoption, const struct osg_conf *conf, const char *word)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (is_named(word, known[i].name)) {
            osg_adopt_lose(adoption, conf, "not carried over: %.100s; %s", word, known[i].reason);
            return;
        }
    }
    osg_adopt_lose(adoption, conf, "not carried over: %.100s; no key of a topology says that",
                   word);
}

static void read_share(struct osg_adoption *adoption, struct osg_adopt_member *member,
                       const char *word, const char *value)
{
    char *end;
    double factor = strtod(value, &end);

    if (end == value || *end != '\0' || !(factor >= 0.01 && factor <= 1e6)) {
        osg_adopt_lose(adoption, member->conf, "not carried over: %.100s is no share of requests",
                       word);
        return;
    }
    member->share = (uint32_t)(factor * OSG_WHOLE_SHARE + 0.5);
    member->loadfactor = word;
}

/* "+H", "D" or "-E". What mod_proxy sets by itself isn't carried over. */
static void read_status(struct osg_adoption *adoption, struct osg_adopt_member *member,
                        const char *word, const char *value)
{
    bool on = true;

    for (; *value != '\0'; value++) {
        if (*value == '+' || *value == '-')
            on = *value == '+';
        else if (*value == 'H' || *value == 'h')
            member->instance->standby = on;
        else if (strchr("DdSs", *value) != NULL)
            member->instance->disabled = on;
        else
            osg_adopt_lose(adoption, member->conf, "not carried over: %c of %.100s", *value, word);
    }
}

static void read_secret(struct osg_adoption *adoption, struct osg_adopt_member *member,
                        const char *value)
{
    struct osb_message why;

    if (strcmp(member->instance->url.scheme->name, "ajp") != 0)
        osg_adopt_lose(adoption, member->conf, "not carried over: only AJP has a secret");
    else if (osg_secret_check(value, strlen(value), &why))
        member->instance->secret.value = (struct osg_word){value, member->conf->place};
    else
        osg_error(adoption->problems, OSG_NO_CODE, member->conf->place, "%s", why.text);
}

static void read_set(struct osg_adoption *adoption, struct osg_adopt_member *member,
                     const char *word, const char *value)
{
    if (!osb_parse_number(value, 0, 99, &member->instance->lbset, NULL))
        lose_word(adoption, member->conf, word);
}

static void read_parameter(struct osg_adoption *adoption, struct osg_adopt_member *member,
                           const char *word)
{
    const char *equals = strchr(word, '='), *value = equals != NULL ? equals + 1 : "";

    if (is_named(word, "loadfactor"))
        read_share(adoption, member, word, value);
    else if (is_named(word, "status"))
        read_status(adoption, member, word, value);
    else if (is_named(word, "secret"))
        read_secret(adoption, member, value);
    else if (is_named(word, "lbset"))
        read_set(adoption, member, word, value);
    else if (is_named(word, "route"))
        member->route = value;
    else if (is_named(word, "retry"))
        member->retry = value;
    else if ((!is_named(word, "timeout") || !osg_adopt_time(value, &member->timeout_ms)) &&
             (!is_named(word, "connectiontimeout") ||
              !osg_adopt_time(value, &member->connect_timeout_ms)))
        lose_word(adoption, member->conf, word);
}

void osg_adopt_member_set(struct osg_adoption *adoption, struct osg_adopt_member *member,
                          const struct osg_conf *conf, size_t index)
{
    for (size_t i = index; i < conf->count; i++)
        read_parameter(adoption, member, conf->words[i]);
}

/* "# OpenSpecimen instance 3, panther; disabled", as osgen writes it before the member. */
static const char *label_of(struct osg_adoption *adoption, const struct osg_conf *conf)
{
    static const char lead[] = "# OpenSpecimen instance ";
    const struct osg_conf *comment = conf->previous;
    const char *text = comment != NULL && comment->name[0] == '#' ? comment->value : "";
    const char *name;

    if (strncmp(text, lead, strlen(lead)) != 0)
        return NULL;
    text += strlen(lead);
    text += strspn(text, "0123456789");
    if (strncmp(text, ", ", 2) != 0)
        return NULL;
    name = osg_arena_copy(adoption->arena, text + 2, strcspn(text + 2, ";"));
    return osg_label_check(name, NULL) ? name : NULL;
}

/* The URL with what the mapping puts behind it. */
static bool read_url(struct osg_adoption *adoption, const struct osg_conf *conf, size_t index,
                     struct osg_url *url)
{
    struct osb_message why = {"a BalancerMember has a URL"};
    const char *suffix = adoption->mapping.suffix;

    if (index >= conf->count || !osg_url_parse(adoption->arena, conf->words[index], url, &why))
        return osg_error(adoption->problems, OSG_NO_CODE, conf->place, "%s", why.text);
    if (suffix[0] != '\0')
        url->path = osg_arena_printf(adoption->arena, "%s%s", url->path, suffix);
    if (url->path[0] != '\0' && !osg_path_check(url->path, &why))
        return osg_error(adoption->problems, OSG_NO_CODE, conf->place, "%s", why.text);
    return true;
}

struct osg_adopt_member *osg_adopt_member(struct osg_adoption *adoption, struct osg_conf *conf,
                                          size_t index)
{
    struct osg_instances *instances = &adoption->topology->instances;
    struct osg_instance *instance = &instances->items[instances->count];
    struct osg_adopt_member *member = osg_arena_alloc(adoption->arena, sizeof *member);

    *instance = (struct osg_instance){.weight = 1, .place = conf->place};
    if (!read_url(adoption, conf, index, &instance->url))
        return NULL;
    *member = (struct osg_adopt_member){.conf = conf,
                                        .share = OSG_WHOLE_SHARE,
                                        .label = label_of(adoption, conf),
                                        .instance = instance};
    osg_adopt_member_set(adoption, member, conf, index + 1);
    instances->count++;
    return member;
}
