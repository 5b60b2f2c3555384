/* SPDX-License-Identifier: Apache-2.0 */
#include "ajp_talk.h"
#include "ajp_answer.h"
#include "ajp_request.h"
#include "config.h"
#include "proxy_api.h"

#include <http_log.h>
#include <http_protocol.h>
#include <http_request.h>

APLOG_USE_MODULE(os_balancer);

/* ---- ends ------------------------------------------------------------------------------------ */

/* Not mod_proxy_ajp's 500, for which mod_proxy would shun the member: where another one is out,
 * whoever finds a request that Tomcat breaks off would take the site from everybody. Nor its 503,
 * by which mod_proxy would send a request to another member that isn't given away. */
static int failed_status(const struct osb_ajp_talk *talk)
{
    if (!APR_STATUS_IS_TIMEUP(talk->why))
        return HTTP_BAD_GATEWAY;
    /* failontimeout= of the balancer looks for it. */
    if (talk->exchange->worker->s->ping_timeout_set)
        apr_table_setn(talk->r->notes, "proxy_timedout", "1");
    return HTTP_GATEWAY_TIME_OUT;
}

static enum osb_trouble trouble_of(const struct osb_ajp_talk *talk)
{
    if (talk->why == APR_SUCCESS)
        return OSB_TROUBLE_NONSENSE;
    return APR_STATUS_IS_TIMEUP(talk->why) ? OSB_TROUBLE_SILENT : OSB_TROUBLE_BROKEN;
}

static int end_broken(struct osb_ajp_talk *talk)
{
    request_rec *r = talk->r;

    talk->backend->close = 1;
    if (talk->away || osb_ajp_talk_gives_away(talk, trouble_of(talk), OSB_PROOF_NONE))
        return HTTP_SERVICE_UNAVAILABLE;
    ap_log_rerror(APLOG_MARK, APLOG_ERR, talk->why, r,
                  "os_balancer: no whole answer from %pI (%s:%hu)", talk->backend->addr,
                  talk->backend->hostname, talk->backend->port);
    if (!talk->sent)
        return failed_status(talk);
    osb_proxy_api()->backend_broke(r, talk->out);
    return ap_pass_brigade(r->output_filters, talk->out) == APR_SUCCESS ? DONE : AP_FILTER_ERROR;
}

/* Part of the answer went down: it gets an end, and no page for an error behind it. */
static int end_stream(struct osb_ajp_talk *talk, int status)
{
    request_rec *r = talk->r;

    if (!talk->sent || r->eos_sent || r->connection->aborted)
        return status;
    APR_BRIGADE_INSERT_TAIL(talk->out, apr_bucket_eos_create(r->connection->bucket_alloc));
    return ap_pass_brigade(r->output_filters, talk->out) == APR_SUCCESS ? status : AP_FILTER_ERROR;
}

static int end_client(struct osb_ajp_talk *talk)
{
    request_rec *r = talk->r;

    talk->backend->close = 1;
    talk->exchange->client->failed = true;
    if (!r->connection->aborted)
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r, "os_balancer: the client %s",
                      talk->refusal != 0 ? "doesn't send its body" : "can't be given the answer");
    else if (!talk->answered)
        r->status = HTTP_BAD_REQUEST; /* for the access log */
    if (!talk->sent && !r->connection->aborted && talk->refusal != 0)
        return talk->refusal;
    return end_stream(talk, DONE);
}

static int end_whole(struct osb_ajp_talk *talk)
{
    request_rec *r = talk->r;
    int status = r->status;

    /* Bytes behind the end are nobody's answer. */
    if (!talk->reuse || talk->at < talk->used ||
        apr_table_get(r->subprocess_env, "proxy-nokeepalive") != NULL)
        talk->backend->close = 1;
    if (osb_ajp_talk_is_overridden(talk)) {
        /* ErrorDocument would take the status for an error in making the page. */
        r->status = HTTP_OK;
        apr_table_setn(r->notes, "proxy-error-override", "1");
        return end_stream(talk, status);
    }
    APR_BRIGADE_INSERT_TAIL(talk->out, apr_bucket_eos_create(r->connection->bucket_alloc));
    return osb_ajp_talk_pass_on(talk) == OSB_STEP_ON ? OK : end_client(talk);
}

static int end(struct osb_ajp_talk *talk, enum osb_ajp_step step)
{
    switch (step) {
    case OSB_STEP_ENDED:
        return end_whole(talk);
    case OSB_STEP_AWAY:
        talk->backend->close = 1;
        return HTTP_SERVICE_UNAVAILABLE;
    case OSB_STEP_CLIENT:
        return end_client(talk);
    default:
        return end_broken(talk);
    }
}

/* ---- asking ---------------------------------------------------------------------------------- */

