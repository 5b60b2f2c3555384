/* SPDX-License-Identifier: Apache-2.0 */
/* What runs under the configuration in force. */
#ifndef OSB_RUNTIME_H
#define OSB_RUNTIME_H

#include <httpd.h>

struct osb_board;
struct osb_inventory;

struct osb_runtime {
    struct osb_inventory *inventory; /* what is checked */
    struct osb_board *board;         /* what is known of it */
    apr_pool_t *process;             /* lives until the server stops */
};

/* post_config: finds the members, makes their board, and puts mod_proxy's bits where the board says
 * so, before any child serves a request. */
int osb_runtime_make(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *main);

/* child_init: starts the checker. */
void osb_runtime_enter(apr_pool_t *pchild, server_rec *main);

/* NULL while nothing is checked. */
const struct osb_runtime *osb_runtime_get(void);

#endif
