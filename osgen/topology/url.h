/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_URL_H
#define OSG_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct osg_arena;
struct osg_text;
struct osb_message;

/* What a member of a balancer may be spoken to in. */
struct osg_scheme {
    const char *name;   /* "ajp" */
    uint32_t port;      /* the port that httpd takes if the URL has none */
    const char *module; /* the proxy module that speaks it, as a2enmod knows it */
};

extern const struct osg_scheme osg_schemes[];
extern const size_t osg_schemes_count;

/* The address of one OpenSpecimen node. */
struct osg_url {
    const struct osg_scheme *scheme; /* a row of osg_schemes */
    const char *host;                /* in small letters; IPv6 in brackets */
    uint32_t port;                   /* 0: the scheme's */
    const char *path;                /* the context, with no slash at its end; "": the site's */
};

/* Reads "scheme://host[:port][/context[/]]". Slashes at the end are dropped: with them httpd would
 * ask members for /openspecimen///rest. A user, a query and a fragment are refused, since members
 * of a balancer have none. */
bool osg_url_parse(struct osg_arena *arena, const char *text, struct osg_url *url,
                   struct osb_message *why);

/* Adds the URL as BalancerMember takes it, with the port only if it was given. */
void osg_url_put(struct osg_text *text, const struct osg_url *url);

/* The same for every spelling of the same URL: with its port in any case. */
const char *osg_url_canonical(struct osg_arena *arena, const struct osg_url *url);

#endif
