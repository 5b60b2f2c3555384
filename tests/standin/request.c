/* SPDX-License-Identifier: Apache-2.0 */
#include "request.h"
#include "buffer.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct request *request_new(void)
{
    struct request *request = zeroed(sizeof *request);

    request->scheme = "http";
    request->server_name = "";
    request->remote_addr = "";
    request->reuse = true;
    sha256_start(&request->digest);
    return request;
}

void request_free(struct request *request)
{
    free(request);
}

const char *request_keep(struct request *request, const void *bytes, size_t length)
{
    char *text = request->store + request->stored;

    if (length >= sizeof request->store - request->stored || memchr(bytes, '\0', length) != NULL)
        return NULL;
    memcpy(text, bytes, length);
    text[length] = '\0';
    request->stored += length + 1;
    return text;
}

bool request_add_header(struct request *request, const char *name, const char *value)
{
    if (request->header_count == REQUEST_HEADERS_MAX)
        return false;
    request->headers[request->header_count++] = (struct header){.name = name, .value = value};
    return true;
}

const char *request_header(const struct request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++) {
        if (strcasecmp(request->headers[i].name, name) == 0)
            return request->headers[i].value;
    }
    return NULL;
}

void request_add_body(struct request *request, const void *bytes, size_t length)
{
    if (request->body_length < sizeof request->body - 1) {
        size_t room = sizeof request->body - 1 - (size_t)request->body_length;

        memcpy(request->body + request->body_length, bytes, length < room ? length : room);
    }
    request->body_length += length;
    sha256_add(&request->digest, bytes, length);
}

void request_find_path(struct request *request)
{
    const char *from = request->uri;
    char *to = request->path;
    const char *end = request->path + sizeof request->path - 1;

    while (*from != '\0' && to < end) {
        if (*from == ';')
            from += strcspn(from, "/");
        else if (from[0] == '/' && to > request->path && to[-1] == '/')
            from++;
        else
            *to++ = *from++;
    }
    *to = '\0';
}

bool request_is(const struct request *request, const char *method)
{
    return strcmp(request->method, method) == 0;
}

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* Decodes one character at FROM. Returns how many were read, or 0 if they can't be. */
static size_t decode_one(const char *from, const char *end, char *to)
{
    if (*from != '%') {
        *to = *from;
        if (*to == '+')
            *to = ' ';
        return 1;
    }
    if (end - from < 3 || hex_value(from[1]) < 0 || hex_value(from[2]) < 0)
        return 0;
    *to = (char)(unsigned char)(hex_value(from[1]) * 16 + hex_value(from[2]));
    return *to != '\0' ? 3 : 0;
}

static bool decode(const char *from, const char *end, char *to, size_t size)
{
    while (from < end) {
        size_t length = size > 1 ? decode_one(from, end, to) : 0;

        if (length == 0)
            return false;
        from += length;
        to++;
        size--;
    }
    *to = '\0';
    return true;
}

bool request_next_parameter(const char **rest, char *key, size_t key_size, char *value,
                            size_t value_size)
{
    const char *from = *rest, *end, *equals;

    while (from != NULL && *from == '&')
        from++;
    if (from == NULL || *from == '\0') {
        *rest = NULL;
        return false;
    }
    end = from + strcspn(from, "&");
    equals = memchr(from, '=', (size_t)(end - from));
    if (equals == NULL)
        equals = end;
    *rest = end;
    return decode(from, equals, key, key_size) &&
           decode(equals < end ? equals + 1 : end, end, value, value_size);
}

bool request_parameter(const struct request *request, const char *key, char *value, size_t size)
{
    const char *rest = request->query;
    char name[64];

    while (rest != NULL) {
        if (request_next_parameter(&rest, name, sizeof name, value, size) && strcmp(name, key) == 0)
            return true;
    }
    return false;
}
