/* SPDX-License-Identifier: Apache-2.0 */
#include "answer.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct answer *answer_new(void)
{
    struct answer *answer = zeroed(sizeof *answer);

    answer->status = 200;
    return answer;
}

void answer_free(struct answer *answer)
{
    if (answer == NULL)
        return;
    buffer_release(&answer->body);
    free(answer);
}

void answer_header(struct answer *answer, const char *name, const char *format, ...)
{
    struct answer_header *header;
    va_list arguments;

    assert(answer->header_count < ANSWER_HEADERS_MAX);
    header = &answer->headers[answer->header_count++];
    header->name = name;
    va_start(arguments, format);
    vsnprintf(header->value, sizeof header->value, format, arguments);
    va_end(arguments);
}

bool answer_may_have_body(const struct answer *answer)
{
    return answer->status != 204 && answer->status != 304;
}

bool answer_has_length(const struct answer *answer)
{
    return !answer->flushed && answer_may_have_body(answer);
}

uint64_t answer_length(const struct answer *answer)
{
    return answer->body.length + answer->filler;
}

void answer_json(struct answer *answer, unsigned status)
{
    answer->status = status;
    answer->flushed = true;
    answer_header(answer, "Content-Type", "application/json");
}

void answer_error(struct answer *answer, unsigned status, const char *code, const char *message)
{
    answer_json(answer, status);
    buffer_text(&answer->body, "[{\"code\":");
    buffer_json(&answer->body, code);
    buffer_text(&answer->body, ",\"message\":");
    buffer_json(&answer->body, message);
    buffer_text(&answer->body, "}]");
}
