/* SPDX-License-Identifier: Apache-2.0 */
#include "proxy_api.h"

#include <http_config.h>

#include <dlfcn.h>

static struct osb_proxy_api api;

bool osb_proxy_api_find(void)
{
    const struct row {
        const char *name;
        void **place;
    } rows[] = {
        {"proxy_hook_scheme_handler", (void **)&api.hook_scheme_handler},
        {"proxy_run_scheme_handler", (void **)&api.run_scheme_handler},
        {"ap_proxy_sync_balancer", (void **)&api.sync_balancer},
    };

    if (ap_find_linked_module("mod_proxy.c") == NULL)
        return false;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        *rows[i].place = dlsym(RTLD_DEFAULT, rows[i].name);
        if (*rows[i].place == NULL)
            return false;
    }
    return true;
}

const struct osb_proxy_api *osb_proxy_api(void)
{
    return &api;
}

proxy_server_conf *osb_proxy_conf(server_rec *server)
{
    module *proxy = ap_find_linked_module("mod_proxy.c");

    return proxy != NULL ? ap_get_module_config(server->module_config, proxy) : NULL;
}

const apr_array_header_t *osb_proxy_balancers(server_rec *server)
{
    const proxy_server_conf *conf = osb_proxy_conf(server);

    return conf != NULL ? conf->balancers : NULL;
}
