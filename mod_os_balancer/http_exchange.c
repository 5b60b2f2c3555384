/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange.h"
#include "members.h"
#include "proxy_api.h"

#include <http_connection.h>
#include <http_core.h>
#include <util_filter.h>

#define ANSWER_FILTER "OS_BALANCER_ANSWER"
#define WAIT_FILTER   "OS_BALANCER_WAIT"

struct attempt {
    const struct osb_exchange *exchange;
    request_rec *r;
    apr_bucket_brigade *held; /* of the answer, while it isn't decided who gets it */
    bool asked;               /* gives_away was: it isn't asked twice */
    bool answered;            /* something has come from the member */
    bool given;               /* and the client gets it */
    bool away;                /* the request is given away */
};

/* What the request was like before. */
struct before {
    apr_table_t *headers_in, *headers_out;
    int status;
    const char *status_line;
};

/* The attempt that this thread carries out. mod_proxy_http opens connections and reads from them in
 * the thread that called it, and tells neither for whom. */
static _Thread_local struct attempt *current;

static bool gives_away(struct attempt *attempt, enum osb_trouble trouble, enum osb_proof proof)
{
    if (attempt->asked || attempt->given)
        return false;
    attempt->away = attempt->exchange->gives_away(attempt->exchange->baton, trouble, proof);
    /* Who waits on may be let go later. */
    attempt->asked = attempt->away || trouble != OSB_TROUBLE_OUT;
    return attempt->away;
}

/* ---- the answer, on its way to the client ---------------------------------------------------- */

static enum osb_proof judge(const struct attempt *attempt)
{
    const request_rec *r = attempt->r;
    char body[OSB_PROOF_LENGTH];
    struct osb_beginning beginning = {
        .status = (unsigned)r->status,
        .is_localised = apr_table_get(r->headers_out, "Content-Language") != NULL,
        .is_head = r->header_only,
        .is_whole = APR_BUCKET_IS_EOS(APR_BRIGADE_LAST(attempt->held)),
        .body = body,
        .length = sizeof body,
    };

    apr_brigade_flatten(attempt->held, body, &beginning.length);
    return osb_proof_find(&beginning);
}

/* Where a member breaks off before its answer, mod_proxy_http has no error to return if the
 * client's connection has carried a request before: it passes down what ends that connection. */
static bool breaks_off(const apr_bucket_brigade *brigade)
{
    return AP_BUCKET_IS_ERROR(APR_BRIGADE_FIRST(brigade));
}

/* Holds the beginning of an answer back until it is clear that it is the client's. Of one that
 * isn't mod_proxy_http has to read no more, however long the member would take: an error tells it
 * so. */
static apr_status_t look_at_answer(ap_filter_t *filter, apr_bucket_brigade *brigade)
{
    struct attempt *attempt = filter->ctx;
    enum osb_proof proof;

    if (attempt->away || APR_BRIGADE_EMPTY(brigade) ||
        (breaks_off(brigade) && gives_away(attempt, OSB_TROUBLE_BROKEN, OSB_PROOF_NONE))) {
        apr_brigade_cleanup(brigade);
        return APR_ECONNABORTED;
    }
    ap_save_brigade(filter, &attempt->held, &brigade, attempt->r->pool);
    proof = judge(attempt);
    if (proof == OSB_PROOF_OPEN)
        return APR_SUCCESS;
    if (proof != OSB_PROOF_NONE && gives_away(attempt, OSB_TROUBLE_ANSWER, proof)) {
        apr_brigade_cleanup(attempt->held);
        return APR_ECONNABORTED;
    }
    attempt->given = true;
    ap_remove_output_filter(filter);
    return ap_pass_brigade(filter->next, attempt->held);
}

/* ---- the wait for the answer ----------------------------------------------------------------- */

/* Waits until there is something to read. APR_TIMEUP: in vain, or the member went out. */
static apr_status_t wait_for_bytes(struct attempt *attempt, apr_socket_t *socket)
{
    apr_pollfd_t poll = {.desc_type = APR_POLL_SOCKET,
                         .reqevents = APR_POLLIN,
                         .p = attempt->r->pool,
                         .desc.s = socket};
    struct osb_wait wait = osb_wait_begin(attempt->exchange);
    apr_interval_time_t limit = -1;
    apr_int32_t count;
    apr_status_t status;

    apr_socket_timeout_get(socket, &limit);
    for (;;) {
        status = apr_poll(&poll, 1, &count, osb_wait_next(&wait));
        if (!APR_STATUS_IS_TIMEUP(status))
            return APR_SUCCESS;
        if (osb_member_is_out(attempt->exchange->worker) &&
            gives_away(attempt, OSB_TROUBLE_OUT, OSB_PROOF_NONE))
            return status;
        if (osb_wait_is_over(&wait, limit))
            return status;
    }
}

/* Until the answer is the client's, a read that may wait is one that may not, after each wait of
 * ours: what the filters below have in store doesn't show at the socket. Who is sent once gets
 * everything at once. */
