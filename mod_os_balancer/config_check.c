/* SPDX-License-Identifier: Apache-2.0 */
/* What only shows when all of the configuration is read. */
#include "config.h"
#include "least_time.h"
#include "proxy_api.h"
#include "traffic.h"
#include "core/vocabulary.h"
#include "probe/probe.h"

#include <apr_strings.h>
#include <http_log.h>

APLOG_USE_MODULE(os_balancer);

/* Whether we were built for a later httpd. It doesn't see that itself: to its own check, modules of
 * any 2.4 are alike. */
static bool is_too_old(apr_pool_t *plog)
{
    ap_version_t version;

    ap_get_server_revision(&version);
    if (version.patch >= OSB_OLDEST_TO_RUN)
        return false;
    ap_log_perror(APLOG_MARK, APLOG_EMERG, 0, plog,
                  "os_balancer: built for httpd 2.4.%d or later; this is 2.4.%d, whose own apxs "
                  "builds what it can run",
                  OSB_OLDEST_TO_RUN, version.patch);
    return true;
}

/* All modules are loaded now, and hooks are sorted once more before they are used. */
int osb_config_begin(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp)
{
    (void)pconf;
    (void)ptemp;
    if (is_too_old(plog))
        return HTTP_INTERNAL_SERVER_ERROR;
    if (osb_proxy_api_find())
        osb_proxy_api()->hook_scheme_handler(osb_traffic_attempt, NULL, NULL,
                                             APR_HOOK_REALLY_FIRST);
    osb_least_time_begin();
    return OK;
}

/* Why a member can't be checked by us, or NULL. */
static const char *member_fault(apr_pool_t *pool, const proxy_worker *worker)
{
    enum osb_scheme scheme;

    if (worker->s->method != NONE)
        return "it also has hcmethod=: mod_proxy_hcheck and " OSB_DIRECTIVE_HEALTH
               " would fight over its state; remove one of them";
    if (worker->s->uds_path[0] != '\0')
        return "it is reached over a unix: socket; ajp://, http:// and https:// can be checked";
    if (!osb_scheme_find(worker->s->scheme, &scheme))
        return apr_psprintf(pool, "its scheme is %s; ajp://, http:// and https:// can be checked",
                            worker->s->scheme);
    return NULL;
}

static proxy_balancer *find_balancer(server_rec *server, const char *name)
{
    const apr_array_header_t *balancers = osb_proxy_balancers(server);

    for (int i = 0; balancers != NULL && i < balancers->nelts; i++) {
        proxy_balancer *balancer = &APR_ARRAY_IDX(balancers, i, proxy_balancer);

        if (strcmp(balancer->s->name, name) == 0)
            return balancer;
    }
    return NULL;
}

static int refuse(const char *directive, const struct osb_spot *spot, const char *reason)
{
    ap_log_error(APLOG_MARK, APLOG_EMERG | APLOG_STARTUP, 0, NULL, "os_balancer: %s at %s:%d %s",
                 directive, spot->file, spot->line, reason);
    return HTTP_INTERNAL_SERVER_ERROR;
}

static int refuse_health(apr_pool_t *pool, const struct osb_balancer_config *entry,
                         const char *reason)
{
    return refuse(OSB_DIRECTIVE_HEALTH, &entry->health_spot,
                  apr_psprintf(pool, "can't check %s: %s", entry->balancer, reason));
}

static void warn_of_slowstart(const proxy_balancer *balancer,
                              const struct osb_balancer_config *entry)
{
    const char *method = balancer->lbmethod != NULL ? balancer->lbmethod->name : "byrequests";

    if (entry->health.slowstart_ms > 0 && strcmp(method, OSB_LBMETHOD) != 0)
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, NULL,
                     "os_balancer: " OSB_DIRECTIVE_HEALTH " at %s:%d: " OSB_KEY_SLOWSTART
                     "= does nothing with lbmethod=%s; it wants " OSB_LBMETHOD,
                     entry->health_spot.file, entry->health_spot.line, method);
}

static int check_members(apr_pool_t *pool, server_rec *server,
                         const struct osb_balancer_config *entry)
{
    const proxy_balancer *balancer = find_balancer(server, entry->balancer);
    int result = OK;

    if (balancer == NULL || balancer->workers->nelts == 0)
        return refuse_health(pool, entry, "it has no BalancerMember");
    for (int i = 0; i < balancer->workers->nelts; i++) {
        const proxy_worker *worker = APR_ARRAY_IDX(balancer->workers, i, proxy_worker *);
        const char *fault = member_fault(pool, worker);

        if (fault != NULL)
            result = refuse_health(
                pool, entry, apr_psprintf(pool, "member %s: %s", osb_worker_url(worker), fault));
    }
    warn_of_slowstart(balancer, entry);
    return result;
}

static int check_entry(apr_pool_t *pool, server_rec *server,
                       const struct osb_balancer_config *entry)
{
    if (entry->enabled)
        return check_members(pool, server, entry);
    if (entry->skew_spot.file != NULL)
        return refuse(OSB_DIRECTIVE_SKEW, &entry->skew_spot,
                      "compares the builds that checks find: it wants " OSB_DIRECTIVE_HEALTH
                      " On beside it");
    if (entry->fails_over)
        return refuse(OSB_DIRECTIVE_FAILOVER, &entry->failover_spot,
                      "goes by what checks find: it wants " OSB_DIRECTIVE_HEALTH " On beside it");
    return OK;
}

/* Directives of the whole server that have nothing to work on. */
static void warn_of_idle(const struct osb_server_config *config)
{
    const char *directive = config->state_file != NULL ? OSB_DIRECTIVE_STATE_FILE
                            : config->notify != NULL   ? OSB_DIRECTIVE_NOTIFY
                                                       : NULL;

    if (directive != NULL)
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, NULL,
                     "os_balancer: %s does nothing: no balancer has " OSB_DIRECTIVE_HEALTH " On",
                     directive);
}

/* Virtual hosts have the main server's entries before their own: each is looked at once. */
int osb_config_check(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *main)
{
    int inherited = osb_config_of(main)->balancers->nelts;
    int result = OK;
    bool any = false;

    (void)pconf;
    (void)plog;
    for (server_rec *server = main; server != NULL; server = server->next) {
        const apr_array_header_t *entries = osb_config_of(server)->balancers;

        for (int i = server == main ? 0 : inherited; i < entries->nelts; i++) {
            const struct osb_balancer_config *entry =
                &APR_ARRAY_IDX(entries, i, struct osb_balancer_config);

            any |= entry->enabled;
            if (check_entry(ptemp, server, entry) != OK)
                result = HTTP_INTERNAL_SERVER_ERROR;
        }
    }
    if (!any)
        warn_of_idle(osb_config_of(main));
    return result;
}
