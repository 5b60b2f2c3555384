/* SPDX-License-Identifier: Apache-2.0 */
#include "lint.h"
#include "problem/problem.h"
#include "topology/address.h"
#include "topology/silence.h"
#include "topology/topology.h"

#define HTTPS_PORT 443

/* Loopback alone is where something on this host passes requests on; and plain HTTP on 443 is told
 * already. */
static bool answers_plainly(const struct osg_site *site)
{
    bool outside = false;

    for (size_t i = 0; i < site->listens.count; i++) {
        if (site->listens.items[i].port == HTTPS_PORT)
            return false;
        outside = outside || !osg_is_loopback(site->listens.items[i].address);
    }
    return outside && !site->tls.on;
}

static const struct osg_word *public_name(const struct osg_site *site)
{
    if (osg_is_public(site->name.text))
        return &site->name;
    for (size_t i = 0; i < site->aliases.count; i++) {
        if (osg_is_public(site->aliases.items[i].text))
            return &site->aliases.items[i];
    }
    return NULL;
}

static void lint_name(struct osg_problems *problems, const struct osg_site *site)
{
    const struct osg_word *name = public_name(site);

    if (name != NULL && answers_plainly(site))
        osg_warning(problems, OSG_PLAIN_HTTP, name->place,
                    "users' passwords go to this public name by plain HTTP: give the site a tls, "
                    "unless something in front of it has one");
}

static void lint_count(struct osg_problems *problems, const struct osg_instances *instances)
{
    const struct osg_instance *serving = NULL;
    size_t count = 0;

    for (size_t i = 0; i < instances->count; i++) {
        if (instances->items[i].disabled)
            continue;
        serving = &instances->items[i];
        count++;
    }
    if (count == 1)
        osg_warning(problems, OSG_ONE_MEMBER, serving->place,
                    "only this instance serves: while it is restarted or hangs, nobody does");
}

void osg_lint(struct osg_problems *problems, struct osg_topology *topology)
{
    lint_name(problems, &topology->site);
    lint_count(problems, &topology->instances);
    osg_lint_capacity(problems, topology);
    osg_lint_times(problems, &topology->balance);
    osg_silence(problems, &topology->silence);
    osg_silence_idle(problems, &topology->silence);
    osg_silence(problems, &topology->silence);
}
