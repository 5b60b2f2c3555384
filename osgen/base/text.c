/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"
#include "memory.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is mostly enough for one printf. */
#define USUAL_LENGTH 127

/* Room for LENGTH more bytes and the NUL. */
static void make_room(struct osg_text *text, size_t length)
{
    size_t needed = text->length + length + 1;

    if (needed <= text->capacity)
        return;
    text->capacity = needed < 256 ? 256 : needed * 2;
    text->bytes = osg_realloc(text->bytes, text->capacity);
}

void osg_text_add(struct osg_text *text, const char *bytes, size_t length)
{
    make_room(text, length);
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

void osg_text_put(struct osg_text *text, const char *string)
{
    osg_text_add(text, string, strlen(string));
}

void osg_text_put_number(struct osg_text *text, size_t number)
{
    char digits[20];
    size_t at = sizeof digits;

    do
        digits[--at] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    osg_text_add(text, digits + at, sizeof digits - at);
}

bool osg_is_made_of(const char *text, const char *marks)
{
    while (isascii((unsigned char)*text) &&
           (isalnum((unsigned char)*text) || (*text != '\0' && strchr(marks, *text) != NULL)))
        text++;
    return *text == '\0';
}

void osg_text_printf(struct osg_text *text, const char *format, ...)
{
    va_list args, again;
    size_t room;
    int length;

    make_room(text, USUAL_LENGTH);
    room = text->capacity - text->length;
    va_start(args, format);
    va_copy(again, args);
    length = vsnprintf(text->bytes + text->length, room, format, args);
    if (length > 0 && (size_t)length >= room) {
        make_room(text, (size_t)length);
        vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
    }
    text->length += length > 0 ? (size_t)length : 0;
    va_end(again);
    va_end(args);
}

static void write_chunk(void *baton, const char *bytes, size_t length)
{
    osg_text_add(baton, bytes, length);
}

struct osb_sink osg_text_sink(struct osg_text *text)
{
    return (struct osb_sink){.write = write_chunk, .baton = text};
}

void osg_text_put_xml(struct osg_text *text, const char *value)
{
    const struct osb_sink sink = osg_text_sink(text);

    osb_put_html(&sink, value);
}

void osg_text_free(struct osg_text *text)
{
    free(text->bytes);
    *text = (struct osg_text){0};
}
