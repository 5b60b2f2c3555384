/* SPDX-License-Identifier: Apache-2.0 */
#include "http.h"
#include "answer.h"
#include "request.h"

#include <stdio.h>
#include <time.h>

static bool is_chunked(const struct request *request, const struct answer *answer)
{
    return answer->flushed && !request->http_1_0 && answer_may_have_body(answer);
}

static void put_date(struct buffer *out)
{
    time_t now = time(NULL);
    struct tm parts;
    char text[64];

    gmtime_r(&now, &parts);
    strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    buffer_format(out, "Date: %s\r\n", text);
}

/* Tomcat sends no reason phrase, but the blank before it. */
static void http_put_head(struct buffer *out, const struct request *request,
                          const struct answer *answer)
{
    buffer_format(out, "HTTP/1.1 %u \r\n", answer->status);
    for (size_t i = 0; i < answer->header_count; i++)
        buffer_format(out, "%s: %s\r\n", answer->headers[i].name, answer->headers[i].value);
    if (answer_has_length(answer))
        buffer_format(out, "Content-Length: %llu\r\n", (unsigned long long)answer_length(answer));
    else if (is_chunked(request, answer) && !request_is(request, "HEAD"))
        buffer_text(out, "Transfer-Encoding: chunked\r\n");
    put_date(out);
    if (!request->reuse)
        buffer_text(out, "Connection: close\r\n");
    buffer_text(out, "\r\n");
}

static void http_put_body(struct buffer *out, const struct request *request,
                          const struct answer *answer, const void *bytes, size_t length)
{
    bool chunked = is_chunked(request, answer);

    if (length == 0)
        return;
    if (chunked)
        buffer_format(out, "%zx\r\n", length);
    buffer_append(out, bytes, length);
    if (chunked)
        buffer_text(out, "\r\n");
}

static void http_put_end(struct buffer *out, const struct request *request,
                         const struct answer *answer)
{
    if (is_chunked(request, answer) && !request_is(request, "HEAD"))
        buffer_text(out, "0\r\n\r\n");
}

/* As Tomcat does, whose client may have sent more than was read. */
static bool closes_after(unsigned status)
{
    static const unsigned statuses[] = {400, 408, 411, 413, 414, 500, 501, 503};

    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        if (statuses[i] == status)
            return true;
    }
    return false;
}

const struct protocol http_protocol = {
    .take_head = http_take_head,
    .take_body = http_take_body,
    .put_head = http_put_head,
    .put_body = http_put_body,
    .put_end = http_put_end,
    .closes_after = closes_after,
    .half = "HTTP/1.",
    .half_length = 7,
};
