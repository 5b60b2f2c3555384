/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The checker: a thread in every child, of which one leads: it checks all members, keeps the state
 * file and tells the program of events. The others wait for its lease to go stale.
 */
#ifndef OSB_CHECKER_H
#define OSB_CHECKER_H

#include <httpd.h>

struct osb_runtime;

/* Starts the thread. It ends with the pool, which must be the child's own. */
apr_status_t osb_checker_start(apr_pool_t *pchild, server_rec *main,
                               const struct osb_runtime *runtime);

#endif
