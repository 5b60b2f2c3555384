/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_ADMITS_H
#define OSG_ADMITS_H

#include <stdbool.h>

struct osg_admin;
struct osg_admissions;
struct osg_listen;
struct osg_topology;

/* May a client of this machine's ADDRESS, IPv6 in brackets or not, be let in? Of host names only
 * httpd knows, so they may; but a loopback address has none but localhost. */
bool osg_may_admit(const struct osg_admissions *allow, const char *address);

/* Does everybody need a password for the administrators' pages, wherever they come from? */
bool osg_asks_for_password(const struct osg_admin *admin);

/* The address of a site on this machine, as a URL has it. */
const char *osg_own_address(const struct osg_listen *listen);

/* Whether this machine itself, as osgen apply on it, sees the status page. */
enum osg_sight {
    OSG_SEES,       /* it does, or there is none */
    OSG_IS_ASKED,   /* for a password, which it hasn't */
    OSG_IS_REFUSED, /* by its address */
};

/* ADDRESS becomes that of the site at which this machine asks, which is the client's too: who is
 * connected to at an address of its own comes from that one. */
enum osg_sight osg_sees_status(const struct osg_topology *topology, const char **address);

#endif
