/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange.h"
#include "ajp_answer.h"
#include "ajp_request.h"
#include "config.h"
#include "members.h"
#include "proxy_api.h"

#include <http_log.h>
#include <http_protocol.h>
#include <http_request.h>

APLOG_USE_MODULE(os_balancer);

#define SCHEME "AJP"
/* The buffer's first size: two of Tomcat's packets. It doubles for a longer one. */
#define FIRST_ROOM 16384

/* How the exchange goes on after a packet. */
enum step {
    STEP_ON,     /* with the next packet */
    STEP_ENDED,  /* END_RESPONSE has come */
    STEP_BROKEN, /* the member broke off, or what it sends isn't AJP */
    STEP_AWAY,   /* the request is given away */
    STEP_CLIENT  /* the client is gone, or can't be served */
};

struct talk {
    const struct osb_exchange *exchange;
    request_rec *r;
    const proxy_dir_conf *conf;
    proxy_conn_rec *backend;
    apr_bucket_brigade *out;  /* for the client; its buckets may lie in `bytes` */
    apr_bucket_brigade *held; /* body that came before it was decided who gets it */
    apr_byte_t *bytes;        /* received; those from `at` to `used` aren't decoded yet */
    apr_size_t at, used, room;
    apr_byte_t *head; /* the packet of the headers, while it isn't decided who gets them */
    apr_size_t head_length;
    int first_status; /* of the request when it began: not 200 for an ErrorDocument */
    const char *first_status_line;
    bool asked;       /* gives_away was: it isn't asked twice */
    bool away;        /* and the request goes to another member */
    bool answered;    /* headers have come */
    bool given;       /* and they are the client's */
    bool sent;        /* something went down to the client */
    bool reuse;       /* the container keeps the connection */
    bool fed;         /* it was told that there is no body */
    apr_status_t why; /* of STEP_BROKEN */
};

static bool gives_away(struct talk *talk, enum osb_trouble trouble, enum osb_proof proof)
{
    const struct osb_exchange *exchange = talk->exchange;

    if (talk->asked || talk->given)
        return false;
    talk->asked = true;
    talk->away = exchange->gives_away(exchange->baton, trouble, proof);
    return talk->away;
}

/* ---- receiving ------------------------------------------------------------------------------- */

/* A member that went out may answer yet, if nobody else can take the request. */
static bool leaves_member(struct talk *talk)
{
    return osb_member_is_out(talk->exchange->worker) &&
           gives_away(talk, OSB_TROUBLE_OUT, OSB_PROOF_NONE);
}

/* In short waits, each with a look at the member. */
static apr_status_t receive_first(struct talk *talk, apr_byte_t *bytes, apr_size_t *length)
{
    apr_socket_t *socket = talk->backend->sock;
    apr_size_t room = *length;
    apr_interval_time_t limit = -1;
    apr_time_t began = apr_time_now();
    apr_status_t status;

    apr_socket_timeout_get(socket, &limit);
    apr_socket_timeout_set(socket, OSB_LOOK_US);
    do {
        *length = room;
        status = apr_socket_recv(socket, (char *)bytes, length);
    } while (APR_STATUS_IS_TIMEUP(status) && (limit < 0 || apr_time_now() - began < limit) &&
             !leaves_member(talk));
    apr_socket_timeout_set(socket, limit);
    return status;
}

/* Room for more bytes behind those that are there. */
static void make_room(struct talk *talk)
{
    apr_byte_t *larger;

    talk->used -= talk->at;
    memmove(talk->bytes, talk->bytes + talk->at, talk->used);
    talk->at = 0;
    if (talk->used < talk->room)
        return;
    larger = apr_palloc(talk->r->pool, 2 * talk->room);
    memcpy(larger, talk->bytes, talk->used);
    talk->bytes = larger;
    talk->room *= 2;
}

static apr_status_t receive(struct talk *talk)
{
    apr_size_t length;
    apr_status_t status;

    make_room(talk);
    length = talk->room - talk->used;
    if (talk->answered)
        status = apr_socket_recv(talk->backend->sock, (char *)talk->bytes + talk->used, &length);
    else
        status = receive_first(talk, talk->bytes + talk->used, &length);
    talk->used += length;
    return length > 0 ? APR_SUCCESS : status;
}

/* ---- packets --------------------------------------------------------------------------------- */