static apr_status_t look_at_wait(ap_filter_t *filter, apr_bucket_brigade *brigade,
                                 ap_input_mode_t mode, apr_read_type_e block, apr_off_t length)
{
    struct attempt *attempt = current;
    apr_status_t status;

    if (attempt == NULL || attempt->given || (attempt->exchange->once && attempt->answered) ||
        block != APR_BLOCK_READ)
        return ap_get_brigade(filter->next, brigade, mode, block, length);
    for (;;) {
        status = ap_get_brigade(filter->next, brigade, mode, APR_NONBLOCK_READ, length);
        if (status == APR_SUCCESS ? !APR_BRIGADE_EMPTY(brigade) : !APR_STATUS_IS_EAGAIN(status))
            break;
        status = wait_for_bytes(attempt, ap_get_conn_socket(filter->c));
        if (status != APR_SUCCESS)
            return status;
    }
    attempt->answered |= status == APR_SUCCESS;
    return status;
}

/* A connection that is made in the course of an attempt is one to its member. */
static int watch_connection(conn_rec *connection, void *socket)
{
    (void)socket;
    if (current != NULL)
        ap_add_input_filter(WAIT_FILTER, NULL, NULL, connection);
    return DECLINED;
}

void osb_http_exchange_hook(void)
{
    ap_hook_pre_connection(watch_connection, NULL, NULL, APR_HOOK_LAST);
    ap_register_output_filter(ANSWER_FILTER, look_at_answer, NULL, OSB_FTYPE_ANSWER);
    ap_register_input_filter(WAIT_FILTER, look_at_wait, NULL, AP_FTYPE_NETWORK - 1);
}

/* ---- the attempt ----------------------------------------------------------------------------- */

static struct before remember(request_rec *r)
{
    return (struct before){.headers_in = apr_table_copy(r->pool, r->headers_in),
                           .headers_out = apr_table_copy(r->pool, r->headers_out),
                           .status = r->status,
                           .status_line = r->status_line};
}

/* Makes the request what it was, for the next member. */
static int begin_anew(request_rec *r, const struct before *before)
{
    static const char *const notes[] = {"error-notes", "verbose-error-to", "proxy-error-override",
                                        "proxy_timedout"};

    r->headers_in = before->headers_in;
    r->headers_out = before->headers_out;
    r->status = before->status;
    r->status_line = before->status_line;
    r->content_type = NULL;
    r->no_cache = 0;
    r->eos_sent = 0;
    apr_table_clear(r->trailers_out);
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++)
        apr_table_unset(r->notes, notes[i]);
    return HTTP_SERVICE_UNAVAILABLE;
}

/* Whether RESULT says that the member failed, and gave the client nothing. */
static bool has_failed(const struct attempt *attempt, int result)
{
    enum osb_proof proof =
        osb_proof_find(&(struct osb_beginning){.status = (unsigned)result, .is_whole = true});

    return !attempt->given && result > 0 && proof == OSB_PROOF_STATUS;
}

/* Under ProxyErrorOverride the result may be the member's own answer. */
static enum osb_trouble trouble_of(const struct attempt *attempt, int result)
{
    if (apr_table_get(attempt->r->notes, "proxy-error-override") != NULL)
        return OSB_TROUBLE_ANSWER;
    if (result == HTTP_GATEWAY_TIME_OUT)
        return OSB_TROUBLE_SILENT;
    return attempt->answered ? OSB_TROUBLE_BROKEN : OSB_TROUBLE_CONNECT;
}

static void give_away_failed(struct attempt *attempt, int result)
{
    enum osb_trouble trouble = trouble_of(attempt, result);

    gives_away(attempt, trouble, trouble == OSB_TROUBLE_ANSWER ? OSB_PROOF_STATUS : OSB_PROOF_NONE);
}

/* What was held of an answer that broke off before it was judged is the client's after all. */
static void pass_rest(struct attempt *attempt)
{
    if (!attempt->given && attempt->held != NULL && !APR_BRIGADE_EMPTY(attempt->held))
        ap_pass_brigade(attempt->r->output_filters, attempt->held);
}

static int run(const struct osb_exchange *exchange, struct attempt *attempt)
{
    int result;

    current = attempt;
    result = osb_proxy_api()->run_scheme_handler(exchange->r, exchange->worker, exchange->conf,
                                                 exchange->url, exchange->proxyname,
                                                 exchange->proxyport);
    current = NULL;
    return result;
}

int osb_http_exchange_once(const struct osb_exchange *exchange)
{
    return run(exchange, &(struct attempt){.exchange = exchange, .r = exchange->r, .asked = true});
}

int osb_http_exchange(const struct osb_exchange *exchange)
{
    request_rec *r = exchange->r;
    struct attempt attempt = {.exchange = exchange, .r = r};
    struct before before = remember(r);
    ap_filter_t *filter = ap_add_output_filter(ANSWER_FILTER, &attempt, r, r->connection);
    int result;

    result = run(exchange, &attempt);
    if (has_failed(&attempt, result))
        give_away_failed(&attempt, result);
    if (!attempt.given)
        ap_remove_output_filter(filter);
    if (attempt.away)
        return begin_anew(r, &before);
    pass_rest(&attempt);
    return result;
}
