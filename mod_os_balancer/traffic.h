/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What users' requests tell of a member: each attempt is counted on the board when it begins, when
 * its answer begins, and when it ends. One that ends in a way that speaks against the member is a
 * hint to check it now. No member goes out on hints alone.
 */
#ifndef OSB_TRAFFIC_H
#define OSB_TRAFFIC_H

#include "floor.h"

/* register_hooks: the filter that sees answers begin. */
void osb_traffic_register(void);

/* mod_proxy's hook scheme_handler, before all others: carries the attempt out by calling them. */
int osb_traffic_attempt(request_rec *r, proxy_worker *worker, proxy_server_conf *conf, char *url,
                        const char *proxyname, apr_port_t proxyport);

#endif