static bool is_overridden(const struct talk *talk)
{
    return osb_ajp_answer_is_overridden(talk->conf, talk->r->status);
}

/* Whether the connection has bytes, or its end, to be read within WAIT. */
static bool has_bytes(const struct talk *talk, apr_interval_time_t wait)
{
    apr_pollfd_t poll = {.desc_type = APR_POLL_SOCKET,
                         .reqevents = APR_POLLIN,
                         .p = talk->r->pool,
                         .desc.s = talk->backend->sock};
    apr_int32_t count;

    return !APR_STATUS_IS_TIMEUP(apr_poll(&poll, 1, &count, wait));
}

/* flushpackets=auto: what has come is flushed when nothing follows it for a while. */
static bool wants_flush(struct talk *talk)
{
    proxy_worker_shared *worker = talk->exchange->worker->s;

    if (worker->flush_packets != flush_auto)
        return worker->flush_packets == flush_on;
    return talk->at == talk->used && APR_BRIGADE_EMPTY(talk->held) &&
           !has_bytes(talk, worker->flush_wait);
}

static enum step pass_on(struct talk *talk)
{
    bool passed = ap_pass_brigade(talk->r->output_filters, talk->out) == APR_SUCCESS;

    talk->sent = true;
    apr_brigade_cleanup(talk->out);
    return passed && !talk->r->connection->aborted ? STEP_ON : STEP_CLIENT;
}

/* Each packet goes down alone: httpd's filters make chunks, a Content-Length or a range of what
 * they get at once. */
static enum step pass_packet(struct talk *talk, apr_bucket *bucket)
{
    APR_BRIGADE_INSERT_TAIL(talk->out, bucket);
    if (!APR_BUCKET_IS_METADATA(bucket)) {
        /* A page for an error that was itself got from here keeps the error's status. */
        if (osb_ajp_answer_is_overridden(talk->conf, talk->first_status)) {
            talk->r->status = talk->first_status;
            talk->r->status_line = talk->first_status_line;
        }
        if (wants_flush(talk))
            APR_BRIGADE_INSERT_TAIL(talk->out,
                                    apr_bucket_flush_create(talk->r->connection->bucket_alloc));
    }
    return pass_on(talk);
}

static enum step pass_held(struct talk *talk)
{
    enum step step = STEP_ON;

    while (step == STEP_ON && !APR_BRIGADE_EMPTY(talk->held) && !is_overridden(talk)) {
        apr_bucket *bucket = APR_BRIGADE_FIRST(talk->held);

        APR_BUCKET_REMOVE(bucket);
        step = pass_packet(talk, bucket);
    }
    apr_brigade_cleanup(talk->held);
    return step;
}

/* The answer is the client's from here on. */
static enum step give(struct talk *talk)
{
    struct osb_ajp_packet packet;
    request_rec *r = talk->r;
    const char *wanted;

    osb_ajp_decode(talk->head, talk->head_length, &packet);
    osb_ajp_answer_take_headers(r, talk->conf, &packet);
    talk->given = true;
    if (talk->conf->error_override && r->status == HTTP_UNAUTHORIZED) {
        wanted = apr_table_get(r->headers_out, "WWW-Authenticate");
        if (wanted != NULL)
            apr_table_set(r->err_headers_out, "WWW-Authenticate", wanted);
    }
    return pass_held(talk);
}

/* Looks at what has come so far of an answer that isn't the client's yet. */
static enum step judge(struct talk *talk, bool is_whole)
{
    struct osb_ajp_packet packet;
    struct osb_ajp_headers rest;
    struct osb_ajp_text name, value;
    char body[OSB_PROOF_LENGTH];
    struct osb_beginning beginning = {.is_whole = is_whole, .body = body, .length = sizeof body};
    enum osb_proof proof;

    osb_ajp_decode(talk->head, talk->head_length, &packet);
    beginning.status = packet.status;
    beginning.is_head = talk->r->header_only;
    for (rest = packet.headers; osb_ajp_next_header(&rest, &name, &value);)
        beginning.is_localised |=
            name.length == 16 && strncasecmp(name.bytes, "Content-Language", 16) == 0;
    apr_brigade_flatten(talk->held, body, &beginning.length);
    proof = osb_proof_find(&beginning);
    if (proof == OSB_PROOF_OPEN)
        return STEP_ON;
    if (proof != OSB_PROOF_NONE && gives_away(talk, OSB_TROUBLE_ANSWER, proof))
        return STEP_AWAY;
    return give(talk);
}

