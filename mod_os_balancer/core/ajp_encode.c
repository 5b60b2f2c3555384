/* SPDX-License-Identifier: Apache-2.0 */
#include "ajp.h"

#include <string.h>
#include <strings.h>

#define FRAME_SIZE      4
#define FORWARD_REQUEST 2
#define CPING           10
#define NO_STRING       0xFFFF
#define OTHER_METHOD    0xFF /* ajp.h of httpd, SC_M_JK_STORED: it is an attribute */

/* Optional attributes of a request; the last code ends their list. */
#define ATTRIBUTE_REMOTE_USER     0x03
#define ATTRIBUTE_AUTH_TYPE       0x04
#define ATTRIBUTE_QUERY           0x05
#define ATTRIBUTE_ROUTE           0x06
#define ATTRIBUTE_TLS_CERTIFICATE 0x07
#define ATTRIBUTE_TLS_CIPHER      0x08
#define ATTRIBUTE_TLS_SESSION     0x09
#define ATTRIBUTE_NAMED           0x0A
#define ATTRIBUTE_TLS_KEY_SIZE    0x0B
#define ATTRIBUTE_SECRET          0x0C
#define ATTRIBUTE_METHOD          0x0D
#define ATTRIBUTES_END            0xFF

/* Where a name's length would stand, the code of coded_names[0]; a longer name would be taken for
 * a code. */
#define FIRST_CODED     0xA001
#define NAME_MAX_LENGTH 0x9FFF

#define NAME(literal)                  \
    {                                  \
        (literal), sizeof(literal) - 1 \
    }
static const struct coded_name {
    const char *name;
    size_t length;
} coded_names[] = {
    NAME("accept"),          NAME("accept-charset"), NAME("accept-encoding"),
    NAME("accept-language"), NAME("authorization"),  NAME("connection"),
    NAME("content-type"),    NAME("content-length"), NAME("cookie"),
    NAME("cookie2"),         NAME("host"),           NAME("pragma"),
    NAME("referer"),         NAME("user-agent"),
};
#undef NAME

static const char *const method_names[] = {
#define METHOD_NAME(code, c, http) [code] = (http),
    OSB_AJP_METHODS(METHOD_NAME)
#undef METHOD_NAME
};
static const size_t method_limit = sizeof method_names / sizeof *method_names;

/* Fills a packet from its front. Whoever writes may go on after a failure: what doesn't fit is
 * left out, and finish_packet() tells. */
struct writer {
    uint8_t *bytes; /* the packet from its magic on */
    size_t size;    /* how many bytes it may have */
    size_t used;    /* how many it has */
    bool failed;    /* it didn't fit, or can't be said */
};

static void put_bytes(struct writer *to, const void *bytes, size_t length)
{
    if (length > to->size - to->used) {
        to->failed = true;
        return;
    }
    memcpy(to->bytes + to->used, bytes, length);
    to->used += length;
}

static void put_byte(struct writer *to, unsigned value)
{
    uint8_t byte = (uint8_t)value;

    put_bytes(to, &byte, 1);
}

static void put_integer(struct writer *to, size_t value)
{
    if (value > UINT16_MAX)
        to->failed = true;
    put_byte(to, (unsigned)(value >> 8) & 0xFF);
    put_byte(to, (unsigned)value & 0xFF);
}

static void put_counted(struct writer *to, const char *text, size_t length)
{
    put_integer(to, length);
    put_bytes(to, text, length + 1);
}

static void put_text(struct writer *to, const char *text)
{
    put_counted(to, text, strlen(text));
}

/* Text that is a line or a part of one. */
static void put_string(struct writer *to, const char *text)
{
    size_t length = text != NULL ? strcspn(text, "\r\n") : 0;

    if (text == NULL || text[length] != '\0')
        to->failed = true;
    else
        put_counted(to, text, length);
}

static void put_optional_string(struct writer *to, const char *text)
{
    if (text != NULL)
        put_string(to, text);
    else
        put_integer(to, NO_STRING);
}

static void put_attribute(struct writer *to, unsigned code, const char *value)
{
    if (value == NULL)
        return;
    put_byte(to, code);
    put_string(to, value);
}

static void put_tls(struct writer *to, const struct osb_ajp_request *request)
{
    if (request->tls_certificate != NULL) {
        put_byte(to, ATTRIBUTE_TLS_CERTIFICATE);
        put_text(to, request->tls_certificate);
    }
    put_attribute(to, ATTRIBUTE_TLS_CIPHER, request->tls_cipher);
    put_attribute(to, ATTRIBUTE_TLS_SESSION, request->tls_session);
    if (request->tls_key_size > 0) {
        put_byte(to, ATTRIBUTE_TLS_KEY_SIZE);
        put_integer(to, request->tls_key_size);
    }
}

