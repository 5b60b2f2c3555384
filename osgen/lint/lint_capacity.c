/* SPDX-License-Identifier: Apache-2.0 */
#include "lint.h"
#include "problem/problem.h"
#include "topology/topology.h"

/* What instances of a kind work on at a time. */
struct threads {
    uint64_t all;                       /* of all of them together */
    const struct osg_instance *largest; /* the one with the most; NULL: there is none */
};

static struct threads count_threads(const struct osg_instances *instances, bool standby)
{
    struct threads threads = {0};

    for (size_t i = 0; i < instances->count; i++) {
        const struct osg_instance *instance = &instances->items[i];

        if (instance->disabled || instance->standby != standby)
            continue;
        threads.all += instance->max_threads.number;
        if (threads.largest == NULL ||
            instance->max_threads.number > threads.largest->max_threads.number)
            threads.largest = instance;
    }
    return threads;
}

static const char *name_of(const struct osg_instance *instance)
{
    return instance->name.text != NULL ? instance->name.text : instance->url.host;
}

/* Those on standby take requests when no other one can: they count when the last one is out. */
static void lint_threads(struct osg_problems *problems, const struct osg_topology *topology)
{
    const struct osg_amount *workers = &topology->capacity.max_request_workers;
    struct threads serving = count_threads(&topology->instances, false);
    struct threads standby = count_threads(&topology->instances, true);
    uint64_t left;

    if (serving.largest == NULL)
        return;
    left = serving.all - serving.largest->max_threads.number;
    left = left > 0 ? left : standby.all;
    if (serving.all < workers->number)
        osg_warning(problems, OSG_FEW_THREADS, workers->place,
                    "httpd passes on up to %u requests at once, and the instances work on %llu: "
                    "under load those that are only busy are taken for hung",
                    workers->number, (unsigned long long)serving.all);
    else if (left > 0 && left < workers->number)
        osg_warning(problems, OSG_FEW_THREADS_LEFT, workers->place,
                    "httpd passes on up to %u requests at once, and without %s the other "
                    "instances work on %llu: under load they are taken for hung too",
                    workers->number, name_of(serving.largest), (unsigned long long)left);
}

/* Where an instance's connections are said, or its threads; the common ones may be told once. */
static struct osg_place place_of(const struct osg_instance *instance,
                                 const struct osg_capacity *common)
{
    if (instance->max_connections.place.line > 0)
        return instance->max_connections.place;
    if (instance->max_threads.place.line > 0)
        return instance->max_threads.place;
    return common->max_connections.place;
}

static void lint_instance(struct osg_problems *problems, const struct osg_instance *instance,
                          const struct osg_capacity *common)
{
    uint32_t connections = instance->max_connections.number, threads = instance->max_threads.number;
    uint32_t workers = common->max_request_workers.number;
    struct osg_place place = place_of(instance, common);

    if (connections < threads)
        osg_warning(problems, OSG_IDLE_THREADS, place,
                    "max_connections, %u, is less than max_threads, %u: the other threads never "
                    "have anything to do",
                    connections, threads);
    if (connections <= workers)
        osg_warning(problems, OSG_FEW_CONNECTIONS, place,
                    "httpd may hold %u connections to an instance, the checks have theirs, and "
                    "max_connections is %u: some aren't accepted",
                    workers, connections);
}

static bool has_own(const struct osg_instance *instance)
{
    return instance->max_connections.place.line > 0 || instance->max_threads.place.line > 0;
}

void osg_lint_capacity(struct osg_problems *problems, const struct osg_topology *topology)
{
    bool common_told = false;

    lint_threads(problems, topology);
    for (size_t i = 0; i < topology->instances.count; i++) {
        const struct osg_instance *instance = &topology->instances.items[i];
        bool told = common_told && !has_own(instance);

        if (instance->disabled || instance->max_connections.number == 0 || told)
            continue;
        common_told = common_told || !has_own(instance);
        lint_instance(problems, instance, &topology->capacity);
    }
}
