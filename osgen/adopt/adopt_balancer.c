/* SPDX-License-Identifier: Apache-2.0 */
/* The balancer: its members, how it deals requests out, and who may come. */
#include "adopt_parts.h"
#include "base/arena.h"
#include "base/text.h"
#include "problem/problem.h"
#include "topology/address.h"
#include "topology/method.h"
#include "topology/quote.h"

#include "core/parse.h"

#include <string.h>
#include <strings.h>

#define SCHEME "balancer://"

/* ---- which one ------------------------------------------------------------------------------- */

/* Does URL name the site's balancer? */
static bool is_balancer(const struct osg_adoption *adoption, const char *url)
{
    const char *name = adoption->mapping.balancer;
    size_t length = name != NULL ? strlen(name) : 0;

    return name != NULL && strncasecmp(url, SCHEME, strlen(SCHEME)) == 0 &&
           strncasecmp(url + strlen(SCHEME), name, length) == 0 &&
           strspn(url + strlen(SCHEME) + length, "/") == strlen(url + strlen(SCHEME) + length);
}

bool osg_adopt_is_ours(const struct osg_adoption *adoption, const struct osg_conf *section)
{
    const char *target = adoption->mapping.target;

    if (!section->is_section || !osg_conf_is(section, "Proxy") || section->count != 1)
        return false;
    return target != NULL ? strncmp(target, section->words[0], strlen(section->words[0])) == 0
                          : is_balancer(adoption, section->words[0]);
}

/* httpd folds it and takes it for a host name. */
static void read_name(struct osg_adoption *adoption)
{
    const char *given = adoption->mapping.balancer;
    char *name;

    if (given == NULL)
        return;
    name = osg_arena_copy(adoption->arena, given, strlen(given));
    for (char *at = name; *at != '\0'; at++) {
        if (strchr("abcdefghijklmnopqrstuvwxyz0123456789-.", *at) == NULL)
            *at = '-';
    }
    if (!osg_balancer_check(name, NULL))
        name = osg_arena_copy(adoption->arena, adoption->topology->balance.name.text,
                              strlen(adoption->topology->balance.name.text));
    adoption->topology->balance.name = (struct osg_word){name, adoption->mapping.conf->place};
    if (strcmp(name, given) != 0)
        osg_adopt_lose(adoption, adoption->mapping.conf, "the balancer %.100s is called %s now",
                       given, name);
}

/* ---- members --------------------------------------------------------------------------------- */

static size_t count_lines(const struct osg_source *source)
{
    size_t lines = 1;

    for (size_t i = 0; i < source->length; i++)
        lines += source->text[i] == '\n';
    return lines;
}

static void add_member(struct osg_adoption *adoption, struct osg_adopt_member ***end,
                       struct osg_conf *conf, size_t index)
{
    struct osg_adopt_member *member = osg_adopt_member(adoption, conf, index);

    conf->taken = true;
    if (member == NULL)
        return;
    **end = member;
    *end = &member->next;
}

/* Outside of its <Proxy>, the balancer stands before the member. */
static void read_members(struct osg_adoption *adoption, struct osg_conf *section, bool inside,
                         struct osg_adopt_member ***end)
{
    for (struct osg_conf *at = osg_adopt_next(section, NULL); at != NULL;
         at = osg_adopt_next(section, at)) {
        if (!inside && osg_adopt_is_ours(adoption, at))
            read_members(adoption, at, true, end);
        if (at->is_section || !osg_conf_is(at, "BalancerMember") || at->count == 0)
            continue;
        if (is_balancer(adoption, at->words[0]))
            add_member(adoption, end, at, 1);
        else if (inside)
            add_member(adoption, end, at, 0);
    }
}

/* ---- parameters ------------------------------------------------------------------------------ */

static void read_method(struct osg_adoption *adoption, const struct osg_conf *conf,
                        const char *value)
{
    for (size_t i = 0; i < osg_methods_count; i++) {
        if (strcasecmp(osg_methods[i].lbmethod, value) == 0) {
            adoption->topology->balance.method =
                (struct osg_word){osg_methods[i].name, conf->place};
            return;
        }
    }
    osg_adopt_lose(adoption, conf, "not carried over: lbmethod=%.100s; requests are dealt out %s",
                   value, osg_methods[0].name);
}

/* Tomcat's own session cookie works only with each node's jvmRoute. */
static void read_sticky(struct osg_adoption *adoption, const struct osg_conf *conf,
                        const char *value)
{
    const char *name = osg_arena_copy(adoption->arena, value, strcspn(value, "|"));

    if (!osg_label_check(name, NULL) || strcmp(name, "JSESSIONID") == 0 ||
        strcmp(name, "osAuthToken") == 0) {
        osg_adopt_lose(
            adoption, conf,
            "not carried over: stickysession=%.100s; httpd makes a cookie of its own, " OSG_STICKY,
            value);
        name = OSG_STICKY;
    }
    adoption->topology->balance.sticky = (struct osg_word){name, conf->place};
}

static void keep_parameter(struct osg_adoption *adoption, const struct osg_conf *conf,
                           const char *word)
{
    const char *equals = strchr(word, '=');

    if (equals == NULL || !osg_quotable(word, NULL) || !osg_adopt_is_clean(adoption, word)) {
        osg_adopt_lose(adoption, conf, "not carried over: %.100s", word);
        return;
    }
    osg_text_put(adoption->parameters, " ");
    osg_quote(adoption->parameters, osg_arena_copy(adoption->arena, word, (size_t)(equals - word)),
              equals + 1);
    adoption->parameters_at = conf;
}

