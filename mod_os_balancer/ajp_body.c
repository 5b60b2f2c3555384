/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The body of a request, as mod_proxy_ajp sends it: the first piece of one whose length is known
 * goes behind the head, the others when the container asks for them.
 */
#include "ajp_request.h"
#include "ajp_talk.h"

#include <http_log.h>
#include <http_protocol.h>

APLOG_USE_MODULE(os_balancer);

/* Waits for a piece of MOST bytes at most; none are the body's end. */
static apr_status_t read_piece(struct osb_ajp_talk *talk, apr_size_t most, apr_size_t *length)
{
    apr_time_t began = apr_time_now();
    apr_status_t status = ap_get_brigade(talk->r->input_filters, talk->in, AP_MODE_READBYTES,
                                         APR_BLOCK_READ, (apr_off_t)most);

    if (!talk->given)
        talk->exchange->client->waited_ms += (uint64_t)apr_time_as_msec(apr_time_now() - began);
    *length = most;
    if (status == APR_SUCCESS)
        status = apr_brigade_flatten(talk->in, (char *)talk->piece + OSB_AJP_BODY_AT, length);
    apr_brigade_cleanup(talk->in);
    return status;
}

static void send_piece(struct osb_ajp_talk *talk, apr_byte_t *packet, apr_size_t length)
{
    talk->why = osb_ajp_talk_send(talk, packet, osb_ajp_encode_body(packet, length));
    if (talk->why == APR_SUCCESS)
        talk->exchange->worker->s->transferred += (apr_off_t)length;
}

static apr_size_t most_of(const struct osb_ajp_talk *talk)
{
    return osb_ajp_packet_limit(talk->exchange->conf) - OSB_AJP_BODY_AT;
}

/* Whether the client has announced a body, and how long it is. */
static bool has_length(const request_rec *r)
{
    const char *length = apr_table_get(r->headers_in, "Content-Length");

    return r->main == NULL && length != NULL && length[strspn(length, "0")] != '\0';
}

static bool is_in_chunks(const request_rec *r)
{
    const char *coding = apr_table_get(r->headers_in, "Transfer-Encoding");

    return coding != NULL && ap_cstr_casecmp(coding, "chunked") == 0;
}

bool osb_ajp_body_can_go(const request_rec *r)
{
    return is_in_chunks(r) || apr_table_get(r->headers_in, "Transfer-Encoding") == NULL;
}

int osb_ajp_body_begin(struct osb_ajp_talk *talk)
{
    request_rec *r = talk->r;
    apr_size_t length;
    apr_status_t status;

    talk->in = apr_brigade_create(r->pool, r->connection->bucket_alloc);
    talk->piece = apr_palloc(r->pool, osb_ajp_packet_limit(talk->exchange->conf));
    if (is_in_chunks(r))
        return OK;
    status = read_piece(talk, most_of(talk), &length);
    if (status != APR_SUCCESS) {
        talk->exchange->client->failed = true;
        return ap_map_http_request_error(status, HTTP_BAD_REQUEST);
    }
    if (length > 0)
        send_piece(talk, talk->piece, length);
    if (length > 0 || !has_length(r))
        return OK;
    /* The container would wait for what doesn't come. */
    talk->exchange->client->failed = true;
    ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r, "os_balancer: no body came that was announced");
    return HTTP_BAD_REQUEST;
}

/* What the client is told, if it is still there. */
static int refusal_of(apr_status_t status)
{
    if (APR_STATUS_IS_TIMEUP(status))
        return HTTP_REQUEST_TIME_OUT;
    return status == AP_FILTER_ERROR ? AP_FILTER_ERROR : HTTP_BAD_REQUEST;
}

enum osb_ajp_step osb_ajp_body_go_on(struct osb_ajp_talk *talk, apr_size_t wanted)
{
    apr_byte_t none[OSB_AJP_BODY_AT];
    apr_size_t most = most_of(talk), length = 0;
    apr_status_t status;

    if (talk->fed)
        return OSB_STEP_BROKEN;
    if (talk->piece != NULL) {
        status = read_piece(talk, wanted > 0 && wanted < most ? wanted : most, &length);
        if (status != APR_SUCCESS) {
            talk->refusal = refusal_of(status);
            return OSB_STEP_CLIENT;
        }
    }
    talk->fed = length == 0;
    send_piece(talk, talk->piece != NULL ? talk->piece : none, length);
    return talk->why == APR_SUCCESS ? OSB_STEP_ON : OSB_STEP_BROKEN;
}
