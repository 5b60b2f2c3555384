/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The checker: a thread in every child, of which one leads and checks all members. The others wait
 * for its lease to go stale.
 */
#ifndef OSB_CHECKER_H
#define OSB_CHECKER_H

#include <httpd.h>

struct osb_board;
struct osb_inventory;

/* Starts the thread. It ends with the pool, which must be the child's own. */
apr_status_t osb_checker_start(apr_pool_t *pchild, server_rec *main,
                               const struct osb_inventory *inventory, struct osb_board *board);

#endif
