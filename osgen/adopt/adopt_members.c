/* SPDX-License-Identifier: Apache-2.0 */
/* What a topology says once for all instances: times, the context and a secret. And
 * what they are called. */
#include "adopt_parts.h"
#include "base/arena.h"
#include "emit/emit.h"
#include "problem/problem.h"
#include "topology/address.h"

#include "core/message.h"
#include "core/parse.h"

#include <string.h>
#include <strings.h>

/* ---- times ----------------------------------------------------------------------------------- */

#define LEAST_TIMEOUT 1000
#define MOST_TIMEOUT  3600000
#define LEAST_CONNECT 100
#define MOST_CONNECT  60000

static uint32_t bounded(uint32_t ms, uint32_t least, uint32_t most)
{
    return ms < least ? least : ms > most ? most : ms;
}

/* The longest of all holds for each. */
static void set_time(struct osg_adoption *adoption, const char *name, size_t offset,
                     uint32_t longest, uint32_t used, uint32_t *field)
{
    char shown[16];

    if (longest == 0)
        return;
    *field = used;
    osb_format_duration(used, shown, sizeof shown);
    for (const struct osg_adopt_member *at = adoption->members; at != NULL; at = at->next) {
        uint32_t ms = *(const uint32_t *)((const char *)at + offset);

        if (ms != 0 && ms != used)
            osg_adopt_lose(adoption, at->conf, "%s of every instance is %s now", name, shown);
    }
}

/* For members that say none, of what holds for all of the server's proxies. */
static uint32_t proxy_timeout(struct osg_adoption *adoption)
{
    struct osg_conf *scopes[] = {adoption->site, adoption->file};
    uint32_t ms = 0;

    for (size_t i = 0; i < sizeof scopes / sizeof *scopes && ms == 0; i++) {
        for (struct osg_conf *at = osg_adopt_next(scopes[i], NULL); at != NULL;
             at = osg_adopt_next(scopes[i], at)) {
            if (!at->is_section && osg_conf_is(at, "ProxyTimeout") && at->count == 1 &&
                osg_adopt_time(at->words[0], &ms))
                at->taken = true;
        }
    }
    return ms;
}

static void set_times(struct osg_adoption *adoption)
{
    struct osg_balance *balance = &adoption->topology->balance;
    uint32_t timeout = 0, connect = 0, common = proxy_timeout(adoption);

    for (const struct osg_adopt_member *at = adoption->members; at != NULL; at = at->next) {
        timeout = at->timeout_ms > timeout ? at->timeout_ms : timeout;
        connect = at->connect_timeout_ms > connect ? at->connect_timeout_ms : connect;
    }
    timeout = timeout != 0 ? timeout : common;
    set_time(adoption, "timeout", offsetof(struct osg_adopt_member, timeout_ms), timeout,
             (bounded(timeout, LEAST_TIMEOUT, MOST_TIMEOUT) + 999) / 1000 * 1000,
             &balance->timeout_ms);
    set_time(adoption, "connectiontimeout", offsetof(struct osg_adopt_member, connect_timeout_ms),
             connect, bounded(connect, LEAST_CONNECT, MOST_CONNECT), &balance->connect_timeout_ms);
}

#define MOST_RETRY 3600

/* The first that isn't what osgen works out from the checks. Whole seconds, as mod_proxy reads it.
 */
static const struct osg_adopt_member *first_retry(const struct osg_adoption *adoption,
                                                  uint32_t *seconds)
{
    const struct osg_checks *checks = &adoption->topology->balance.health;
    struct osb_health health = checks->settings;
    bool judged = checks->on && osb_health_check(&health, NULL);

    for (const struct osg_adopt_member *at = adoption->members; at != NULL; at = at->next) {
        if (at->retry != NULL && osb_parse_number(at->retry, 0, MOST_RETRY, seconds, NULL) &&
            !(judged && *seconds == osg_retry_of(&health)))
            return at;
    }
    return NULL;
}

/* Who doesn't know of the checks has written it for httpd without them. */
static void set_retry(struct osg_adoption *adoption)
{
    struct osg_balance *balance = &adoption->topology->balance;
    bool keeps = adoption->module || adoption->own || !balance->health.on;
    uint32_t seconds = 0;
    const struct osg_adopt_member *first = first_retry(adoption, &seconds);

    if (first != NULL && keeps)
        balance->retry_ms = (struct osg_amount){seconds * 1000, first->conf->place};
    for (const struct osg_adopt_member *at = first != NULL ? adoption->members : NULL; at != NULL;
         at = at->next) {
        uint32_t own;

        if (at->retry == NULL ||
            (keeps && osb_parse_number(at->retry, seconds, seconds, &own, NULL)))
            continue;
        if (keeps)
            osg_adopt_lose(adoption, at->conf, "retry of every instance is %us now", seconds);
        else
            osg_adopt_lose(adoption, at->conf,
                           "not carried over: retry=%.100s; it follows from the checks", at->retry);
    }
}

