/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"
#include "utf8.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Makes room for LENGTH more bytes and a NUL. */
static bool grow(struct osb_buffer *buffer, size_t length)
{
    size_t needed, capacity;
    char *bytes;

    if (length >= PTRDIFF_MAX - buffer->length)
        return false;
    needed = buffer->length + length + 1;
    if (needed <= buffer->capacity)
        return true;
    capacity = needed > 2 * buffer->capacity ? needed : 2 * buffer->capacity;
    bytes = realloc(buffer->bytes, capacity);
    if (bytes == NULL)
        return false;
    buffer->bytes = bytes;
    buffer->capacity = capacity;
    return true;
}

static void keep(void *baton, const char *bytes, size_t length)
{
    struct osb_buffer *buffer = baton;

    if (buffer->failed || !grow(buffer, length)) {
        buffer->failed = true;
        return;
    }
    memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
    buffer->bytes[buffer->length] = '\0';
}

struct osb_sink osb_buffer_sink(struct osb_buffer *buffer)
{
    return (struct osb_sink){.write = keep, .baton = buffer};
}

/* The length of the character that TEXT begins with, or 0 if that isn't UTF-8 or is a control
 * character (U+0000 to U+001F, U+007F to U+009F). */
static size_t printable_length(const char *text, size_t left)
{
    uint32_t code;
    size_t length = osb_utf8_read(text, left, &code);

    return length > 0 && (code < 0x20 || (code >= 0x7f && code <= 0x9f)) ? 0 : length;
}

char *osb_text_copy(char *field, size_t size, const char *text)
{
    size_t left = text != NULL ? strlen(text) : 0;
    size_t used = 0;

    while (left > 0) {
        size_t length = printable_length(text, left);
        size_t step = length > 0 ? length : 1;

        if (used + step >= size)
            break;
        memcpy(field + used, length > 0 ? text : "?", step);
        used += step;
        text += step;
        left -= step;
    }
    field[used] = '\0';
    return field;
}

bool osb_text_is_clean(const char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        size_t length = printable_length(text, left);

        if (length == 0)
            return false;
        text += length;
        left -= length;
    }
    return true;
}

void osb_put(const struct osb_sink *sink, const char *text)
{
    sink->write(sink->baton, text, strlen(text));
}

void osb_putf(const struct osb_sink *sink, const char *format, ...)
{
    char buffer[512];
    va_list args;

    va_start(args, format);
    vsnprintf(buffer, sizeof buffer, format, args);
    va_end(args);
    osb_put(sink, buffer);
}

static const char *entity(char character)
{
    switch (character) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void osb_put_html(const struct osb_sink *sink, const char *text)
{
    while (*text != '\0') {
        size_t plain = strcspn(text, "&<>\"'");

        sink->write(sink->baton, text, plain);
        text += plain;
        if (*text != '\0')
            osb_put(sink, entity(*text++));
    }
}
