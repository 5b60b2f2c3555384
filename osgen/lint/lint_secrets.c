/* SPDX-License-Identifier: Apache-2.0 */
#include "lint.h"
#include "problem/problem.h"
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

void osg_lint_secrets(struct osg_problems *problems, const struct osg_topology *topology)
{
    const struct osg_secret *common = &topology->balance.secret;

    lint_secret(problems, common);
    lint_secret(problems, &topology->peers.secret);
    for (size_t i = 0; i < topology->instances.count; i++) {
        const struct osg_secret *own = &topology->instances.items[i].secret;

        if (own->value.text != common->value.text)
            lint_secret(problems, own);
    }
}
