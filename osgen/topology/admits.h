/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_ADMITS_H
#define OSG_ADMITS_H

#include <stdbool.h>

struct osg_admissions;

/* May a client of this machine's ADDRESS, IPv6 in brackets or not, be let in? Of host names only
 * httpd knows: they may. */
bool osg_may_admit(const struct osg_admissions *allow, const char *address);

#endif
