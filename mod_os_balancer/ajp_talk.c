/* SPDX-License-Identifier: Apache-2.0 */
#include "ajp_talk.h"
#include "ajp_answer.h"
#include "members.h"

/* Where more comes at once than a buffer of the usual packet's size takes. */
#define LONG_ROOM OSB_AJP_PACKET_MAX

bool osb_ajp_talk_gives_away(struct osb_ajp_talk *talk, enum osb_trouble trouble,
                             enum osb_proof proof)
{
    const struct osb_exchange *exchange = talk->exchange;

    if (talk->asked || talk->given)
        return false;
    talk->away = exchange->gives_away(exchange->baton, trouble, proof);
    /* Who waits on may be let go later. */
    talk->asked = talk->away || trouble != OSB_TROUBLE_OUT;
    return talk->away;
}

/* ---- receiving ------------------------------------------------------------------------------- */

bool osb_ajp_talk_leaves_member(struct osb_ajp_talk *talk)
{
    return osb_member_is_out(talk->exchange->worker) &&
           osb_ajp_talk_gives_away(talk, OSB_TROUBLE_OUT, OSB_PROOF_NONE);
}

/* In short waits, each with a look at the member. */
static apr_status_t receive_first(struct osb_ajp_talk *talk, apr_byte_t *bytes, apr_size_t *length)
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
             !osb_ajp_talk_leaves_member(talk));
    apr_socket_timeout_set(socket, limit);
    return status;
}

/* Room for more bytes behind those that are there. */
static void make_room(struct osb_ajp_talk *talk)
{
    apr_byte_t *bytes = talk->bytes;

    if (talk->brimful && talk->room < LONG_ROOM) {
        talk->room = LONG_ROOM;
        talk->bytes = apr_palloc(talk->r->pool, LONG_ROOM);
    }
    talk->used -= talk->at;
    memmove(talk->bytes, bytes + talk->at, talk->used);
    talk->at = 0;
}

static apr_status_t receive(struct osb_ajp_talk *talk)
{
    apr_size_t length;
    apr_status_t status;

    make_room(talk);
    length = talk->room - talk->used;
    if (talk->given || talk->asked)
        status = apr_socket_recv(talk->backend->sock, (char *)talk->bytes + talk->used, &length);
    else
        status = receive_first(talk, talk->bytes + talk->used, &length);
    talk->used += length;
    talk->brimful = talk->used == talk->room;
    return length > 0 ? APR_SUCCESS : status;
}

/* ---- packets --------------------------------------------------------------------------------- */

bool osb_ajp_talk_is_overridden(const struct osb_ajp_talk *talk)
{
    return osb_ajp_answer_is_overridden(talk->conf, talk->r->status);
}

bool osb_ajp_talk_has_bytes(const struct osb_ajp_talk *talk, apr_interval_time_t wait)
{
    apr_pollfd_t poll = {.desc_type = APR_POLL_SOCKET,
                         .reqevents = APR_POLLIN,
                         .p = talk->r->pool,
                         .desc.s = talk->backend->sock};
    apr_int32_t count;

    return !APR_STATUS_IS_TIMEUP(apr_poll(&poll, 1, &count, wait));
}

/* flushpackets=auto: what has come is flushed when nothing follows it for a while. */
static bool wants_flush(const struct osb_ajp_talk *talk)
{
    proxy_worker_shared *worker = talk->exchange->worker->s;

    if (worker->flush_packets != flush_auto)
        return worker->flush_packets == flush_on;
    return talk->at == talk->used && !osb_ajp_talk_has_bytes(talk, worker->flush_wait);
}

enum osb_ajp_step osb_ajp_talk_pass_on(struct osb_ajp_talk *talk)
{
    bool passed = ap_pass_brigade(talk->r->output_filters, talk->out) == APR_SUCCESS;

    talk->sent = true;
    apr_brigade_cleanup(talk->out);
    return passed && !talk->r->connection->aborted ? OSB_STEP_ON : OSB_STEP_CLIENT;
}

/* Passes on the body that has come. Its end goes down apart from it: httpd's filters make a
 * Content-Length or a range of what they get together with the end. */
