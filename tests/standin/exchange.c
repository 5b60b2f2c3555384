/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange.h"
#include "answer.h"
#include "application.h"
#include "node.h"
#include "protocol.h"
#include "request.h"
#include "tally.h"

#include <string.h>

/* So many bytes wait to be sent at most, and a bit. */
#define OUT_MAX (64u << 10)

/* The filler is written in pieces that fill packets of AJP. */
#define PIECE 8184

/* Neither AJP nor HTTP, and with everything that a reader of text trips over. */
static const char garbage[] = "\x7f"
                              "ELF\0\xff\xfe\x80\r\n\r\n\x12\x34\xff\xff%s%n\x1b[2J"
                              "\xc0\xaf\0\0garbage, and no answer\r\n\xf8\xa1\xa1\xa1\xa1";

static bool is_held(const struct exchange *exchange)
{
    const struct switches *switches = &exchange->node->switches;

    return exchange->application->faulty && (switches->busy || switches->phase == PHASE_STARTING);
}

bool exchange_wants_input(const struct exchange *exchange)
{
    if (exchange->step == STEP_SPOILT)
        return true;
    return exchange->step <= STEP_BODY && !is_held(exchange) && exchange->out.length < OUT_MAX;
}

bool exchange_wants_output(const struct exchange *exchange)
{
    return exchange->out.length > 0 || (exchange->step == STEP_SEND && !exchange->paused);
}

static void forget(struct exchange *exchange)
{
    request_free(exchange->request);
    answer_free(exchange->answer);
    exchange->request = NULL;
    exchange->answer = NULL;
    exchange->filled = 0;
    if (exchange->in.length == 0)
        buffer_release(&exchange->in);
}

/* The faults of who doesn't speak the protocol at all, for whatever the client says. True if it was
 * dealt with. */
static bool spoil(struct exchange *exchange)
{
    unsigned wire = exchange->application->faulty ? exchange->node->switches.wire : WIRE_OK;

    if (wire == WIRE_GARBAGE)
        buffer_append(&exchange->out, garbage, sizeof garbage - 1);
    else if (wire == WIRE_HALF)
        buffer_append(&exchange->out, exchange->protocol->half, exchange->protocol->half_length);
    else if (wire != WIRE_CLOSE)
        return false;
    exchange->step = wire == WIRE_CLOSE ? STEP_OVER : STEP_SPOILT;
    return true;
}

/* A check of the module's asks more than this, but this once. */
static bool is_check(const struct request *request)
{
    static const char question[] = "/config-settings/locale";
    const char *agent = request_header(request, "User-Agent");
    size_t length = strlen(request->path), end = sizeof question - 1;

    return agent != NULL && strncmp(agent, "mod_os_balancer/", 16) == 0 && length >= end &&
           strcmp(request->path + length - end, question) == 0;
}

static bool take_head(struct exchange *exchange)
{
    enum taken taken;

    if (is_held(exchange) || exchange->in.length == 0 || exchange->out.length >= OUT_MAX)
        return false;
    if (spoil(exchange))
        return true;
    if (exchange->request == NULL) {
        exchange->request = request_new();
        exchange->request->remote_addr = exchange->peer;
    }
    taken = exchange->protocol->take_head(&exchange->in, &exchange->out, exchange->request);
    if (taken == TAKEN_MORE)
        return false;
    if (taken == TAKEN_DONE) {
        tally_count(exchange->tally, TALLY_REQUESTS);
        request_find_path(exchange->request);
        if (is_check(exchange->request))
            tally_count(exchange->tally, TALLY_CHECKS);
        exchange->request->wants_body = exchange->application->reads_body(exchange->request);
        exchange->step = STEP_BODY;
    } else {
        if (taken == TAKEN_PING)
            tally_count(exchange->tally, TALLY_PINGS);
        forget(exchange);
        exchange->step = taken == TAKEN_PING ? STEP_HEAD : STEP_OVER;
    }
    return true;
}

static void start_delay(struct exchange *exchange)
{
    loop_cancel(exchange->node->loop, &exchange->timer);
    exchange->delay = exchange->application->delay(exchange->node, exchange->request);
    if (exchange->delay > 0)
        loop_start(exchange->node->loop, &exchange->timer, exchange->delay);
}

