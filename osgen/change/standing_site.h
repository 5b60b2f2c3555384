/* SPDX-License-Identifier: Apache-2.0 */
/* Where the site of a file in place answers, so that somebody can look whether it still does. */
#ifndef OSG_STANDING_SITE_H
#define OSG_STANDING_SITE_H

#include "topology/topology.h"

#include <stdbool.h>

struct osg_arena;
struct osg_standing;

struct osg_standing_site {
    const char *name;         /* ServerName, without a scheme and a port */
    struct osg_listen listen; /* the first address of its virtual host */
    bool tls;                 /* is it spoken to by TLS there? */
    const char *page;         /* path of the status page; NULL: there is none */
    const char *balancer;     /* "os-cluster"; NULL: there is none */
};

/* Of several virtual hosts that with the status page, or else the first. False where name and
 * address don't stand there in so many words. The result lives in ARENA. */
bool osg_standing_site(struct osg_arena *arena, const struct osg_standing *standing,
                       struct osg_standing_site *site);

#endif
