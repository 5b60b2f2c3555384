/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a request that one instance fails has somewhere to go, and goes to whom it is meant for.
 */
#include "lint.h"
#include "problem/problem.h"
#include "topology/address.h"
#include "topology/topology.h"

#include "core/vocabulary.h"

#include <string.h>

/* Those that are not disabled. */
struct serving {
    const struct osg_instance *first; /* NULL: there is none */
    const struct osg_instance *last;
    size_t count;
    bool one_host; /* is it the same for all? */
};

static struct serving find_serving(const struct osg_instances *instances)
{
    struct serving serving = {.one_host = true};

    for (size_t i = 0; i < instances->count; i++) {
        const struct osg_instance *instance = &instances->items[i];

        if (instance->disabled)
            continue;
        serving.first = serving.first != NULL ? serving.first : instance;
        serving.last = instance;
        serving.one_host =
            serving.one_host && strcmp(serving.first->url.host, instance->url.host) == 0;
        serving.count++;
    }
    return serving;
}

static void lint_count(struct osg_problems *problems, const struct serving *serving)
{
    if (serving->count == 1)
        osg_warning(problems, OSG_ONE_MEMBER, serving->first->place,
                    "only this instance serves: while it is restarted or hangs, nobody does");
    else if (serving->count > 1 && serving->one_host)
        osg_warning(problems, OSG_ONE_HOST, serving->last->place,
                    "all instances are on %s: while it is down, nobody serves",
                    serving->first->url.host);
}

static void lint_https(struct osg_problems *problems, const struct osg_topology *topology)
{
    const struct osg_instances *instances = &topology->instances;

    for (size_t i = 0; i < instances->count; i++) {
        const struct osg_instance *instance = &instances->items[i];

        if (strcmp(instance->url.scheme->name, "https") != 0 || instance->disabled ||
            topology->balance.health.settings.tls_ca[0] != '\0')
            continue;
        osg_warning(problems, OSG_UNVERIFIED_HTTPS, instance->place,
                    "users' requests, passwords too, go to whoever answers there: httpd verifies "
                    "no certificate without health: {tls_ca: ...}");
        return;
    }
}

static void lint_plain(struct osg_problems *problems, const struct osg_instances *instances)
{
    for (size_t i = 0; i < instances->count; i++) {
        const struct osg_instance *instance = &instances->items[i];

        if (strcmp(instance->url.scheme->name, "http") != 0 || instance->disabled ||
            !osg_is_public(instance->url.host))
            continue;
        osg_warning(problems, OSG_PLAIN_MEMBER, instance->place,
                    "users' passwords and patients' data go to this public address by plain HTTP, "
                    "readable on the way: write https://, unless the way is private");
        return;
    }
}

static void lint_switches(struct osg_problems *problems, const struct osg_balance *balance)
{
    if (!balance->health.on)
        osg_warning(problems, OSG_NO_CHECKS, balance->health.place,
                    "nobody is asked how it is: users meet an instance that hangs or has lost its "
                    "database, and no request goes on to another one");
    else if (!balance->failover.on)
        osg_warning(problems, OSG_NO_FAILOVER, balance->failover.place,
                    "until the checks have taken an instance out, users meet its errors");
}

static void lint_retries(struct osg_problems *problems, const struct osg_failover *failover,
                         const struct serving *serving)
{
    for (size_t i = 0; i < osb_failover_settings_count && failover->on; i++) {
        const struct osg_word *given = &failover->given[i];
        size_t others = serving->count - (serving->count > 0);

        if (strcmp(osb_failover_settings[i].key, OSB_KEY_RETRIES) == 0 && given->text != NULL &&
            failover->settings.retries > others)
            osg_warning(problems, OSG_IDLE_RETRIES, given->place,
                        "a request goes to each instance once at most, and beside the first there "
                        "%s %zu",
                        others == 1 ? "is" : "are", others);
    }
}

void osg_lint_members(struct osg_problems *problems, const struct osg_topology *topology)
{
    const struct serving serving = find_serving(&topology->instances);

    lint_count(problems, &serving);
    lint_https(problems, topology);
    lint_plain(problems, &topology->instances);
    lint_switches(problems, &topology->balance);
    lint_retries(problems, &topology->balance.failover, &serving);
}
