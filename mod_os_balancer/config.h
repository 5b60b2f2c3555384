/* SPDX-License-Identifier: Apache-2.0 */
/* What the configuration says: which balancers are checked, and how. */
#ifndef OSB_CONFIG_H
#define OSB_CONFIG_H

#include "core/roster.h"
#include "core/settings.h"
#include "floor.h"

#include <http_config.h>

struct osb_runtime;

extern module AP_MODULE_DECLARE_DATA os_balancer_module;

/* Where a directive stands, for messages. */
struct osb_spot {
    const char *file; /* NULL: it doesn't */
    int line;
};

/* What the directives of one <Proxy "balancer://..."> say. */
struct osb_balancer_config {
    const char *balancer;          /* "balancer://os-cluster", in small letters */
    bool enabled;                  /* OSBalancerHealth On */
    struct osb_health health;      /* its settings */
    enum osb_skew_policy skew;     /* OSBalancerSkew */
    bool fails_over;               /* OSBalancerFailover On */
    struct osb_failover failover;  /* its settings */
    struct osb_spot health_spot;   /* of OSBalancerHealth */
    struct osb_spot skew_spot;     /* of OSBalancerSkew */
    struct osb_spot failover_spot; /* of OSBalancerFailover */
};

/* Of a server_rec. */
struct osb_server_config {
    apr_array_header_t *balancers; /* struct osb_balancer_config, base server's first */
    const char *state_file;        /* of the main server alone; NULL: none */
    const char *notify;            /* the same */
    struct osb_runtime *runtime;   /* of the main server alone, from post_config on */
};

void *osb_config_create(apr_pool_t *pool, server_rec *server);
void *osb_config_merge(apr_pool_t *pool, void *base, void *overrides);
extern const command_rec osb_config_commands[];

struct osb_server_config *osb_config_of(server_rec *server);

/* What is said of a balancer for that server, or NULL. */
const struct osb_balancer_config *osb_config_find(server_rec *server, const char *balancer);

/* pre_config: finds mod_proxy, and hooks us into its requests. */
int osb_config_begin(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp);

/* check_config: what only shows when all of the configuration is read. OK or an HTTP error, the
 * reason being logged. */
int osb_config_check(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *main);

#endif