static enum osb_ajp_step pass_body(struct osb_ajp_talk *talk)
{
    if (APR_BRIGADE_EMPTY(talk->out))
        return OSB_STEP_ON;
    /* A page for an error that was itself got from here keeps the error's status. */
    if (osb_ajp_answer_is_overridden(talk->conf, talk->first_status)) {
        talk->r->status = talk->first_status;
        talk->r->status_line = talk->first_status_line;
    }
    if (wants_flush(talk))
        APR_BRIGADE_INSERT_TAIL(talk->out,
                                apr_bucket_flush_create(talk->r->connection->bucket_alloc));
    return osb_ajp_talk_pass_on(talk);
}

/* The answer is the client's from here on. */
static void give(struct osb_ajp_talk *talk)
{
    request_rec *r = talk->r;
    const char *wanted;

    osb_ajp_answer_take_headers(r, talk->conf, &talk->head);
    talk->given = true;
    if (talk->conf->error_override && r->status == HTTP_UNAUTHORIZED) {
        wanted = apr_table_get(r->headers_out, "WWW-Authenticate");
        if (wanted != NULL)
            apr_table_set(r->err_headers_out, "WWW-Authenticate", wanted);
    }
    if (osb_ajp_talk_is_overridden(talk))
        apr_brigade_cleanup(talk->held);
    APR_BRIGADE_CONCAT(talk->out, talk->held);
}

/* Whether the body of an answer with that status may show that the member is bad. */
static bool is_suspect(unsigned status)
{
    return osb_proof_find(&(struct osb_beginning){.status = status, .is_localised = true}) !=
           OSB_PROOF_NONE;
}

static bool is_localised(const struct osb_ajp_packet *head)
{
    struct osb_ajp_headers rest = head->headers;
    struct osb_ajp_text name, value;

    while (osb_ajp_next_header(&rest, &name, &value)) {
        if (name.length == 16 && strncasecmp(name.bytes, "Content-Language", 16) == 0)
            return true;
    }
    return false;
}

/* Looks at what has come so far of an answer that isn't the client's yet. */
static enum osb_ajp_step judge(struct osb_ajp_talk *talk, bool is_whole)
{
    char body[OSB_PROOF_LENGTH];
    struct osb_beginning beginning = {.status = talk->head.status,
                                      .is_localised = is_localised(&talk->head),
                                      .is_head = talk->r->header_only,
                                      .is_whole = is_whole,
                                      .body = body,
                                      .length = sizeof body};
    enum osb_proof proof;

    apr_brigade_flatten(talk->held, body, &beginning.length);
    proof = osb_proof_find(&beginning);
    if (proof == OSB_PROOF_OPEN)
        return OSB_STEP_ON;
    if (proof != OSB_PROOF_NONE && osb_ajp_talk_gives_away(talk, OSB_TROUBLE_ANSWER, proof))
        return OSB_STEP_AWAY;
    give(talk);
    return OSB_STEP_ON;
}

/* Where something of FROM lies in TO, its copy. */
static const void *moved(const void *bytes, const void *from, const void *to)
{
    return bytes != NULL ? (const char *)to + ((const char *)bytes - (const char *)from) : NULL;
}

/* 1xx is no answer: the client would wait for the one behind it, and take the body for that. The
 * others are the client's when something follows: until then another member may do better. */
static enum osb_ajp_step take_headers(struct osb_ajp_talk *talk, const apr_byte_t *bytes,
                                      apr_size_t length, const struct osb_ajp_packet *packet)
{
    const apr_byte_t *copy;

    if (talk->answered || packet->status < HTTP_OK)
        return OSB_STEP_BROKEN;
    talk->answered = true;
    copy = apr_pmemdup(talk->r->pool, bytes, length);
    talk->head = *packet;
    talk->head.reason.bytes = moved(packet->reason.bytes, bytes, copy);
    talk->head.headers.bytes = moved(packet->headers.bytes, bytes, copy);
    talk->suspect = !talk->asked && is_suspect(packet->status);
    return talk->suspect ? judge(talk, false) : OSB_STEP_ON;
}

/* Of flushes in a row one is kept: a member may send them without end. */
static enum osb_ajp_step hold(struct osb_ajp_talk *talk, apr_bucket *bucket)
{
    if (APR_BUCKET_IS_FLUSH(bucket) && !APR_BRIGADE_EMPTY(talk->held) &&
        APR_BUCKET_IS_FLUSH(APR_BRIGADE_LAST(talk->held))) {
        apr_bucket_destroy(bucket);
        return OSB_STEP_ON;
    }
    APR_BRIGADE_INSERT_TAIL(talk->held, bucket);
    return judge(talk, false);
}

