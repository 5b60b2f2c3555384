/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSB_STATUS_H
#define OSB_STATUS_H

#include <httpd.h>

/* SetHandler os-balancer-status: the state of all members of all servers, in one of the formats of
 * core/snapshot.h (?format=), as a page that may reload itself (?refresh=1 to 3600, seconds). GET
 * and HEAD; 405 to everything else, 400 to arguments that aren't known. */
int osb_status_handler(request_rec *r);

#endif
