/* SPDX-License-Identifier: Apache-2.0 */
#include "mirror.h"
#include "answer.h"
#include "node.h"
#include "request.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SLOW_MAX  600000
#define BYTES_MAX 10000000000

static void put_member(struct buffer *out, const char *name, const char *text)
{
    buffer_json(out, name);
    buffer_text(out, ":");
    buffer_json(out, text);
    buffer_text(out, ",");
}

static bool seen_before(const struct request *request, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (strcasecmp(request->headers[i].name, request->headers[index].name) == 0)
            return true;
    }
    return false;
}

/* Values of one name, joined as RFC 9110, 5.3 allows. */
static void put_values(struct buffer *out, const struct request *request, size_t index)
{
    struct buffer joined = {.bytes = NULL};

    for (size_t i = index; i < request->header_count; i++) {
        if (strcasecmp(request->headers[i].name, request->headers[index].name) != 0)
            continue;
        buffer_text(&joined, joined.length > 0 ? ", " : "");
        buffer_text(&joined, request->headers[i].value);
    }
    buffer_append(&joined, "", 1);
    buffer_json(out, (const char *)buffer_bytes(&joined));
    buffer_release(&joined);
}

/* Names in lower case: AJP doesn't carry the case of those that it has codes for. */
static void put_headers(struct buffer *out, const struct request *request)
{
    const char *comma = "";
    char name[256];

    buffer_text(out, "\"headers\":{");
    for (size_t i = 0; i < request->header_count; i++) {
        size_t at = 0;

        if (seen_before(request, i))
            continue;
        for (; request->headers[i].name[at] != '\0' && at < sizeof name - 1; at++)
            name[at] = (char)tolower((unsigned char)request->headers[i].name[at]);
        name[at] = '\0';
        buffer_text(out, comma);
        buffer_json(out, name);
        buffer_text(out, ":");
        put_values(out, request, i);
        comma = ",";
    }
    buffer_text(out, "},");
}

void mirror_echo(const struct node *node, const struct request *request, struct answer *answer)
{
    struct sha256 sha = request->digest;
    struct buffer *body = &answer->body;
    char digest[65];

    sha256_end(&sha, digest);
    answer_json(answer, 200);
    buffer_text(body, "{");
    put_member(body, "node", node->name);
    put_member(body, "method", request->method);
    put_member(body, "uri", request->uri);
    put_member(body, "query", request->query);
    put_member(body, "scheme", request->scheme);
    put_member(body, "server_name", request->server_name);
    buffer_format(body, "\"server_port\":%u,", request->server_port);
    put_member(body, "remote_addr", request->remote_addr);
    put_headers(body, request);
    buffer_format(body, "\"body_length\":%llu,\"body_sha256\":\"%s\"}",
                  (unsigned long long)request->body_length, digest);
}

/* The number in the parameter KEY. False if there is none from 0 to MOST. */
static bool number(const struct request *request, const char *key, uint64_t most, uint64_t *value)
{
    char text[16];

    if (!request_parameter(request, key, text, sizeof text) || *text == '\0' ||
        strspn(text, "0123456789") != strlen(text))
        return false;
    *value = strtoull(text, NULL, 10);
    return *value <= most;
}

static void refuse(struct answer *answer, const char *key, uint64_t most)
{
    char message[64];

    snprintf(message, sizeof message, "%s: 0 to %llu", key, (unsigned long long)most);
    answer_error(answer, 400, "STAND_IN_PARAMETER", message);
}

unsigned mirror_slow_delay(const struct request *request)
{
    uint64_t ms;

    return number(request, "ms", SLOW_MAX, &ms) ? (unsigned)ms : 0;
}

void mirror_slow(const struct node *node, const struct request *request, struct answer *answer)
{
    uint64_t ms;

    if (!number(request, "ms", SLOW_MAX, &ms)) {
        refuse(answer, "ms", SLOW_MAX);
        return;
    }
    answer_json(answer, 200);
    buffer_text(&answer->body, "{");
    put_member(&answer->body, "node", node->name);
    buffer_format(&answer->body, "\"ms\":%llu}", (unsigned long long)ms);
}

void mirror_bytes(const struct node *node, const struct request *request, struct answer *answer)
{
    (void)node;
    if (!number(request, "n", BYTES_MAX, &answer->filler)) {
        answer->filler = 0;
        refuse(answer, "n", BYTES_MAX);
        return;
    }
    answer_header(answer, "Content-Type", "application/octet-stream");
}
