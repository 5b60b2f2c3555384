/* SPDX-License-Identifier: Apache-2.0 */
#include "ajp.h"
#include "buffer.h"
#include "request.h"

#include <string.h>

static const unsigned char cpong[] = {'A', 'B', 0, 1, AJP_CPONG};

static const unsigned char get_body_chunk[] = {
    'A', 'B', 0, 3, AJP_GET_BODY_CHUNK, AJP_BODY_READ_MAX >> 8, AJP_BODY_READ_MAX & 0xff};

static size_t number_16(const unsigned char *bytes)
{
    return (size_t)bytes[0] << 8 | bytes[1];
}

/* Looks for a whole packet at the front of IN. BROKEN for a wrong magic, or one that is too long,
 * the size of which is then in LENGTH. */
static enum taken find_packet(const struct buffer *in, size_t *length)
{
    const unsigned char *bytes = buffer_bytes(in);

    *length = 0;
    if ((in->length > 0 && bytes[0] != 0x12) || (in->length > 1 && bytes[1] != 0x34))
        return TAKEN_BROKEN;
    if (in->length < AJP_HEADER)
        return TAKEN_MORE;
    *length = number_16(bytes + 2);
    if (*length > AJP_PACKET_MAX)
        return TAKEN_BROKEN;
    return in->length >= AJP_HEADER + *length ? TAKEN_DONE : TAKEN_MORE;
}

/* A request that gets an error page, after which the stream is not to be trusted. */
static enum taken refuse(struct request *request, unsigned status)
{
    request->method = "GET";
    request->uri = "/";
    request->refusal = status;
    request->needs_secret = false;
    request->reuse = false;
    request->hang_up = true;
    request->first_due = false;
    return TAKEN_DONE;
}

static enum taken take_packet(const unsigned char *payload, size_t length, struct buffer *out,
                              struct request *request)
{
    if (length == 0)
        return refuse(request, 500);
    if (payload[0] == AJP_CPING) {
        buffer_append(out, cpong, sizeof cpong);
        return TAKEN_PING;
    }
    if (payload[0] != AJP_FORWARD_REQUEST)
        return TAKEN_BROKEN;
    return ajp_read_request(payload, length, request) ? TAKEN_DONE : refuse(request, 500);
}

/* As Tomcat: too long is 400, malformed is 500, another magic or type is a closed connection. */
enum taken ajp_take_head(struct buffer *in, struct buffer *out, struct request *request)
{
    size_t length;
    enum taken taken = find_packet(in, &length);

    if (taken == TAKEN_BROKEN && length > AJP_PACKET_MAX) {
        buffer_drop(in, in->length);
        return refuse(request, 400);
    }
    if (taken != TAKEN_DONE)
        return taken;
    taken = take_packet(buffer_bytes(in) + AJP_HEADER, length, out, request);
    buffer_drop(in, AJP_HEADER + length);
    return taken;
}

/* Takes one body packet. DONE if it is the empty one that ends a body: "12 34 00 00", or one that
 * says that it has no bytes. */
static enum taken take_body_packet(struct buffer *in, struct request *request)
{
    size_t length, size = 0;
    const unsigned char *payload = buffer_bytes(in) + AJP_HEADER;
    enum taken taken = find_packet(in, &length);

    if (taken != TAKEN_DONE)
        return taken;
    if (length >= 2)
        size = number_16(payload);
    if (length == 1 || size + 2 > (length > 0 ? length : 2))
        return TAKEN_BROKEN;
    if (size > 0)
        request_add_body(request, payload + 2, size);
    buffer_drop(in, AJP_HEADER + length);
    return size > 0 ? TAKEN_PING : TAKEN_DONE;
}

/* Takes the first packet, which was not asked for, even if nobody reads the body; then asks until
 * an empty packet says that there is no more, whatever Content-Length said: all as Tomcat does. */
enum taken ajp_take_body(struct buffer *in, struct buffer *out, struct request *request)
{
    while (request->first_due || request->wants_body) {
        enum taken taken;

        if (!request->first_due && !request->asked) {
            if (!request->chunked && request->body_length == 0)
                return TAKEN_DONE;
            buffer_append(out, get_body_chunk, sizeof get_body_chunk);
            request->asked = true;
        }
        taken = take_body_packet(in, request);
        if (taken == TAKEN_MORE || taken == TAKEN_BROKEN)
            return taken;
        request->first_due = request->asked = false;
        if (taken == TAKEN_DONE)
            request->wants_body = false;
    }
    return TAKEN_DONE;
}
