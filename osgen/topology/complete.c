/* SPDX-License-Identifier: Apache-2.0 */
/* What follows from the whole topology, in whatever order its keys stood. */
#include "grammar.h"
#include "load.h"
#include "method.h"
#include "secret.h"
#include "topology.h"
#include "base/arena.h"
#include "problem/problem.h"

#include "core/message.h"
#include "core/settings.h"
#include "core/vocabulary.h"

#include <string.h>

static bool is_ajp(const struct osg_instance *instance)
{
    return strcmp(instance->url.scheme->name, "ajp") == 0;
}

static bool is_given(const struct osg_secret *secret)
{
    return secret->value.text != NULL || secret->file.text != NULL;
}

static void load_secret(struct osg_reader *reader, struct osg_secret *secret)
{
    if (secret->value.text != NULL && secret->file.text != NULL)
        osg_error(reader->problems, OSG_TWO_SECRETS, secret->file.place,
                  "there is a secret beside this secret_file; one of them is enough");
    else
        osg_secret_load(reader, secret);
}

static void complete_capacity(struct osg_instance *instance, const struct osg_capacity *common)
{
    if (instance->max_threads.number == 0)
        instance->max_threads.number = common->max_threads.number;
    if (instance->max_connections.number == 0)
        instance->max_connections.number = common->max_connections.number;
}

/* A secret that no member would ever be told is a slip: it is meant to protect something. */
static void complete_instance(struct osg_reader *reader, struct osg_instance *instance,
                              const struct osg_secret *common)
{
    bool own = is_given(&instance->secret);

    load_secret(reader, &instance->secret);
    if (own && !is_ajp(instance))
        osg_error(reader->problems, OSG_IDLE_SECRET,
                  instance->secret.value.text != NULL ? instance->secret.value.place
                                                      : instance->secret.file.place,
                  "only AJP has a secret, and this instance is spoken to over %s",
                  instance->url.scheme->name);
    if (!own && is_ajp(instance))
        instance->secret.value = common->value;
}

static void check_common_secret(struct osg_reader *reader, const struct osg_topology *topology)
{
    const struct osg_secret *common = &topology->balance.secret;

    for (size_t i = 0; i < topology->instances.count; i++) {
        if (is_ajp(&topology->instances.items[i]))
            return;
    }
    if (is_given(common) && topology->instances.count > 0)
        osg_error(reader->problems, OSG_IDLE_SECRET,
                  common->value.text != NULL ? common->value.place : common->file.place,
                  "only AJP has a secret, and no instance has an ajp:// URL");
}

/* What isn't given follows a shorter interval, as it does in the module. */
static void complete_health(struct osg_reader *reader, struct osg_checks *health)
{
    const struct osb_setting *wrong;
    struct osb_message why;
    size_t from = 0;

    while (health->on && (wrong = osb_health_wrong(&health->settings, &from, &why)) != NULL)
        osg_error(reader->problems, OSG_HEALTH_ORDER,
                  health->given[wrong - osb_health_settings].place, "%s", why.text);
    for (size_t i = 0; i < osb_health_settings_count && !health->on; i++) {
        if (health->given[i].text != NULL)
            osg_error(reader->problems, OSG_NEEDS_HEALTH, health->given[i].place,
                      "%s is part of the checks, and health is off", osb_health_settings[i].key);
    }
}

/* The module that checks is the one that has the method, and the method alone starts slowly. */
static void check_method(struct osg_reader *reader, const struct osg_balance *balance)
{
    const struct osg_word *slowstart =
        &balance->health.given[osb_health_find(OSB_KEY_SLOWSTART) - osb_health_settings];
    bool own;

    if (balance->method.text == NULL)
        return;
    own = osg_method_find(balance->method.text)->own;
    if (own && !balance->health.on)
        osg_error(reader->problems, OSG_NEEDS_HEALTH, balance->method.place,
                  "%s goes by what mod_os_balancer knows of the instances, and health is off",
                  balance->method.text);
    if (!own && balance->health.on && balance->health.settings.slowstart_ms > 0)
        osg_error(reader->problems, OSG_NEEDS_LEAST_TIME, slowstart->place,
                  OSB_KEY_SLOWSTART " wants method: least-time, and here it is %s",
                  balance->method.text);
}

/* The status page shows what the checks found: without them there is none. */
static void complete_status(struct osg_reader *reader, struct osg_topology *topology)
{
    struct osg_word *status = &topology->admin.status;

    if (topology->balance.health.on || status->text == NULL)
        return;
    if (status->place.line > 0)
        osg_error(reader->problems, OSG_NEEDS_HEALTH, status->place,
                  "the status page shows what the checks found, and health is off");
    status->text = NULL;
}

/* It goes by what the checks found, and is off without them. */
static void complete_failover(struct osg_reader *reader, struct osg_balance *balance)
{
    if (balance->health.on)
        return;
    if (balance->failover.on && balance->failover.place.line > 0)
        osg_error(reader->problems, OSG_NEEDS_HEALTH, balance->failover.place,
                  "failover goes by what the checks found, and health is off");
    balance->failover.on = false;
}

/* mod_proxy's limit holds for failover too, which has one of its own. */
static void check_attempts(struct osg_reader *reader, const struct osg_balance *balance)
{
    const struct osg_amount *most = &balance->max_attempts;

    if (balance->failover.on && most->place.line > 0 &&
        balance->failover.settings.retries > most->number)
        osg_error(reader->problems, OSG_FEW_ATTEMPTS, most->place,
                  "failover has %u %s, and this allows %u", balance->failover.settings.retries,
                  balance->failover.settings.retries == 1 ? "retry" : "retries", most->number);
}

static void check_skew(struct osg_reader *reader, const struct osg_balance *balance)
{
    if (balance->skew.text != NULL && !balance->health.on)
        osg_error(reader->problems, OSG_NEEDS_HEALTH, balance->skew.place,
                  "skew compares the builds that checks find, and health is off");
}

void osg_complete(struct osg_reader *reader, struct osg_topology *topology)
{
    static struct osg_listen plain = {.address = "*", .port = 80},
                             tls = {.address = "*", .port = 443};

    if (topology->site.listens.count == 0)
        topology->site.listens =
            (struct osg_listens){.items = topology->site.tls.on ? &tls : &plain, .count = 1};
    osg_complete_tls(reader, &topology->site);
    load_secret(reader, &topology->balance.secret);
    load_secret(reader, &topology->peers.secret);
    for (size_t i = 0; i < topology->instances.count; i++) {
        struct osg_instance *instance = &topology->instances.items[i];

        if (instance->url.path[0] == '\0')
            instance->url.path = topology->site.context.text;
        complete_instance(reader, instance, &topology->balance.secret);
        complete_capacity(instance, &topology->capacity);
    }
    check_common_secret(reader, topology);
    osg_complete_sticky(reader, topology);
    complete_health(reader, &topology->balance.health);
    check_method(reader, &topology->balance);
    complete_failover(reader, &topology->balance);
    check_attempts(reader, &topology->balance);
    check_skew(reader, &topology->balance);
    complete_status(reader, topology);
    osg_complete_pair(reader, topology);
}