static int ask(struct osb_ajp_talk *talk, const apr_uri_t *uri)
{
    const struct osb_exchange *exchange = talk->exchange;
    const struct osb_ajp_target target = {
        .uri = uri,
        .secret = exchange->worker->s->secret,
        .limit = osb_ajp_packet_limit(exchange->worker, exchange->conf)};
    apr_byte_t *packet;
    apr_size_t length = osb_ajp_request_write(talk->r, &target, &packet);
    int status;

    if (length == 0) {
        talk->backend->close = 1;
        ap_log_rerror(
            APLOG_MARK, APLOG_ERR, 0, talk->r,
            "os_balancer: the request's head doesn't fit into a packet of %" APR_SIZE_T_FMT
            " bytes for %s",
            target.limit, osb_worker_url(exchange->worker));
        return HTTP_BAD_REQUEST;
    }
    talk->why = osb_ajp_talk_send(talk, packet, length);
    if (talk->why == APR_SUCCESS && exchange->once) {
        status = osb_ajp_body_begin(talk);
        if (status != OK)
            return status;
    }
    /* What was sent isn't needed any more, and the answer's packets are as long. */
    talk->bytes = packet;
    talk->room = target.limit;
    return talk->why == APR_SUCCESS ? end(talk, osb_ajp_talk_take_answer(talk))
                                    : end(talk, OSB_STEP_BROKEN);
}

/* In short waits, each with a look at the member. APR_EINTR: the request is given away. */
static apr_status_t receive_pong(struct osb_ajp_talk *talk, apr_byte_t *pong, apr_size_t length)
{
    struct osb_wait wait = osb_wait_begin(talk->exchange);
    apr_status_t status = APR_SUCCESS;

    for (apr_size_t got = 0, more; got < length && status == APR_SUCCESS; got += more) {
        more = length - got;
        while (!osb_ajp_talk_has_bytes(talk, osb_wait_next(&wait))) {
            if (osb_ajp_talk_leaves_member(talk))
                return APR_EINTR;
            if (osb_wait_is_over(&wait, talk->exchange->worker->s->ping_timeout))
                return APR_TIMEUP;
        }
        status = apr_socket_recv(talk->backend->sock, (char *)pong + got, &more);
    }
    return status;
}

/* The member answers CPING within the worker's ping=, if it has one. */
static bool is_awake(struct osb_ajp_talk *talk)
{
    apr_byte_t ping[5], pong[5];
    struct osb_ajp_packet packet = {.status = 0};

    if (!talk->exchange->worker->s->ping_timeout_set)
        return true;
    osb_ajp_encode_cping(ping, sizeof ping);
    talk->why = osb_ajp_talk_send(talk, ping, sizeof ping);
    if (talk->why == APR_SUCCESS)
        talk->why = receive_pong(talk, pong, sizeof pong);
    return talk->why == APR_SUCCESS && osb_ajp_decode(pong, sizeof pong, &packet) == sizeof pong &&
           packet.kind == OSB_AJP_CPONG;
}

/* A connection out of the pool may have died: it is given up for another one, once. */
static int converse(struct osb_ajp_talk *talk)
{
    const struct osb_exchange *exchange = talk->exchange;
    apr_uri_t uri;
    int status;

    for (int tries = 0; tries < 2; tries++) {
        status = osb_ajp_talk_connect(talk, &uri);
        if (status != OK)
            break;
        if (is_awake(talk)) {
            talk->asked |= exchange->once;
            return ask(talk, &uri);
        }
        talk->backend->close = 1;
        status = HTTP_SERVICE_UNAVAILABLE;
        if (talk->away)
            return status;
        ap_log_rerror(APLOG_MARK, APLOG_ERR, talk->why, talk->r,
                      "os_balancer: no answer to CPING from %s", osb_worker_url(exchange->worker));
    }
    /* Without an address there was a name that can't be looked up. */
    if ((status == HTTP_SERVICE_UNAVAILABLE || talk->backend->addr == NULL) &&
        osb_ajp_talk_gives_away(talk, OSB_TROUBLE_CONNECT, OSB_PROOF_NONE))
        return HTTP_SERVICE_UNAVAILABLE;
    return status;
}

int osb_ajp_exchange(const struct osb_exchange *exchange)
{
    const struct osb_proxy_api *api = osb_proxy_api();
    request_rec *r = exchange->r;
    int status;
    struct osb_ajp_talk talk = {.exchange = exchange,
                                .r = r,
                                .conf = osb_proxy_dir_conf(r),
                                .first_status = r->status,
                                .first_status_line = r->status_line};

    if (!osb_ajp_body_can_go(r))
        return HTTP_NOT_IMPLEMENTED;
    status = api->acquire_connection(OSB_AJP_SCHEME, &talk.backend, exchange->worker, r->server);
    if (status == OK) {
        talk.backend->is_ssl = 0;
        talk.backend->close = 0;
        talk.out = apr_brigade_create(r->pool, r->connection->bucket_alloc);
        talk.held = apr_brigade_create(r->pool, r->connection->bucket_alloc);
        status = converse(&talk);
        apr_brigade_destroy(talk.held);
        apr_brigade_destroy(talk.out);
    }
    if (talk.backend != NULL) {
        talk.backend->close |= status != OK && !talk.given;
        api->release_connection(OSB_AJP_SCHEME, talk.backend, r->server);
    }
    return status;
}
