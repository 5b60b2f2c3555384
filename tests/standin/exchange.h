/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request and its answer after the other, as steps over two buffers:
 *
 *   HEAD -> BODY -> WAIT -> ANSWER -> SEND -> HEAD ...
 *
 * Each step goes as far as it can and says by its return whether the next one may begin. A request
 * that hangs stays in ANSWER until a switch is turned.
 */
#ifndef STANDIN_EXCHANGE_H
#define STANDIN_EXCHANGE_H

#include "buffer.h"
#include "loop.h"

#include <stdbool.h>

struct answer;
struct application;
struct node;
struct protocol;
struct request;
struct tally;

enum step {
    STEP_HEAD,   /* waits for a request */
    STEP_BODY,   /* reads the rest of it */
    STEP_WAIT,   /* lets a delay pass */
    STEP_ANSWER, /* is answered */
    STEP_SEND,   /* the answer's body is being written */
    STEP_SPOILT, /* something else than an answer was sent: now silent until the client goes */
    STEP_OVER,   /* nothing more is read; closed when everything is sent */
};

struct exchange {
    enum step step;                        /* where it is */
    struct node *node;                     /* who answers */
    const struct protocol *protocol;       /* how */
    const struct application *application; /* and what */
    const char *peer;                      /* the client's address in numbers */
    struct tally *tally;                   /* where it is counted, or NULL */
    struct buffer in;                      /* what has come and isn't taken yet */
    struct buffer out;                     /* what is to be sent */
    struct request *request;               /* the present one, or NULL */
    struct answer *answer;                 /* its answer, or NULL */
    uint64_t filled;                       /* how much of the answer's filler has been written */
    bool paused;                           /* half a body was sent, see answer.pause_at */
    unsigned delay;                        /* milliseconds that STEP_WAIT lasts */
    struct timer timer;                    /* runs in STEP_WAIT; fires into the connection */
};

/* Goes on as far as possible. */
void exchange_advance(struct exchange *exchange);

/* After a switch was turned: a delay that has become another one begins anew. */
void exchange_wake(struct exchange *exchange);

/* It wants bytes from the client now. Never so in busy or starting nodes. */
bool exchange_wants_input(const struct exchange *exchange);

/* Something waits to be sent, or can be written as soon as there is room. */
bool exchange_wants_output(const struct exchange *exchange);

/* Frees what it holds. */
void exchange_end(struct exchange *exchange);

#endif
