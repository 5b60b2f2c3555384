/* SPDX-License-Identifier: Apache-2.0 */
#include "traffic.h"
#include "apply.h"
#include "board.h"
#include "config.h"
#include "failover.h"
#include "inventory.h"
#include "members.h"
#include "proxy_api.h"
#include "runtime.h"
#include "core/load.h"

#include <util_filter.h>

#define FILTER "OSB_ANSWER"

/* Of a 404. Tomcat's own page tells its language, OpenSpecimen's 404 doesn't. It takes a look at
 * the body to be sure, but this is only a hint. Content-Length, which Tomcat's page has too, is
 * gone by now: httpd sends what comes by AJP in chunks. */
static bool may_be_stock_404(const request_rec *r)
{
    return apr_table_get(r->headers_out, "Content-Language") != NULL;
}

/* RESULT is mod_proxy's: OK if there was an answer, DONE if it broke off, else an HTTP status,
 * which under ProxyErrorOverride is the answer's. */
static bool speaks_against_member(const request_rec *r, int result)
{
    int status = result == OK ? r->status : result;

    if (result == DONE)
        return !r->connection->aborted && r->status != HTTP_SWITCHING_PROTOCOLS;

    switch (status) {
    case HTTP_INTERNAL_SERVER_ERROR: /* OpenSpecimen without its database */
    case HTTP_BAD_GATEWAY:
    case HTTP_SERVICE_UNAVAILABLE:
    case HTTP_GATEWAY_TIME_OUT:
        return true;
    case HTTP_NOT_FOUND:
        return may_be_stock_404(r);
    default:
        return false;
    }
}

/* Whether a member that was added while httpd runs must wait for its first check, because another
 * one is up. */
static bool has_to_wait(request_rec *r, const struct osb_group *group,
                        const struct osb_member *member)
{
    struct osb_judgement judgement = osb_group_judge(group, r->pool);

    return !judgement.places[member - group->members].serves;
}

/* What the filter sees of an attempt. */
struct watch {
    struct osb_load *load;
    struct osb_attempt attempt;
    struct osb_client_part client;
};

/* Latency is the time until the answer begins, so that a long download by a slow client is none.
 * This is the cheapest place that knows: the first bytes that mod_proxy passes on are the headers'
 * with AJP's first piece of body, or what HTTP has of it. Over HTTP the time in which a client
 * sends its body counts, since nobody here can tell it from the member's. */
static apr_status_t watch_answer(ap_filter_t *filter, apr_bucket_brigade *brigade)
{
    struct watch *watch = filter->ctx;

    osb_load_answer(watch->load, &watch->attempt, osb_prober_now());
    ap_remove_output_filter(filter);
    return ap_pass_brigade(filter->next, brigade);
}

void osb_traffic_register(void)
{
    ap_register_output_filter(FILTER, watch_answer, NULL, OSB_FTYPE_TIME);
}

/* An answer that nobody saw begin is the end of another protocol's connection, or of a request that
 * its client broke off. */
static enum osb_attempt_result result_of(const struct watch *watch, bool against)
{
    if (against)
        return OSB_ATTEMPT_FAILED;
    return watch->attempt.answered != 0 ? OSB_ATTEMPT_ANSWERED : OSB_ATTEMPT_UNKNOWN;
}

static void end_attempt(const struct osb_member *member, struct watch *watch, bool against)
{
    against &= !watch->client.failed;
    if (against)
        osb_slot_hint(member->slot);
    watch->attempt.upload = watch->client.waited_ms;
    osb_load_end(watch->load, &watch->attempt, result_of(watch, against), osb_prober_now());
}

/* ap_request_has_body() says of every HEAD that it has none. */
static bool has_body(const request_rec *r)
{
    const char *length = apr_table_get(r->headers_in, "Content-Length");

    return r->kept_body != NULL || apr_table_get(r->headers_in, "Transfer-Encoding") != NULL ||
           (length != NULL && length[strspn(length, "0")] != '\0');
}

/* What may be sent twice: GET, HEAD or OPTIONS, and no body. */
static bool is_safe(const request_rec *r)
{
    return (r->method_number == M_GET || r->method_number == M_OPTIONS) && !has_body(r);
}

static int run_proxys_own(const struct osb_exchange *exchange)
{
    return osb_proxy_api()->run_scheme_handler(exchange->r, exchange->worker, exchange->conf,
                                               exchange->url, exchange->proxyname,
                                               exchange->proxyport);
}

static int carry_out(const struct osb_exchange *exchange, const struct osb_member *member)
{
    if (member->group->failover == NULL)
        return run_proxys_own(exchange);
    if (member->scheme == OSB_SCHEME_AJP)
        return osb_ajp_exchange(exchange);
    return exchange->once ? osb_http_exchange_once(exchange) : osb_http_exchange(exchange);
}

static int attempt(struct osb_course *course, const struct osb_member *member,
                   struct osb_exchange *exchange)
{
    request_rec *r = exchange->r;
    struct watch *watch = apr_pcalloc(r->pool, sizeof *watch);
    ap_filter_t *filter = ap_add_output_filter(FILTER, watch, r, r->connection);
    int result;

    osb_course_enter(course, member);
    watch->load = osb_slot_load(member->slot);
    exchange->client = &watch->client;
    osb_load_begin(watch->load, &watch->attempt, osb_prober_now());
    result = carry_out(exchange, member);
    if (watch->attempt.answered == 0)
        ap_remove_output_filter(filter);
    course->was_answered = watch->attempt.answered != 0;
    course->answered_ms = watch->attempt.answered - watch->attempt.begun;
    end_attempt(member, watch, speaks_against_member(r, result));
    osb_course_leave(course, result);
    return result;
}

int osb_traffic_attempt(request_rec *r, proxy_worker *worker, proxy_server_conf *conf, char *url,
                        const char *proxyname, apr_port_t proxyport)
{
    const struct osb_runtime *runtime = osb_runtime_get();
    const struct osb_member *member;
    struct osb_course *course;
    struct osb_group *group;

    course = ap_get_module_config(r->request_config, &os_balancer_module);
    /* An attempt under way tells the call from inside this function from the one outside. */
    if (runtime == NULL || (course != NULL && course->member != NULL))
        return DECLINED;
    group = osb_inventory_group_of(runtime->inventory, worker);
    if (group == NULL || !osb_worker_can_be_checked(worker))
        return DECLINED;
    member = osb_group_find(group, worker);
    if (member == NULL || member->slot == NULL) {
        osb_group_sync(group, runtime->board, false);
        member = osb_group_find(group, worker);
        /* mod_proxy then tries another one. It doesn't if the balancer had one member at the start:
         * then it gives no request a second try. */
        if (member != NULL && group->balancer->s->max_attempts > 0 &&
            has_to_wait(r, group, member)) {
            osb_member_exclude(worker);
            return HTTP_SERVICE_UNAVAILABLE;
        }
    }
    if (member == NULL || member->slot == NULL)
        return DECLINED;
    course = osb_course_of(r, runtime->board);
    return attempt(course, member,
                   &(struct osb_exchange){.r = r,
                                          .worker = worker,
                                          .conf = conf,
                                          .url = url,
                                          .proxyname = proxyname,
                                          .proxyport = proxyport,
                                          .once = !is_safe(r),
                                          .gives_away = osb_course_give_away,
                                          .baton = course});
}