/* 1xx is no answer: the client would wait for the one behind it, and take the body for that. */
static enum step take_headers(struct talk *talk, const apr_byte_t *bytes, apr_size_t length,
                              unsigned status)
{
    if (talk->answered || status < HTTP_OK)
        return STEP_BROKEN;
    talk->answered = true;
    talk->head = apr_pmemdup(talk->r->pool, bytes, length);
    talk->head_length = length;
    return judge(talk, false);
}

/* Of flushes in a row one is kept: a member may send them without end. */
static enum step hold(struct talk *talk, apr_bucket *bucket)
{
    if (APR_BUCKET_IS_FLUSH(bucket) && !APR_BRIGADE_EMPTY(talk->held) &&
        APR_BUCKET_IS_FLUSH(APR_BRIGADE_LAST(talk->held))) {
        apr_bucket_destroy(bucket);
        return STEP_ON;
    }
    APR_BRIGADE_INSERT_TAIL(talk->held, bucket);
    return judge(talk, false);
}

/* Flushes that come before the headers are nothing to anybody. */
static enum step take_body(struct talk *talk, const struct osb_ajp_text *body)
{
    apr_bucket_alloc_t *alloc = talk->r->connection->bucket_alloc;
    apr_bucket *bucket;

    if (!talk->answered)
        return body->length == 0 ? STEP_ON : STEP_BROKEN;
    if (talk->given && is_overridden(talk))
        return STEP_ON;
    if (body->length == 0)
        bucket = apr_bucket_flush_create(alloc);
    else if (talk->given)
        bucket = apr_bucket_transient_create(body->bytes, body->length, alloc);
    else
        bucket = apr_bucket_heap_create(body->bytes, body->length, NULL, alloc);
    talk->exchange->worker->s->read += (apr_off_t)body->length;
    if (talk->given)
        return pass_packet(talk, bucket);
    return hold(talk, bucket);
}

static enum step take_end(struct talk *talk, bool reuse)
{
    enum step step = STEP_ON;

    if (!talk->answered)
        return STEP_BROKEN;
    talk->reuse = reuse;
    if (!talk->given)
        step = judge(talk, true);
    return step == STEP_ON ? STEP_ENDED : step;
}

/* The container asks for a body, which there isn't. */
static enum step feed_nothing(struct talk *talk)
{
    apr_byte_t packet[8];
    apr_size_t length = osb_ajp_encode_body("", 0, packet, sizeof packet), sent = length;

    if (talk->fed)
        return STEP_BROKEN;
    talk->fed = true;
    talk->why = apr_socket_send(talk->backend->sock, (const char *)packet, &sent);
    return talk->why == APR_SUCCESS && sent == length ? STEP_ON : STEP_BROKEN;
}

static enum step take_packet(struct talk *talk, const apr_byte_t *bytes, apr_size_t length,
                             const struct osb_ajp_packet *packet)
{
    switch (packet->kind) {
    case OSB_AJP_SEND_HEADERS:
        return take_headers(talk, bytes, length, packet->status);
    case OSB_AJP_SEND_BODY_CHUNK:
        return take_body(talk, &packet->body);
    case OSB_AJP_END_RESPONSE:
        return take_end(talk, packet->reuse);
    case OSB_AJP_GET_BODY_CHUNK:
        return feed_nothing(talk);
    default:
        return STEP_BROKEN;
    }
}

/* Takes the packets that are whole. */
static enum step take_packets(struct talk *talk)
{
    struct osb_ajp_packet packet;
    enum step step = STEP_ON;

    while (step == STEP_ON) {
        const apr_byte_t *bytes = talk->bytes + talk->at;
        ptrdiff_t taken = osb_ajp_decode(bytes, talk->used - talk->at, &packet);

        if (taken == OSB_AJP_PARTIAL)
            return STEP_ON;
        if (taken < 0)
            return STEP_BROKEN;
        talk->at += (apr_size_t)taken;
        step = take_packet(talk, bytes, (apr_size_t)taken, &packet);
    }
    return step;
}

static enum step take_answer(struct talk *talk)
{
    enum step step = take_packets(talk);

