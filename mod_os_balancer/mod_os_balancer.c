/* SPDX-License-Identifier: Apache-2.0 */
/* The module as httpd sees it: its hooks and its directives. */
#include "config.h"
#include "exchange.h"
#include "failover.h"
#include "least_time.h"
#include "request_log.h"
#include "runtime.h"
#include "status.h"
#include "traffic.h"

#include <http_config.h>

static void register_hooks(apr_pool_t *pool)
{
    /* mod_proxy_balancer puts its members into shared memory in post_config; ours comes after. */
    static const char *const after[] = {"mod_proxy.c", "mod_proxy_balancer.c", NULL};

    ap_hook_pre_config(osb_config_begin, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_check_config(osb_config_check, after, NULL, APR_HOOK_MIDDLE);
    ap_hook_post_config(osb_runtime_make, after, NULL, APR_HOOK_LAST);
    ap_hook_child_init(osb_runtime_enter, after, NULL, APR_HOOK_LAST);
    osb_http_exchange_hook();
    osb_request_log_hook();
    ap_hook_handler(osb_status_handler, NULL, NULL, APR_HOOK_MIDDLE);
    osb_traffic_register();
    APR_OPTIONAL_HOOK(proxy, request_status, osb_course_end, NULL, NULL, APR_HOOK_MIDDLE);
    osb_least_time_register(pool);
}

module AP_MODULE_DECLARE_DATA __attribute__((visibility("default"))) os_balancer_module = {
    STANDARD20_MODULE_STUFF,
    .create_server_config = osb_config_create,
    .merge_server_config = osb_config_merge,
    .cmds = osb_config_commands,
    .register_hooks = register_hooks,
};
