/* SPDX-License-Identifier: Apache-2.0 */
#include "ajp.h"
#include "answer.h"
#include "request.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Response header codes, from 0xA001. */
static const char *const names[] = {
    "Content-Type", "Content-Language", "Content-Length", "Date",   "Last-Modified",   "Location",
    "Set-Cookie",   "Set-Cookie2",      "Servlet-Engine", "Status", "WWW-Authenticate"};

static void put_8(struct buffer *out, unsigned number)
{
    unsigned char byte = (unsigned char)number;

    buffer_append(out, &byte, 1);
}

static void put_16(struct buffer *out, unsigned number)
{
    put_8(out, number >> 8 & 0xff);
    put_8(out, number & 0xff);
}

static void put_text(struct buffer *out, const char *text)
{
    size_t length = strlen(text);

    put_16(out, (unsigned)length);
    buffer_append(out, text, length + 1);
}

static void put_header(struct buffer *out, const char *name, const char *value)
{
    size_t code = 0;

    while (code < sizeof names / sizeof *names && strcasecmp(names[code], name) != 0)
        code++;
    if (code < sizeof names / sizeof *names)
        put_16(out, 0xa001 + (unsigned)code);
    else
        put_text(out, name);
    put_text(out, value);
}

static void put_packet(struct buffer *out, const struct buffer *payload)
{
    buffer_text(out, "AB");
    put_16(out, (unsigned)payload->length);
    buffer_append(out, buffer_bytes(payload), payload->length);
}

/* Where a reason phrase might stand, Tomcat repeats the status. */
static void ajp_put_head(struct buffer *out, const struct request *request,
                         const struct answer *answer)
{
    struct buffer payload = {.bytes = NULL};
    bool has_length = answer_has_length(answer);
    char number[24];

    (void)request;
    put_8(&payload, AJP_SEND_HEADERS);
    put_16(&payload, answer->status);
    snprintf(number, sizeof number, "%u", answer->status);
    put_text(&payload, number);
    put_16(&payload, (unsigned)answer->header_count + has_length);
    for (size_t i = 0; i < answer->header_count; i++)
        put_header(&payload, answer->headers[i].name, answer->headers[i].value);
    if (has_length) {
        snprintf(number, sizeof number, "%llu", (unsigned long long)answer_length(answer));
        put_header(&payload, "Content-Length", number);
    }
    put_packet(out, &payload);
    buffer_release(&payload);
}

static void put_chunk(struct buffer *out, const unsigned char *bytes, size_t length)
{
    buffer_text(out, "AB");
    put_16(out, (unsigned)length + 4);
    put_8(out, AJP_SEND_BODY_CHUNK);
    put_16(out, (unsigned)length);
    buffer_append(out, bytes, length);
    put_8(out, 0);
}

static void ajp_put_body(struct buffer *out, const struct request *request,
                         const struct answer *answer, const void *bytes, size_t length)
{
    const unsigned char *from = bytes;

    (void)request;
    (void)answer;
    while (length > 0) {
        size_t part = length < AJP_BODY_SEND_MAX ? length : AJP_BODY_SEND_MAX;

        put_chunk(out, from, part);
        from += part;
        length -= part;
    }
}

/* A flush is a chunk without bytes. */
static void ajp_put_end(struct buffer *out, const struct request *request,
                        const struct answer *answer)
{
    if (answer->flushed)
        put_chunk(out, NULL, 0);
    buffer_text(out, "AB");
    put_16(out, 2);
    put_8(out, AJP_END_RESPONSE);
    put_8(out, request->reuse);
}

const struct protocol ajp_protocol = {
    .take_head = ajp_take_head,
    .take_body = ajp_take_body,
    .put_head = ajp_put_head,
    .put_body = ajp_put_body,
    .put_end = ajp_put_end,
    .half = "AB\0",
    .half_length = 3,
};
