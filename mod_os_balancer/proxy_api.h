/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mod_proxy's own functions that we call. They are looked up when all modules are loaded, not
 * linked against: Debian loads modules by the alphabet, os_balancer before proxy, and a symbol that
 * nobody has yet would keep httpd from loading us.
 */
#ifndef OSB_PROXY_API_H
#define OSB_PROXY_API_H

#include "floor.h"

#include <stdbool.h>

struct osb_proxy_api {
    /* Registers a function that carries out attempts of requests, or declines. */
    __typeof__(proxy_hook_scheme_handler) *hook_scheme_handler;
    /* Carries out one attempt: calls what is registered, one after the other. */
    __typeof__(proxy_run_scheme_handler) *run_scheme_handler;
    /* Takes in members that were added at run time, by whichever child. */
    __typeof__(ap_proxy_sync_balancer) *sync_balancer;
    /* What an exchange with a member is made of: its pool of connections, and what a reverse proxy
     * changes in a response. */
    __typeof__(ap_proxy_acquire_connection) *acquire_connection;
    __typeof__(ap_proxy_determine_connection) *determine_connection;
    __typeof__(ap_proxy_connect_backend) *connect_backend;
    __typeof__(ap_proxy_release_connection) *release_connection;
    __typeof__(ap_proxy_location_reverse_map) *location_reverse_map;
    __typeof__(ap_proxy_cookie_reverse_map) *cookie_reverse_map;
    __typeof__(ap_proxy_backend_broke) *backend_broke;
    __typeof__(ap_proxy_conn_is_https) *conn_is_https;
    __typeof__(ap_proxy_ssl_val) *ssl_val;
};

/* False if mod_proxy isn't loaded, or lacks one of them. To be called in pre_config. */
bool osb_proxy_api_find(void);

/* What was found. */
const struct osb_proxy_api *osb_proxy_api(void);

/* mod_proxy's configuration of a server, and the balancers in it (proxy_balancer); NULL if
 * mod_proxy isn't loaded. */
proxy_server_conf *osb_proxy_conf(server_rec *server);
const apr_array_header_t *osb_proxy_balancers(server_rec *server);

/* Its configuration for a request that it handles. */
const proxy_dir_conf *osb_proxy_dir_conf(const request_rec *r);

#endif
