/* SPDX-License-Identifier: Apache-2.0 */
#include "http.h"
#include "buffer.h"
#include "request.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TOKEN "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

static enum taken refuse(struct request *request, unsigned status)
{
    request->method = "GET";
    request->uri = "/";
    request->refusal = status;
    request->reuse = false;
    request->body_left = 0;
    request->chunked = false;
    return TAKEN_DONE;
}

/* Cuts the line at TEXT off and moves TEXT to the next. NULL if there is no whole line left. */
static char *next_line(char **text)
{
    char *line = *text, *end = strchr(line, '\n');

    if (end == NULL)
        return NULL;
    *text = end + 1;
    *end = '\0';
    if (end > line && end[-1] == '\r')
        end[-1] = '\0';
    return line;
}

/* A path, or for OPTIONS the server itself. */
static bool is_target(const char *target, const char *line)
{
    return target[0] == '/' || strncmp(line, "OPTIONS * ", 10) == 0;
}

/* "GET /path?query HTTP/1.1". The status to refuse it with, or 0. */
static unsigned read_request_line(struct request *request, char *line)
{
    char *target = strchr(line, ' ');
    char *version = target != NULL ? strchr(target + 1, ' ') : NULL;
    char *query;

    if (version == NULL || !is_target(target + 1, line) ||
        strspn(line, TOKEN) != (size_t)(target - line))
        return 400;
    *target++ = '\0';
    *version++ = '\0';
    request->http_1_0 = strcmp(version, "HTTP/1.0") == 0;
    if (!request->http_1_0 && strcmp(version, "HTTP/1.1") != 0)
        return 505;
    query = strchr(target, '?');
    if (query != NULL)
        *query++ = '\0';
    request->method = line;
    request->uri = target;
    request->query = query;
    return 0;
}

static bool read_header(struct request *request, char *line)
{
    char *value = strchr(line, ':');
    size_t length;

    if (value == NULL || value == line || strspn(line, TOKEN) != (size_t)(value - line))
        return false;
    *value++ = '\0';
    value += strspn(value, " \t");
    length = strlen(value);
    while (length > 0 && strchr(" \t", value[length - 1]) != NULL)
        value[--length] = '\0';
    return request_add_header(request, line, value);
}

/* "name:8080", "[::1]:8080" or a name alone. */
static bool read_host(struct request *request)
{
    const char *host = request_header(request, "Host");
    const char *colon = host != NULL ? strrchr(host, ':') : NULL;

    request->server_port = 80;
    if (host == NULL)
        return request->http_1_0;
    if (colon != NULL && strchr(colon, ']') == NULL) {
        request->server_port = (unsigned)strtoul(colon + 1, NULL, 10) & 0xffff;
        host = request_keep(request, host, (size_t)(colon - host));
    }
    request->server_name = host != NULL ? host : "";
    return host != NULL;
}

static bool read_framing(struct request *request)
{
    const char *coding = request_header(request, "Transfer-Encoding");
    const char *length = request_header(request, "Content-Length");
    const char *connection = request_header(request, "Connection");

    if (request->http_1_0 || (connection != NULL && strcasecmp(connection, "close") == 0))
        request->reuse = false;
    if (coding != NULL) {
        request->chunked = strcasecmp(coding, "chunked") == 0;
        return request->chunked && length == NULL;
    }
    if (length == NULL)
        return true;
    request->body_left = strtoull(length, NULL, 10);
    return *length != '\0' && strlen(length) < 19 && length[strspn(length, "0123456789")] == '\0';
}

static enum taken read_head(struct request *request, char *text)
{
    char *line = next_line(&text);
    unsigned status = line != NULL ? read_request_line(request, line) : 400;

    if (status != 0)
        return refuse(request, status);
    while ((line = next_line(&text)) != NULL && *line != '\0') {
        if (!read_header(request, line))
            return refuse(request, 400);
    }
    return read_host(request) && read_framing(request) ? TAKEN_DONE : refuse(request, 400);
}

/* Bytes of the head with the empty line that ends it, or 0 if that has not come. */
static size_t head_length(const struct buffer *in)
{
    const char *bytes = (const char *)buffer_bytes(in);
    const char *end = memmem(bytes, in->length, "\n\r\n", 3);
    const char *bare = memmem(bytes, in->length, "\n\n", 2);

    if (bare != NULL && (end == NULL || bare < end))
        return (size_t)(bare - bytes) + 2;
    return end != NULL ? (size_t)(end - bytes) + 3 : 0;
}

static void put_continue(const struct request *request, const struct buffer *in, struct buffer *out)
{
    const char *expect = request_header(request, "Expect");

    if (expect != NULL && strcasecmp(expect, "100-continue") == 0 && in->length == 0)
        buffer_text(out, "HTTP/1.1 100 \r\n\r\n");
}

enum taken http_take_head(struct buffer *in, struct buffer *out, struct request *request)
{
    size_t length;
    const char *text;
    enum taken taken;

    /* Empty lines before a request are allowed for (RFC 9112, 2.2). */
    while (in->length > 0 && strchr("\r\n", *buffer_bytes(in)) != NULL && *buffer_bytes(in) != 0)
        buffer_drop(in, 1);
    length = head_length(in);
    /* What can't begin a method, such as an AJP packet, is told so without waiting for more. */
    if (in->length > 0 && (*buffer_bytes(in) == '\0' || strchr(TOKEN, *buffer_bytes(in)) == NULL)) {
        buffer_drop(in, in->length);
        request->hang_up = true;
        return refuse(request, 400);
    }
    if (length == 0 && in->length <= REQUEST_HEAD_MAX)
        return TAKEN_MORE;
    text = length > 0 && length <= REQUEST_HEAD_MAX
               ? request_keep(request, buffer_bytes(in), length)
               : NULL;
    buffer_drop(in, length > 0 ? length : in->length);
    /* Kept texts are the request's own: the head is cut up where it lies. */
    taken = text != NULL ? read_head(request, request->store) : refuse(request, 400);
    request->hang_up = !request->reuse;
    if (request->refusal == 0)
        put_continue(request, in, out);
    return taken;
}