/* Flushes that come before the headers are nothing to anybody. */
static enum osb_ajp_step take_body(struct osb_ajp_talk *talk, const struct osb_ajp_text *body)
{
    apr_bucket_alloc_t *alloc = talk->r->connection->bucket_alloc;
    apr_bucket *bucket;

    if (!talk->answered)
        return body->length == 0 ? OSB_STEP_ON : OSB_STEP_BROKEN;
    if (!talk->given && !talk->suspect)
        give(talk);
    if (talk->given && osb_ajp_talk_is_overridden(talk))
        return OSB_STEP_ON;
    if (body->length == 0)
        bucket = apr_bucket_flush_create(alloc);
    else if (talk->given)
        bucket = apr_bucket_transient_create(body->bytes, body->length, alloc);
    else
        bucket = apr_bucket_heap_create(body->bytes, body->length, NULL, alloc);
    talk->exchange->worker->s->read += (apr_off_t)body->length;
    if (!talk->given)
        return hold(talk, bucket);
    APR_BRIGADE_INSERT_TAIL(talk->out, bucket);
    return OSB_STEP_ON;
}

static enum osb_ajp_step take_end(struct osb_ajp_talk *talk, bool reuse)
{
    enum osb_ajp_step step = OSB_STEP_ON;

    if (!talk->answered)
        return OSB_STEP_BROKEN;
    talk->reuse = reuse;
    if (!talk->given && talk->suspect)
        step = judge(talk, true);
    else if (!talk->given)
        give(talk);
    if (step == OSB_STEP_ON)
        step = pass_body(talk);
    return step == OSB_STEP_ON ? OSB_STEP_ENDED : step;
}

/* The client gets what has come before it is waited for. */
static enum osb_ajp_step take_wish(struct osb_ajp_talk *talk, unsigned wanted)
{
    enum osb_ajp_step step = pass_body(talk);

    return step == OSB_STEP_ON ? osb_ajp_body_go_on(talk, wanted) : step;
}

static enum osb_ajp_step take_packet(struct osb_ajp_talk *talk, const apr_byte_t *bytes,
                                     apr_size_t length, const struct osb_ajp_packet *packet)
{
    switch (packet->kind) {
    case OSB_AJP_SEND_HEADERS:
        return take_headers(talk, bytes, length, packet);
    case OSB_AJP_SEND_BODY_CHUNK:
        return take_body(talk, &packet->body);
    case OSB_AJP_END_RESPONSE:
        return take_end(talk, packet->reuse);
    case OSB_AJP_GET_BODY_CHUNK:
        return take_wish(talk, packet->wanted);
    default:
        return OSB_STEP_BROKEN;
    }
}

/* Takes the packets that are whole, and passes their body on together. */
static enum osb_ajp_step take_packets(struct osb_ajp_talk *talk)
{
    struct osb_ajp_packet packet;
    enum osb_ajp_step step = OSB_STEP_ON;

    while (step == OSB_STEP_ON) {
        const apr_byte_t *bytes = talk->bytes + talk->at;
        ptrdiff_t taken = osb_ajp_decode(bytes, talk->used - talk->at, &packet);

        if (taken == OSB_AJP_PARTIAL)
            return pass_body(talk);
        if (taken < 0) {
            step = OSB_STEP_BROKEN;
        } else {
            talk->at += (apr_size_t)taken;
            step = take_packet(talk, bytes, (apr_size_t)taken, &packet);
        }
    }
    if (step == OSB_STEP_BROKEN && pass_body(talk) == OSB_STEP_CLIENT)
        return OSB_STEP_CLIENT;
    return step;
}

enum osb_ajp_step osb_ajp_talk_take_answer(struct osb_ajp_talk *talk)
{
    enum osb_ajp_step step = take_packets(talk);

    while (step == OSB_STEP_ON) {
        talk->why = receive(talk);
        if (talk->why != APR_SUCCESS)
            return OSB_STEP_BROKEN;
        step = take_packets(talk);
    }
    return step;
}
