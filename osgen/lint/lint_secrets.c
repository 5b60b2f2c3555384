/* SPDX-License-Identifier: Apache-2.0 */
#include "lint.h"
#include "problem/problem.h"
#include "topology/address.h"
#include "topology/topology.h"

#include <string.h>

/* So many hexadecimal digits are 64 bits, if nobody made them up. */
#define SHORT 16

static void lint_secret(struct osg_problems *problems, const struct osg_secret *secret)
{
    if (secret->value.text != NULL && strlen(secret->value.text) < SHORT)
        osg_warning(
            problems, OSG_SHORT_SECRET, secret->value.place,
            "this secret has fewer than %d characters: who reaches the port can guess at it as "
            "often as they like",
            SHORT);
}

static void lint_directory(struct osg_problems *problems, const struct osg_word *users)
{
    if (users->text != NULL && osg_users_are_plain(users->text))
        osg_warning(problems, OSG_PLAIN_LDAP, users->place,
                    "users' passwords go to this directory readable on the way: write ldaps://");
}

void osg_lint_secrets(struct osg_problems *problems, const struct osg_topology *topology)
{
    const struct osg_secret *common = &topology->balance.secret;

    lint_directory(problems, &topology->site.access.users);
    lint_directory(problems, &topology->admin.users);
    lint_secret(problems, common);
    lint_secret(problems, &topology->peers.secret);
    for (size_t i = 0; i < topology->instances.count; i++) {
        const struct osg_secret *own = &topology->instances.items[i].secret;

        if (own->value.text != common->value.text)
            lint_secret(problems, own);
    }
}
