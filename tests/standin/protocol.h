/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a connection asks of a protocol. Both work on buffers alone: they see no socket, no switch
 * and no webapp.
 */
#ifndef STANDIN_PROTOCOL_H
#define STANDIN_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>

struct answer;
struct buffer;
struct request;

enum taken {
    TAKEN_MORE,   /* the bytes don't suffice yet; none were taken that are needed again */
    TAKEN_DONE,   /* a whole request, or the end of its body */
    TAKEN_PING,   /* something that was answered on the spot, such as a CPING */
    TAKEN_BROKEN, /* nothing to be understood: the connection is closed without an answer */
};

struct protocol {
    /* Takes a request's head from IN. A head that deserves an error page is DONE, with refusal. */
    enum taken (*take_head)(struct buffer *in, struct buffer *out, struct request *request);
    /* Takes what has come of the body, and asks for more where the protocol wants that. */
    enum taken (*take_body)(struct buffer *in, struct buffer *out, struct request *request);
    /* Writes the status and the headers. */
    void (*put_head)(struct buffer *out, const struct request *request,
                     const struct answer *answer);
    /* Writes a part of the body; never called for an answer that must have none. */
    void (*put_body)(struct buffer *out, const struct request *request, const struct answer *answer,
                     const void *bytes, size_t length);
    /* Writes what ends the answer. */
    void (*put_end)(struct buffer *out, const struct request *request, const struct answer *answer);
    /* Whether the connection is closed after an answer of this status; NULL: after none. */
    bool (*closes_after)(unsigned status);
    const char *half;   /* the beginning of an answer, for the fault wire=half */
    size_t half_length; /* how many bytes of it */
};

extern const struct protocol ajp_protocol;
extern const struct protocol http_protocol;

#endif