    while (step == STEP_ON) {
        talk->why = receive(talk);
        if (talk->why != APR_SUCCESS)
            return STEP_BROKEN;
        step = take_packets(talk);
    }
    return step;
}

/* ---- ends ------------------------------------------------------------------------------------ */

/* What mod_proxy_ajp returns where a member fails before it has sent a body: a request without a
 * query goes to another member by mod_proxy's own rules. */
static int failed_status(const struct talk *talk)
{
    const request_rec *r = talk->r;

    if (APR_STATUS_IS_TIMEUP(talk->why) && talk->exchange->worker->s->ping_timeout_set &&
        (!talk->answered || r->args != NULL))
        return HTTP_GATEWAY_TIME_OUT;
    return r->args == NULL ? HTTP_SERVICE_UNAVAILABLE : HTTP_INTERNAL_SERVER_ERROR;
}

static enum osb_trouble trouble_of(const struct talk *talk)
{
    return APR_STATUS_IS_TIMEUP(talk->why) ? OSB_TROUBLE_SILENT : OSB_TROUBLE_BROKEN;
}

static int end_broken(struct talk *talk)
{
    request_rec *r = talk->r;

    talk->backend->close = 1;
    if (talk->away || gives_away(talk, trouble_of(talk), OSB_PROOF_NONE))
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
static int end_stream(struct talk *talk, int status)
{
    request_rec *r = talk->r;

    if (!talk->sent || r->eos_sent || r->connection->aborted)
        return status;
    APR_BRIGADE_INSERT_TAIL(talk->out, apr_bucket_eos_create(r->connection->bucket_alloc));
    return ap_pass_brigade(r->output_filters, talk->out) == APR_SUCCESS ? status : AP_FILTER_ERROR;
}

static int end_client(struct talk *talk)
{
    talk->backend->close = 1;
    if (!talk->r->connection->aborted)
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, talk->r,
                      "os_balancer: the client can't be given the answer");
    return end_stream(talk, DONE);
}

static int end_whole(struct talk *talk)
{
    request_rec *r = talk->r;
    int status = r->status;

    /* Bytes behind the end are nobody's answer. */
    if (!talk->reuse || talk->at < talk->used ||
        apr_table_get(r->subprocess_env, "proxy-nokeepalive") != NULL)
        talk->backend->close = 1;
    if (is_overridden(talk)) {
        /* ErrorDocument would take the status for an error in making the page. */
        r->status = HTTP_OK;
        apr_table_setn(r->notes, "proxy-error-override", "1");
        return end_stream(talk, status);
    }
    APR_BRIGADE_INSERT_TAIL(talk->out, apr_bucket_eos_create(r->connection->bucket_alloc));
    return pass_on(talk) == STEP_ON ? OK : end_client(talk);
}

static int end(struct talk *talk, enum step step)
{
    switch (step) {
    case STEP_ENDED:
        return end_whole(talk);
    case STEP_AWAY:
        talk->backend->close = 1;
        return HTTP_SERVICE_UNAVAILABLE;
    case STEP_CLIENT:
        return end_client(talk);
    default:
        return end_broken(talk);
    }
}

/* ---- asking ---------------------------------------------------------------------------------- */

static apr_status_t send_all(struct talk *talk, const apr_byte_t *bytes, apr_size_t length)
{
    for (apr_size_t sent = 0; sent < length;) {
        apr_size_t left = length - sent;
        apr_status_t status =
            apr_socket_send(talk->backend->sock, (const char *)bytes + sent, &left);

        if (status != APR_SUCCESS)
            return status;
        sent += left;
    }
    return APR_SUCCESS;
}

static int ask(struct talk *talk, const apr_uri_t *uri)
{
    const struct osb_exchange *exchange = talk->exchange;
    const struct osb_ajp_target target = {.uri = uri,
                                          .secret = exchange->worker->s->secret,
                                          .limit = osb_ajp_packet_limit(exchange->conf)};
    apr_byte_t *packet;
    apr_size_t length = osb_ajp_request_write(talk->r, &target, &packet);

    if (length == 0) {
        talk->backend->close = 1;
        ap_log_rerror(
            APLOG_MARK, APLOG_ERR, 0, talk->r,
            "os_balancer: the request's head doesn't fit into a packet of %" APR_SIZE_T_FMT
            " bytes for %s",
            target.limit, exchange->worker->s->name_ex);
        return HTTP_BAD_REQUEST;
    }
    talk->room = FIRST_ROOM;
    talk->bytes = apr_palloc(talk->r->pool, talk->room);
    talk->why = send_all(talk, packet, length);
    return talk->why == APR_SUCCESS ? end(talk, take_answer(talk)) : end(talk, STEP_BROKEN);
}

