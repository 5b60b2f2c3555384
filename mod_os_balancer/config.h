/* SPDX-License-Identifier: Apache-2.0 */
/* What the configuration says: which balancers are checked, and how. */
#ifndef OSB_CONFIG_H
#define OSB_CONFIG_H

#include "core/settings.h"

#include <httpd.h>
#include <http_config.h>
#include <mod_proxy.h>

struct osb_runtime;

extern module AP_MODULE_DECLARE_DATA os_balancer_module;

/* One OSBalancerHealth. */
struct osb_balancer_config {
    const char *balancer;     /* "balancer://os-cluster", in small letters */
    bool enabled;             /* On or Off */
    struct osb_health health; /* its settings */
    const char *file;         /* where it stands, for messages */
    int line;                 /* the same */
};

/* Of a server_rec. */
struct osb_server_config {
    apr_array_header_t *balancers; /* struct osb_balancer_config, base server's first */
    struct osb_runtime *runtime;   /* of the main server alone, from post_config on */
};

void *osb_config_create(apr_pool_t *pool, server_rec *server);
void *osb_config_merge(apr_pool_t *pool, void *base, void *overrides);
extern const command_rec osb_config_commands[];

struct osb_server_config *osb_config_of(server_rec *server);

/* The last OSBalancerHealth for a balancer of that server, or NULL. */
const struct osb_balancer_config *osb_config_find(server_rec *server, const char *balancer);

/* mod_proxy's configuration of a server, or NULL if mod_proxy isn't loaded. It is looked up by
 * name, not linked to, so that the order of LoadModule doesn't matter: Debian loads modules by the
 * alphabet, "os_balancer" before "proxy". */
const proxy_server_conf *osb_proxy_conf(server_rec *server);

/* Its balancers, proxy_balancer by value; NULL as well. */
const apr_array_header_t *osb_proxy_balancers(server_rec *server);

/* check_config: what only shows when all of the configuration is read. OK or an HTTP error, the
 * reason being logged. */
int osb_config_check(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *main);

#endif
