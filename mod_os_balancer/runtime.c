/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime.h"
#include "apply.h"
#include "board.h"
#include "checker.h"
#include "config.h"
#include "inventory.h"
#include "members.h"
#include "notifier.h"
#include "store.h"

#include <http_core.h>
#include <http_log.h>

APLOG_USE_MODULE(os_balancer);

const struct osb_runtime *osb_runtime_get(void)
{
    return osb_config_of(ap_server_conf)->runtime;
}

/* With BalancerPersist On, mod_proxy_balancer writes its members' bits to a file when the
 * configuration ends, and takes them up again with the next one. Ours must not be among them: a
 * configuration that doesn't check a member would keep it out for ever. */
static apr_status_t give_bits_back(void *baton)
{
    const struct osb_runtime *runtime = baton;
    const struct osb_inventory *inventory = runtime->inventory;

    /* Or a leader of this configuration, whose child still ends, would take them again. */
    osb_board_retire(runtime->board);
    for (unsigned i = 0; i < osb_inventory_group_count(inventory); i++) {
        const struct osb_group *group = osb_inventory_group(inventory, i);

        for (unsigned j = 0; osb_group_is_persistent(group) && j < group->member_count; j++)
            osb_member_admit(group->balancer, group->members[j].worker);
    }
    return APR_SUCCESS;
}

/* A reload leaves the run of the program alone, a stop doesn't; only at a stop is the process's
 * pool destroyed, before the configuration's. */
static apr_status_t keep_run(void *baton)
{
    const struct osb_runtime *runtime = baton;

    apr_pool_cleanup_kill(runtime->process, runtime->board, osb_notifier_end_run);
    return APR_SUCCESS;
}

static apr_status_t make_board(struct osb_runtime *runtime, apr_pool_t *temp, server_rec *main)
{
    const struct osb_inventory *inventory = runtime->inventory;
    const char *state_file = osb_config_of(main)->state_file;
    apr_status_t status = osb_board_make(&runtime->board, main, temp, inventory->room,
                                         osb_inventory_group_count(inventory));

    if (status != APR_SUCCESS)
        return status;
    if (state_file != NULL)
        osb_store_prepare(state_file, main, temp);
    if (state_file != NULL && osb_board_is_first(runtime->board))
        osb_store_load(state_file, main, temp, runtime->board);
    status = osb_inventory_claim(runtime->inventory, runtime->board);
    osb_board_settle(runtime->board);
    for (unsigned i = 0; status == APR_SUCCESS && i < osb_inventory_group_count(inventory); i++)
        osb_group_apply(osb_inventory_group(inventory, i), NULL, temp);
    return status;
}

int osb_runtime_make(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *main)
{
    struct osb_runtime *runtime;
    apr_status_t status;

    (void)plog;
    /* At start httpd reads its configuration twice; the first time is for show. */
    if (ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG)
        return OK;
    runtime = apr_pcalloc(pconf, sizeof *runtime);
    runtime->inventory = osb_inventory_make(pconf, main);
    if (runtime->inventory->room == 0) {
        osb_board_forget();
        return OK;
    }
    status = make_board(runtime, ptemp, main);
    if (status != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_EMERG, status, main,
                     "os_balancer: no shared memory for the states of %u members",
                     runtime->inventory->room);
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    runtime->process = main->process->pool;
    apr_pool_pre_cleanup_register(runtime->process, runtime->board, osb_notifier_end_run);
    apr_pool_pre_cleanup_register(pconf, runtime, keep_run);
    apr_pool_pre_cleanup_register(pconf, runtime, give_bits_back);
    osb_config_of(main)->runtime = runtime;
    return OK;
}

void osb_runtime_enter(apr_pool_t *pchild, server_rec *main)
{
    const struct osb_runtime *runtime = osb_runtime_get();
    apr_status_t status;

    if (runtime == NULL)
        return;
    status = osb_checker_start(pchild, main, runtime);
    if (status != APR_SUCCESS)
        ap_log_error(APLOG_MARK, APLOG_CRIT, status, main,
                     "os_balancer: this child has no thread for checks; others may");
}