/* ---- names ----------------------------------------------------------------------------------- */

/* The route that osgen gives an instance without a name. */
static bool is_number(const char *route, size_t place)
{
    uint32_t number;

    return route[0] == 'n' && route[1] != '0' &&
           osb_parse_number(route + 1, 1, UINT32_MAX, &number, NULL) && number == place;
}

static bool is_used(const struct osg_adoption *adoption, const struct osg_adopt_member *before,
                    const char *name)
{
    for (const struct osg_adopt_member *at = adoption->members; at != before; at = at->next) {
        const char *other = at->instance->name.text;

        if (other != NULL && strcmp(other, name) == 0)
            return true;
    }
    return false;
}

/* A route is what cookies out there call the instance: that goes before what comments do. */
static void name_members(struct osg_adoption *adoption)
{
    size_t place = 1;

    for (struct osg_adopt_member *at = adoption->members; at != NULL; at = at->next, place++) {
        bool numbered = at->route != NULL && is_number(at->route, place);
        const char *name = at->route != NULL && !numbered ? at->route : at->label;
        struct osb_message why;

        if (name == NULL)
            continue;
        if (!osg_label_check(name, &why))
            osg_adopt_lose(adoption, at->conf, "not carried over: route=%.100s; %s", name,
                           why.text);
        else if (place <= OSG_ADOPT_WORDS && is_used(adoption, at, name))
            osg_adopt_lose(adoption, at->conf,
                           "not carried over: route=%.100s, which another instance has", name);
        else
            at->instance->name = (struct osg_word){name, at->conf->place};
    }
}

/* ---- the context ----------------------------------------------------------------------------- */

/* Users were shown everything that the instances have, or OpenSpecimen right at /. */
static void move_root(struct osg_adoption *adoption)
{
    struct osg_word *context = &adoption->topology->site.context;
    const char *path = adoption->members->instance->url.path;

    if (path[0] != '\0')
        *context = (struct osg_word){path, adoption->mapping.conf->place};
    osg_adopt_lose(adoption, adoption->mapping.conf,
                   path[0] != '\0'
                       ? "users saw OpenSpecimen at /: now they see it at %s, and / leads there"
                       : "everything went to the instances: now only %s does, and / leads there",
                   context->text);
}

/* Where users see an instance under its own path the site says it. */
static void set_contexts(struct osg_adoption *adoption)
{
    struct osg_word *context = &adoption->topology->site.context;
    const char *path = adoption->mapping.path;
    struct osb_message why;

    if (path[0] == '\0')
        move_root(adoption);
    else if (!osg_path_check(path, &why))
        osg_error(adoption->problems, OSG_NO_CODE, adoption->mapping.conf->place, "%s", why.text);
    else
        *context = (struct osg_word){path, adoption->mapping.conf->place};
    for (struct osg_adopt_member *at = adoption->members; at != NULL; at = at->next) {
        struct osg_url *url = &at->instance->url;

        if (url->path[0] == '\0' && path[0] != '\0')
            osg_adopt_lose(adoption, at->conf,
                           "this instance was asked for paths without %s: now it is asked for "
                           "them with it",
                           context->text);
        if (strcmp(url->path, context->text) == 0)
            url->path = "";
    }
}

/* ---- secrets --------------------------------------------------------------------------------- */

static bool is_ajp(const struct osg_adopt_member *member)
{
    return strcmp(member->instance->url.scheme->name, "ajp") == 0;
}

/* The first one's is that of the balance, unless that would give one to an instance without. */
static void share_secret(struct osg_adoption *adoption)
{
    struct osg_word *common = &adoption->topology->balance.secret.value;

    for (const struct osg_adopt_member *at = adoption->members; at != NULL; at = at->next) {
        if (is_ajp(at) && at->instance->secret.value.text == NULL)
            return;
    }
    for (struct osg_adopt_member *at = adoption->members; at != NULL; at = at->next) {
        struct osg_word *own = &at->instance->secret.value;

        if (common->text == NULL)
            *common = *own;
        if (own->text != NULL && strcmp(own->text, common->text) == 0)
            own->text = NULL;
    }
}

void osg_adopt_members(struct osg_adoption *adoption)
{
    set_times(adoption);
    set_retry(adoption);
    name_members(adoption);
    set_contexts(adoption);
    share_secret(adoption);
}
