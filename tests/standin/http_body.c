/* SPDX-License-Identifier: Apache-2.0 */
#include "http.h"
#include "buffer.h"
#include "request.h"

#include <stdlib.h>
#include <string.h>

#define LINE_MAX_LENGTH 1024

/* Where in a chunked body the next byte stands. */
enum chunk_state {
    CHUNK_SIZE,    /* at a line with a size */
    CHUNK_DATA,    /* in a chunk, of which body_left bytes are to come */
    CHUNK_CRLF,    /* at the line end after a chunk */
    CHUNK_TRAILER, /* at the lines after the last chunk */
    CHUNK_END,     /* the body is over */
};

static bool take_data(struct buffer *in, struct request *request)
{
    size_t length = in->length;

    if (length > request->body_left)
        length = (size_t)request->body_left;
    request_add_body(request, buffer_bytes(in), length);
    buffer_drop(in, length);
    request->body_left -= length;
    return request->body_left == 0;
}

/* Takes a line without its end. MORE if it is not whole yet, BROKEN if it is too long. */
static enum taken take_line(struct buffer *in, char line[LINE_MAX_LENGTH])
{
    const unsigned char *bytes = buffer_bytes(in);
    const unsigned char *end = memchr(bytes, '\n', in->length);
    size_t length = end != NULL ? (size_t)(end - bytes) : in->length;

    if (length >= LINE_MAX_LENGTH)
        return TAKEN_BROKEN;
    if (end == NULL)
        return TAKEN_MORE;
    memcpy(line, bytes, length);
    if (length > 0 && line[length - 1] == '\r')
        length--;
    line[length] = '\0';
    buffer_drop(in, (size_t)(end - bytes) + 1);
    return TAKEN_DONE;
}

/* What follows a line of the chunked coding. False if the line can't stand there. */
static bool read_line(struct request *request, const char *line)
{
    size_t digits = strspn(line, "0123456789abcdefABCDEF");

    switch (request->chunk_state) {
    case CHUNK_SIZE:
        if (digits == 0 || digits > 8 || (line[digits] != '\0' && line[digits] != ';'))
            return false;
        request->body_left = strtoull(line, NULL, 16);
        request->chunk_state = request->body_left > 0 ? CHUNK_DATA : CHUNK_TRAILER;
        return true;
    case CHUNK_CRLF:
        request->chunk_state = CHUNK_SIZE;
        return *line == '\0';
    default:
        if (*line == '\0')
            request->chunk_state = CHUNK_END;
        return true;
    }
}

static enum taken take_chunks(struct buffer *in, struct request *request)
{
    char line[LINE_MAX_LENGTH];

    while (request->chunk_state != CHUNK_END) {
        enum taken taken;

        if (request->chunk_state == CHUNK_DATA) {
            if (!take_data(in, request))
                return TAKEN_MORE;
            request->chunk_state = CHUNK_CRLF;
        }
        taken = take_line(in, line);
        if (taken != TAKEN_DONE)
            return taken;
        if (!read_line(request, line))
            return TAKEN_BROKEN;
    }
    return TAKEN_DONE;
}

/* Reads the body to its end even if nobody wants it: the next request stands behind it. */
enum taken http_take_body(struct buffer *in, struct buffer *out, struct request *request)
{
    (void)out;
    if (request->chunked)
        return take_chunks(in, request);
    return take_data(in, request) ? TAKEN_DONE : TAKEN_MORE;
}