static void put_attributes(struct writer *to, const struct osb_ajp_request *request)
{
    put_attribute(to, ATTRIBUTE_SECRET, request->secret);
    put_attribute(to, ATTRIBUTE_REMOTE_USER, request->remote_user);
    put_attribute(to, ATTRIBUTE_AUTH_TYPE, request->auth_type);
    put_attribute(to, ATTRIBUTE_QUERY, request->query);
    if (request->route != NULL) {
        put_byte(to, ATTRIBUTE_ROUTE);
        put_text(to, request->route);
    }
    put_tls(to, request);
    if (request->method == OSB_AJP_METHOD_NONE)
        put_attribute(to, ATTRIBUTE_METHOD, request->other_method);
    for (size_t i = 0; i < request->attribute_count; i++) {
        put_byte(to, ATTRIBUTE_NAMED);
        put_string(to, request->attributes[i].name);
        put_text(to, request->attributes[i].value);
    }
    put_byte(to, ATTRIBUTES_END);
}

static bool is_header_name(const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)name[i] < 0x20 || name[i] == 0x7F)
            return false;
    }
    return length > 0 && length <= NAME_MAX_LENGTH;
}

static void put_header_name(struct writer *to, const char *name)
{
    size_t length = name != NULL ? strlen(name) : 0;

    for (size_t i = 0; length > 0 && i < sizeof coded_names / sizeof *coded_names; i++) {
        if (coded_names[i].length == length && strcasecmp(coded_names[i].name, name) == 0) {
            put_integer(to, FIRST_CODED + i);
            return;
        }
    }
    if (is_header_name(name, length))
        put_counted(to, name, length);
    else
        to->failed = true;
}

static void put_headers(struct writer *to, const struct osb_ajp_header *headers, size_t count)
{
    put_integer(to, count);
    for (size_t i = 0; i < count; i++) {
        put_header_name(to, headers[i].name);
        put_string(to, headers[i].value);
    }
}

/* The length in the frame is known last: begin leaves room for it, finish fills it in. */
static struct writer begin_packet(uint8_t *buffer, size_t size)
{
    static const uint8_t frame[FRAME_SIZE] = {0x12, 0x34};
    struct writer to = {.bytes = buffer,
                        .size = size < OSB_AJP_PACKET_MAX ? size : OSB_AJP_PACKET_MAX};

    put_bytes(&to, frame, sizeof frame);
    return to;
}

static size_t finish_packet(struct writer *to)
{
    struct writer length = {.bytes = to->bytes, .size = FRAME_SIZE, .used = 2};

    if (to->failed)
        return 0;
    put_integer(&length, to->used - FRAME_SIZE);
    return to->used;
}

size_t osb_ajp_encode_cping(uint8_t *buffer, size_t size)
{
    struct writer to = begin_packet(buffer, size);

    put_byte(&to, CPING);
    return finish_packet(&to);
}

size_t osb_ajp_encode_request(const struct osb_ajp_request *request, uint8_t *buffer, size_t size)
{
    struct writer to = begin_packet(buffer, size);

    if (request->method >= method_limit ||
        (request->method == OSB_AJP_METHOD_NONE && request->other_method == NULL))
        return 0;
    put_byte(&to, FORWARD_REQUEST);
    put_byte(&to, request->method != OSB_AJP_METHOD_NONE ? request->method : OTHER_METHOD);
    put_string(&to, request->protocol);
    put_string(&to, request->uri);
    put_string(&to, request->remote_addr);
    put_optional_string(&to, request->remote_host);
    put_string(&to, request->server_name);
    put_integer(&to, request->server_port);
    put_byte(&to, request->is_tls);
    put_headers(&to, request->headers, request->header_count);
    put_attributes(&to, request);
    return finish_packet(&to);
}

size_t osb_ajp_encode_body(uint8_t *packet, size_t length)
{
    struct writer to = begin_packet(packet, OSB_AJP_BODY_AT);

    if (length > OSB_AJP_PACKET_MAX - OSB_AJP_BODY_AT)
        return 0;
    put_integer(&to, length);
    to.used += length;
    return finish_packet(&to);
}

enum osb_ajp_method osb_ajp_find_method(const char *name)
{
    for (size_t i = 1; i < method_limit; i++) {
        if (strcmp(method_names[i], name) == 0)
            return (enum osb_ajp_method)i;
    }
    return OSB_AJP_METHOD_NONE;
}
