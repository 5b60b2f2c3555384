/* SPDX-License-Identifier: Apache-2.0 */
#include "traffic.h"
#include "apply.h"
#include "board.h"
#include "config.h"
#include "inventory.h"
#include "members.h"
#include "proxy_api.h"
#include "runtime.h"

/* Tomcat's own 404 page tells its language, OpenSpecimen's 404 doesn't. It takes a look at the body
 * to be sure, but this is only a hint. Content-Length, which Tomcat's page has too, is gone by now:
 * httpd sends what comes by AJP in chunks. */
static bool looks_like_stock_404(const request_rec *r)
{
    return r->status == HTTP_NOT_FOUND && apr_table_get(r->headers_out, "Content-Language") != NULL;
}

/* RESULT is mod_proxy's: an HTTP status if there was no answer, OK if there was. */
static bool speaks_against_member(const request_rec *r, int result)
{
    int status = result == OK ? r->status : result;

    switch (status) {
    case HTTP_INTERNAL_SERVER_ERROR: /* OpenSpecimen without its database */
    case HTTP_BAD_GATEWAY:
    case HTTP_SERVICE_UNAVAILABLE:
    case HTTP_GATEWAY_TIME_OUT:
        return true;
    default:
        return result == OK && looks_like_stock_404(r);
    }
}

/* A member that was added while httpd runs is new to this child until it looks. */
static const struct osb_member *find_newcomer(request_rec *r, struct osb_group *group,
                                              const proxy_worker *worker)
{
    osb_group_sync(group, osb_runtime_get()->board, false);
    osb_group_apply(group, r->pool);
    return osb_group_find(group, worker);
}

/* Somebody enabled it before its first check, while another member is up: mod_proxy tries that one,
 * unless it was the only one at the start, when mod_proxy gives no request a second try. */
static bool has_to_wait(const proxy_worker *worker)
{
    return osb_member_is_excluded(worker) && worker->balancer->s->max_attempts > 0;
}

static int attempt(request_rec *r, const struct osb_member *member, proxy_worker *worker,
                   proxy_server_conf *conf, char *url, const char *proxyname, apr_port_t proxyport)
{
    int result;

    ap_set_module_config(r->request_config, &os_balancer_module, (void *)member);
    osb_slot_begin(member->slot, osb_prober_now());
    result = osb_proxy_api()->run_scheme_handler(r, worker, conf, url, proxyname, proxyport);
    osb_slot_end(member->slot, osb_prober_now(), speaks_against_member(r, result));
    ap_set_module_config(r->request_config, &os_balancer_module, NULL);
    return result;
}

int osb_traffic_attempt(request_rec *r, proxy_worker *worker, proxy_server_conf *conf, char *url,
                        const char *proxyname, apr_port_t proxyport)
{
    const struct osb_runtime *runtime = osb_runtime_get();
    const struct osb_member *member;
    struct osb_group *group;

    /* The request's slot of ours tells the call from inside this function from the one outside. */
    if (runtime == NULL || ap_get_module_config(r->request_config, &os_balancer_module) != NULL)
        return DECLINED;
    group = osb_inventory_group_of(runtime->inventory, worker);
    if (group == NULL || !osb_worker_can_be_checked(worker))
        return DECLINED;
    member = osb_group_find(group, worker);
    if (member == NULL) {
        member = find_newcomer(r, group, worker);
        if (has_to_wait(worker))
            return HTTP_SERVICE_UNAVAILABLE;
    }
    return member != NULL ? attempt(r, member, worker, conf, url, proxyname, proxyport) : DECLINED;
}
