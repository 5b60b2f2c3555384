/* SPDX-License-Identifier: Apache-2.0 */
#include "ajp.h"
#include "request.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Method codes, from 1. */
static const char *const methods[] = {"OPTIONS",
                                      "GET",
                                      "HEAD",
                                      "POST",
                                      "PUT",
                                      "DELETE",
                                      "TRACE",
                                      "PROPFIND",
                                      "PROPPATCH",
                                      "MKCOL",
                                      "COPY",
                                      "MOVE",
                                      "LOCK",
                                      "UNLOCK",
                                      "ACL",
                                      "REPORT",
                                      "VERSION-CONTROL",
                                      "CHECKIN",
                                      "CHECKOUT",
                                      "UNCHECKOUT",
                                      "SEARCH",
                                      "MKWORKSPACE",
                                      "UPDATE",
                                      "LABEL",
                                      "MERGE",
                                      "BASELINE-CONTROL",
                                      "MKACTIVITY"};

/* Request header codes, from 0xA001. */
static const char *const names[] = {
    "accept",     "accept-charset", "accept-encoding", "accept-language", "authorization",
    "connection", "content-type",   "content-length",  "cookie",          "cookie2",
    "host",       "pragma",         "referer",         "user-agent"};

#define COUNT(table) (sizeof(table) / sizeof *(table))

enum attribute {
    ATTRIBUTE_QUERY = 0x05,
    ATTRIBUTE_NAMED = 0x0a,    /* two strings: name and value */
    ATTRIBUTE_KEY_SIZE = 0x0b, /* a 16 bit number */
    ATTRIBUTE_SECRET = 0x0c,
    ATTRIBUTE_METHOD = 0x0d, /* the method, when its code is METHOD_STORED */
    ATTRIBUTE_LAST = 0x0d,
    ATTRIBUTE_END = 0xff,
};

#define METHOD_STORED 0xff

/* What is left of a payload. Once a read went over the end, everything reads as nothing. */
struct cursor {
    const unsigned char *at; /* the next byte */
    size_t left;             /* how many there are */
    bool bad;                /* a read went over the end, or found nonsense */
    struct request *request; /* keeps the texts */
};

static const unsigned char *take(struct cursor *cursor, size_t length)
{
    const unsigned char *bytes = cursor->at;

    if (cursor->bad || length > cursor->left) {
        cursor->bad = true;
        return NULL;
    }
    cursor->at += length;
    cursor->left -= length;
    return bytes;
}

static unsigned take_8(struct cursor *cursor)
{
    const unsigned char *bytes = take(cursor, 1);

    return bytes != NULL ? bytes[0] : 0;
}

static unsigned take_16(struct cursor *cursor)
{
    const unsigned char *bytes = take(cursor, 2);

    return bytes != NULL ? (unsigned)bytes[0] << 8 | bytes[1] : 0;
}

/* The rest of a string whose length was read. NULL for an absent one (0xFFFF), which has not even
 * a NUL, or a bad one. */
static const char *take_rest(struct cursor *cursor, unsigned length)
{
    const unsigned char *bytes;
    const char *text;

    if (length == 0xffff)
        return NULL;
    bytes = take(cursor, length + 1);
    if (bytes == NULL)
        return NULL;
    text = bytes[length] == '\0' ? request_keep(cursor->request, bytes, length) : NULL;
    cursor->bad = text == NULL;
    return text;
}

static const char *take_text(struct cursor *cursor)
{
    unsigned length = take_16(cursor);

    return cursor->bad ? NULL : take_rest(cursor, length);
}

/* A name is a string or, where its length would stand, a code of 0xA0nn. */
static const char *take_name(struct cursor *cursor)
{
    unsigned length = take_16(cursor);
    unsigned code = length & 0xff;

    if (cursor->bad || length >> 8 != 0xa0)
        return cursor->bad ? NULL : take_rest(cursor, length);
    cursor->bad = code == 0 || code > COUNT(names);
    return cursor->bad ? NULL : names[code - 1];
}

static void take_headers(struct cursor *cursor)
{
    unsigned count = take_16(cursor);

    for (unsigned i = 0; i < count && !cursor->bad; i++) {
        const char *name = take_name(cursor);
        const char *value = take_text(cursor);

        if (name == NULL || value == NULL || !request_add_header(cursor->request, name, value))
            cursor->bad = true;
    }
}

static void take_attribute(struct cursor *cursor, unsigned code)
{
    struct request *request = cursor->request;
    const char *value;

    if (code == 0 || code > ATTRIBUTE_LAST) {
        cursor->bad = true;
        return;
    }
    if (code == ATTRIBUTE_KEY_SIZE) {
        take_16(cursor);
        return;
    }
    if (code == ATTRIBUTE_NAMED)
        take_text(cursor);
    value = take_text(cursor);
    if (code == ATTRIBUTE_QUERY)
        request->query = value;
    if (code == ATTRIBUTE_SECRET)
        request->secret = value;
    if (code == ATTRIBUTE_METHOD)
        request->method = value;
}

static void take_attributes(struct cursor *cursor)
{
    for (;;) {
        unsigned code = take_8(cursor);

        if (cursor->bad || code == ATTRIBUTE_END)
            return;
        take_attribute(cursor, code);
    }
}

/* A body of known length comes with a first packet that nobody asks for. */
static void expect_body(struct request *request)
{
    const char *length = request_header(request, "content-length");

    request->chunked = length == NULL && request_header(request, "transfer-encoding") != NULL;
    request->first_due = length != NULL && strtoull(length, NULL, 10) > 0;
}

static const char *method_of(unsigned code)
{
    return code > 0 && code <= COUNT(methods) ? methods[code - 1] : NULL;
}

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

bool ajp_read_request(const unsigned char *bytes, size_t length, struct request *request)
{
    struct cursor cursor = {.at = bytes, .left = length, .request = request};

    take_8(&cursor);
    request->method = method_of(take_8(&cursor));
    take_text(&cursor); /* the protocol that the client spoke */
    request->uri = take_text(&cursor);
    request->remote_addr = or_empty(take_text(&cursor));
    take_text(&cursor); /* the client's name, if it was looked up */
    request->server_name = or_empty(take_text(&cursor));
    request->server_port = take_16(&cursor);
    request->scheme = take_8(&cursor) != 0 ? "https" : "http";
    take_headers(&cursor);
    take_attributes(&cursor);
    request->needs_secret = true;
    if (cursor.bad || request->method == NULL || request->uri == NULL)
        return false;
    expect_body(request);
    return true;
}
