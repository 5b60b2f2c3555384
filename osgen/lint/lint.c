/* SPDX-License-Identifier: Apache-2.0 */
#include "lint.h"
#include "problem/problem.h"
#include "topology/address.h"
#include "topology/admits.h"
#include "topology/pair.h"
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

/* The authority asks at the site's name, which leads to the host that has the addresses. */
static void lint_managed(struct osg_problems *problems, const struct osg_topology *topology)
{
    struct osg_place managed = topology->site.tls.managed.place;

    if (managed.line > 0 && osg_has_pair(topology))
        osg_warning(problems, OSG_PAIR_MANAGED, managed,
                    "the host of the pair that hasn't the addresses now can get no certificate of "
                    "its own, nor renew it");
}

static void lint_page(struct osg_problems *problems, const struct osg_topology *topology)
{
    const struct osg_admin *admin = &topology->admin;
    const char *address;

    switch (osg_sees_status(topology, &address)) {
    case OSG_SEES:
        break;
    case OSG_IS_ASKED:
        osg_warning(problems, OSG_UNSEEN_PAGE, admin->users.place,
                    "osgen try and apply have no password to see the status page with: let %s in "
                    "without one, by allow and satisfy: any",
                    address);
        break;
    case OSG_IS_REFUSED:
        osg_warning(
            problems, OSG_UNSEEN_PAGE, admin->allow.items[0].place,
            "this machine isn't let see the status page, which osgen try and apply look at: "
            "add %s",
            address);
        break;
    }
}

/* What is seen beside other topologies only can't be known for idle. */
static void spare_silences(struct osg_silences *silences)
{
    for (size_t i = 0; i < silences->count; i++) {
        enum osg_code code = silences->items[i].code;

        if (code == OSG_SHARED_LOG || code == OSG_WIDER_NAME)
            silences->items[i].used = true;
    }
}

void osg_lint(struct osg_problems *problems, struct osg_topology *topology)
{
    lint_name(problems, &topology->site);
    lint_managed(problems, topology);
    lint_page(problems, topology);
    osg_lint_members(problems, topology);
    osg_lint_secrets(problems, topology);
    osg_lint_capacity(problems, topology);
    osg_lint_times(problems, &topology->balance);
    osg_silence(problems, &topology->silence);
    spare_silences(&topology->silence);
    osg_silence_idle(problems, &topology->silence);
    osg_silence(problems, &topology->silence);
}
