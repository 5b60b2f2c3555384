/* SPDX-License-Identifier: Apache-2.0 */
#include "buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *or_exit(void *memory)
{
    if (memory == NULL) {
        fputs("standin: out of memory\n", stderr);
        exit(3);
    }
    return memory;
}

void *zeroed(size_t size)
{
    return or_exit(calloc(1, size));
}

const unsigned char *buffer_bytes(const struct buffer *buffer)
{
    return buffer->length > 0 ? buffer->bytes + buffer->start : (const unsigned char *)"";
}

static void make_room(struct buffer *buffer, size_t length)
{
    size_t needed = buffer->length + length;

    if (buffer->start + needed <= buffer->capacity)
        return;
    if (buffer->start > 0) {
        memmove(buffer->bytes, buffer->bytes + buffer->start, buffer->length);
        buffer->start = 0;
    }
    if (needed > buffer->capacity) {
        buffer->capacity = needed + needed / 2 + 256;
        buffer->bytes = or_exit(realloc(buffer->bytes, buffer->capacity));
    }
}

void buffer_append(struct buffer *buffer, const void *bytes, size_t length)
{
    if (length == 0)
        return;
    make_room(buffer, length);
    memcpy(buffer->bytes + buffer->start + buffer->length, bytes, length);
    buffer->length += length;
}

void buffer_text(struct buffer *buffer, const char *text)
{
    buffer_append(buffer, text, strlen(text));
}

void buffer_format(struct buffer *buffer, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length > 0)
        buffer_append(buffer, text,
                      (size_t)length < sizeof text ? (size_t)length : sizeof text - 1);
}

void buffer_json(struct buffer *buffer, const char *text)
{
    if (text == NULL) {
        buffer_text(buffer, "null");
        return;
    }
    buffer_text(buffer, "\"");
    for (const char *at = text; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)*at;

        if (byte < 0x20 || byte == 0x7f)
            buffer_format(buffer, "\\u%04x", byte);
        else if (byte == '"' || byte == '\\')
            buffer_format(buffer, "\\%c", byte);
        else
            buffer_append(buffer, at, 1);
    }
    buffer_text(buffer, "\"");
}

void buffer_html(struct buffer *buffer, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("<>&\"'", *text) != NULL)
            buffer_format(buffer, "&#%d;", *text);
        else
            buffer_append(buffer, text, 1);
    }
}

void buffer_drop(struct buffer *buffer, size_t length)
{
    buffer->start += length;
    buffer->length -= length;
    if (buffer->length == 0)
        buffer->start = 0;
}

void buffer_release(struct buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (struct buffer){.bytes = NULL};
}