void exchange_wake(struct exchange *exchange)
{
    if (exchange->step == STEP_WAIT &&
        exchange->application->delay(exchange->node, exchange->request) != exchange->delay)
        start_delay(exchange);
}

static bool take_body(struct exchange *exchange)
{
    enum taken taken;

    if (is_held(exchange))
        return false;
    taken = exchange->protocol->take_body(&exchange->in, &exchange->out, exchange->request);
    if (taken == TAKEN_MORE)
        return false;
    exchange->step = taken == TAKEN_BROKEN ? STEP_OVER : STEP_WAIT;
    if (exchange->step == STEP_WAIT)
        start_delay(exchange);
    return true;
}

static bool wait_for_timer(struct exchange *exchange)
{
    if (exchange->timer.active)
        return false;
    exchange->step = STEP_ANSWER;
    return true;
}

static bool answer(struct exchange *exchange)
{
    struct request *request = exchange->request;

    if (exchange->answer == NULL)
        exchange->answer = answer_new();
    if (!exchange->application->answer(exchange->node, request, exchange->answer))
        return false;
    if (exchange->protocol->closes_after != NULL &&
        exchange->protocol->closes_after(exchange->answer->status)) {
        request->reuse = false;
        request->hang_up = true;
    }
    if (exchange->answer->last)
        request->reuse = false;
    exchange->protocol->put_head(&exchange->out, request, exchange->answer);
    exchange->step = STEP_SEND;
    return true;
}

static void put(struct exchange *exchange, const void *bytes, size_t length)
{
    exchange->protocol->put_body(&exchange->out, exchange->request, exchange->answer, bytes,
                                 length);
}

/* What stands before the filler: all of it, or up to where it pauses. True if all was written. */
static bool put_written(struct exchange *exchange)
{
    struct answer *answer = exchange->answer;
    bool pauses = answer->pause_at > 0 && exchange->node->switches.body == BODY_SLOW;
    size_t length = pauses ? answer->pause_at : answer->body.length;

    if (pauses && exchange->paused)
        return false;
    put(exchange, buffer_bytes(&answer->body), length);
    buffer_drop(&answer->body, length);
    exchange->paused = pauses;
    return !pauses;
}

static bool put_filler(struct exchange *exchange)
{
    const struct answer *answer = exchange->answer;
    char piece[PIECE];

    if (answer->filler == 0)
        return true;
    memset(piece, 'x', sizeof piece);
    while (exchange->filled < answer->filler) {
        uint64_t left = answer->filler - exchange->filled;
        size_t length = left < sizeof piece ? (size_t)left : sizeof piece;

        if (exchange->out.length >= OUT_MAX)
            return false;
        put(exchange, piece, length);
        if (answer->filler != ANSWER_ENDLESS)
            exchange->filled += length;
    }
    if (answer->tail != NULL)
        put(exchange, answer->tail, strlen(answer->tail));
    return true;
}

static bool send_body(struct exchange *exchange)
{
    if (!request_is(exchange->request, "HEAD") && answer_may_have_body(exchange->answer)) {
        if (exchange->answer->body.length > 0 && !put_written(exchange))
            return false;
        if (!put_filler(exchange))
            return false;
    }
    exchange->protocol->put_end(&exchange->out, exchange->request, exchange->answer);
    exchange->step = exchange->request->hang_up ? STEP_OVER : STEP_HEAD;
    forget(exchange);
    return true;
}

static bool swallow(struct exchange *exchange)
{
    buffer_release(&exchange->in);
    return false;
}

static bool (*const steps[])(struct exchange *) = {
    [STEP_HEAD] = take_head, [STEP_BODY] = take_body, [STEP_WAIT] = wait_for_timer,
    [STEP_ANSWER] = answer,  [STEP_SEND] = send_body, [STEP_SPOILT] = swallow,
    [STEP_OVER] = swallow,
};

void exchange_advance(struct exchange *exchange)
{
    while (steps[exchange->step](exchange))
        ;
}

void exchange_end(struct exchange *exchange)
{
    loop_cancel(exchange->node->loop, &exchange->timer);
    forget(exchange);
    buffer_release(&exchange->in);
    buffer_release(&exchange->out);
}
