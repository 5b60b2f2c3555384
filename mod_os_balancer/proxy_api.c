/* SPDX-License-Identifier: Apache-2.0 */
#include "proxy_api.h"

#include <http_config.h>

#include <dlfcn.h>

static struct osb_proxy_api api;
static module *proxy; /* NULL: not loaded */

bool osb_proxy_api_find(void)
{
    const struct row {
        const char *name;
        void **place;
    } rows[] = {
        {"proxy_hook_scheme_handler", (void **)&api.hook_scheme_handler},
        {"proxy_run_scheme_handler", (void **)&api.run_scheme_handler},
        {"ap_proxy_sync_balancer", (void **)&api.sync_balancer},
        {"ap_proxy_acquire_connection", (void **)&api.acquire_connection},
        {"ap_proxy_determine_connection", (void **)&api.determine_connection},
        {"ap_proxy_connect_backend", (void **)&api.connect_backend},
        {"ap_proxy_release_connection", (void **)&api.release_connection},
        {"ap_proxy_location_reverse_map", (void **)&api.location_reverse_map},
        {"ap_proxy_cookie_reverse_map", (void **)&api.cookie_reverse_map},
        {"ap_proxy_backend_broke", (void **)&api.backend_broke},
        {"ap_proxy_conn_is_https", (void **)&api.conn_is_https},
        {"ap_proxy_ssl_val", (void **)&api.ssl_val},
    };

    proxy = ap_find_linked_module("mod_proxy.c");
    if (proxy == NULL)
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
    return proxy != NULL ? ap_get_module_config(server->module_config, proxy) : NULL;
}

const proxy_dir_conf *osb_proxy_dir_conf(const request_rec *r)
{
    return ap_get_module_config(r->per_dir_config, proxy);
}

const apr_array_header_t *osb_proxy_balancers(server_rec *server)
{
    const proxy_server_conf *conf = osb_proxy_conf(server);

    return conf != NULL ? conf->balancers : NULL;
}