/* The member answers CPING within the worker's ping=, if it has one. */
static bool is_awake(struct talk *talk)
{
    const proxy_worker_shared *worker = talk->exchange->worker->s;
    apr_interval_time_t limit = -1;
    apr_byte_t ping[5], pong[5];
    struct osb_ajp_packet packet = {.status = 0};
    apr_size_t got = 0;

    if (!worker->ping_timeout_set)
        return true;
    apr_socket_timeout_get(talk->backend->sock, &limit);
    apr_socket_timeout_set(talk->backend->sock, worker->ping_timeout);
    osb_ajp_encode_cping(ping, sizeof ping);
    talk->why = send_all(talk, ping, sizeof ping);
    while (talk->why == APR_SUCCESS && got < sizeof pong) {
        apr_size_t length = sizeof pong - got;

        talk->why = apr_socket_recv(talk->backend->sock, (char *)pong + got, &length);
        got += length;
    }
    apr_socket_timeout_set(talk->backend->sock, limit);
    return got == sizeof pong && osb_ajp_decode(pong, got, &packet) == (ptrdiff_t)got &&
           packet.kind == OSB_AJP_CPONG;
}

/* Closes the connection first if it is to be. */
static int determine_connection(struct talk *talk, apr_uri_t *uri)
{
    const struct osb_exchange *exchange = talk->exchange;
    char port[32], *url = exchange->url;

    return osb_proxy_api()->determine_connection(
        talk->r->pool, talk->r, exchange->conf, exchange->worker, talk->backend, uri, &url,
        exchange->proxyname, exchange->proxyport, port, sizeof port);
}

/* Gets the connection to be one that a request can be sent on. What has come on it since its last
 * one would be taken for this one's answer, and mod_proxy's own check of a connection that has no
 * filters doesn't mind it. */
static int connect_backend(struct talk *talk, apr_uri_t *uri)
{
    proxy_worker *worker = talk->exchange->worker;
    int status = determine_connection(talk, uri);

    if (status == OK && talk->backend->sock != NULL && has_bytes(talk, 0)) {
        talk->backend->close = 1;
        status = determine_connection(talk, uri);
    }
    if (status != OK || (talk->backend->sock != NULL && PROXY_WORKER_IS_USABLE(worker)))
        return status;
    if (osb_proxy_api()->connect_backend(SCHEME, talk->backend, worker, talk->r->server) != OK) {
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, talk->r, "os_balancer: no connection to %s",
                      worker->s->name_ex);
        return HTTP_SERVICE_UNAVAILABLE;
    }
    return OK;
}

/* A connection out of the pool may have died: it is given up for another one, once. */
static int converse(struct talk *talk)
{
    apr_uri_t uri;
    int status;

    for (int tries = 0; tries < 2; tries++) {
        status = connect_backend(talk, &uri);
        if (status != OK)
            break;
        if (is_awake(talk))
            return ask(talk, &uri);
        talk->backend->close = 1;
        status = HTTP_SERVICE_UNAVAILABLE;
        ap_log_rerror(APLOG_MARK, APLOG_ERR, talk->why, talk->r,
                      "os_balancer: no answer to CPING from %s",
                      talk->exchange->worker->s->name_ex);
    }
    if (status == HTTP_SERVICE_UNAVAILABLE)
        gives_away(talk, OSB_TROUBLE_CONNECT, OSB_PROOF_NONE);
    return status;
}

int osb_ajp_exchange(const struct osb_exchange *exchange)
{
    const struct osb_proxy_api *api = osb_proxy_api();
    request_rec *r = exchange->r;
    struct talk talk = {.exchange = exchange,
                        .r = r,
                        .conf = osb_proxy_dir_conf(r),
                        .first_status = r->status,
                        .first_status_line = r->status_line};
    int status = api->acquire_connection(SCHEME, &talk.backend, exchange->worker, r->server);

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
        api->release_connection(SCHEME, talk.backend, r->server);
    }
    return status;
}