/* "growth=10", for one of a key's numbers. */
static bool read_limit(struct osg_adoption *adoption, const struct osg_conf *conf, const char *word)
{
    struct osg_balance *balance = &adoption->topology->balance;
    const struct {
        const char *name;
        uint32_t least, most;
        struct osg_amount *field;
    } limits[] = {{"growth=", 1, 100, &balance->growth},
                  {"maxattempts=", 0, 1000, &balance->max_attempts}};
    uint32_t number;

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        size_t length = strlen(limits[i].name);

        if (strncasecmp(word, limits[i].name, length) != 0 ||
            !osb_parse_number(word + length, limits[i].least, limits[i].most, &number, NULL))
            continue;
        *limits[i].field = (struct osg_amount){number, conf->place};
        return true;
    }
    return false;
}

static void read_parameters(struct osg_adoption *adoption, const struct osg_conf *conf,
                            const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strncasecmp(words[i], "lbmethod=", 9) == 0)
            read_method(adoption, conf, words[i] + 9);
        else if (strncasecmp(words[i], "stickysession=", 14) == 0)
            read_sticky(adoption, conf, words[i] + 14);
        else if (strcasecmp(words[i], "nofailover=on") == 0)
            adoption->topology->balance.nofailover = (struct osg_word){"On", conf->place};
        else if (strcasecmp(words[i], "nofailover=off") == 0)
            adoption->topology->balance.nofailover.text = NULL; /* as it is by default */
        else if (!read_limit(adoption, conf, words[i]))
            keep_parameter(adoption, conf, words[i]);
    }
}

/* In the section of one instance they are that one's. */
static void read_set(struct osg_adoption *adoption, struct osg_conf *conf, bool inside)
{
    size_t first = inside ? 0 : 1;

    if (!inside && (conf->count == 0 || !is_balancer(adoption, conf->words[0])))
        return;
    conf->taken = true;
    if (adoption->mapping.target != NULL)
        osg_adopt_member_set(adoption, adoption->members, conf, first);
    else
        read_parameters(adoption, conf, conf->words + first, conf->count - first);
}

static void read_sets(struct osg_adoption *adoption, struct osg_conf *section, bool inside)
{
    for (struct osg_conf *at = osg_adopt_next(section, NULL); at != NULL;
         at = osg_adopt_next(section, at)) {
        if (!inside && osg_adopt_is_ours(adoption, at)) {
            read_sets(adoption, at, true);
            osg_adopt_checks(adoption, at);
        } else if (!at->is_section && osg_conf_is(at, "ProxySet")) {
            read_set(adoption, at, inside);
        }
    }
}

static void read_mapping(struct osg_adoption *adoption)
{
    struct osg_mapping *mapping = &adoption->mapping;
    struct osg_adopt_member **end = &adoption->members;

    mapping->conf->taken = true;
    if (mapping->target != NULL)
        add_member(adoption, &end, mapping->conf,
                   (size_t)(mapping->parameters - mapping->conf->words) - 1);
    else
        read_parameters(adoption, mapping->conf, mapping->parameters, mapping->count);
}

/* Without their directives they are at their defaults, if whoever wrote the file never heard of the
 * module. */
static void complete_checks(struct osg_adoption *adoption)
{
    struct osg_balance *balance = &adoption->topology->balance;

    if (!adoption->own && !adoption->module)
        return;
    balance->health.on = balance->health.on && balance->health.place.line > 0;
    balance->failover.on = balance->failover.on && balance->failover.place.line > 0;
}

/* What httpd takes and a topology calls a contradiction. */
static void drop_idle(struct osg_adoption *adoption)
{
    struct osg_balance *balance = &adoption->topology->balance;
    const struct osg_failover *failover = &balance->failover;

    if (balance->nofailover.text != NULL && balance->sticky.text == NULL) {
        osg_adopt_lose(adoption, adoption->mapping.conf,
                       "not carried over: nofailover=On, which does nothing without stickysession");
        balance->nofailover.text = NULL;
    }
    if (balance->max_attempts.place.line > 0 && balance->health.on && failover->on &&
        balance->max_attempts.number < failover->settings.retries) {
        osg_adopt_lose(adoption, adoption->mapping.conf,
                       "not carried over: maxattempts=%u, since failover makes %u",
                       balance->max_attempts.number, failover->settings.retries);
        balance->max_attempts.place.line = 0;
    }
    if (!balance->health.on)
        balance->skew.text = NULL; /* httpd wouldn't start with it */
}

bool osg_adopt_balancer(struct osg_adoption *adoption)
{
    struct osg_adopt_member **end = &adoption->members;
    struct osg_instances *instances = &adoption->topology->instances;
    struct osg_conf *scopes[] = {adoption->file, adoption->site};
    const size_t count = adoption->site != adoption->file ? 2 : 1;

    instances->items =
        osg_arena_alloc(adoption->arena, count_lines(adoption->source) * sizeof *instances->items);
    read_name(adoption);
    for (size_t i = 0; i < count && adoption->mapping.target == NULL; i++)
        read_members(adoption, scopes[i], false, &end);
    read_mapping(adoption);
    if (adoption->members == NULL)
        return adoption->problems->errors == 0
                   ? osg_error(adoption->problems, OSG_NO_CODE, adoption->mapping.conf->place,
                               "the balancer %.100s has no BalancerMember in this file",
                               adoption->mapping.balancer)
                   : false;
    for (size_t i = 0; i < count; i++)
        read_sets(adoption, scopes[i], false);
    complete_checks(adoption);
    drop_idle(adoption);
    return true;
}
