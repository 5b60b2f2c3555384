/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The length of a lead byte's sequence and the range of its second byte, RFC 3629 section 4: that
 * range keeps out overlong forms, surrogates and what lies beyond U+10FFFF. */
static const struct lead {
    uint8_t first, last;
    size_t length;
    uint8_t low, high;
} leads[] = {
    {0x20, 0x7e, 1, 0, 0},       {0xc2, 0xdf, 2, 0x80, 0xbf}, {0xe0, 0xe0, 3, 0xa0, 0xbf},
    {0xe1, 0xec, 3, 0x80, 0xbf}, {0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf},
    {0xf0, 0xf0, 4, 0x90, 0xbf}, {0xf1, 0xf3, 4, 0x80, 0xbf}, {0xf4, 0xf4, 4, 0x80, 0x8f},
};

static bool is_trail(uint8_t byte)
{
    return (byte & 0xc0) == 0x80;
}

static bool fits_lead(const struct lead *lead, const uint8_t *bytes)
{
    if (bytes[0] < lead->first || bytes[0] > lead->last)
        return false;
    if (lead->length > 1 && (bytes[1] < lead->low || bytes[1] > lead->high))
        return false;
    for (size_t i = 2; i < lead->length; i++) {
        if (!is_trail(bytes[i]))
            return false;
    }
    return true;
}

/* The length of the printable character at BYTES, a terminated string, or 0 if none is there. The
 * control characters U+0080 to U+009F count as none. */
static size_t character_length(const uint8_t *bytes)
{
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++) {
        if (fits_lead(&leads[i], bytes))
            return bytes[0] == 0xc2 && bytes[1] < 0xa0 ? 0 : leads[i].length;
    }
    return 0;
}

char *osb_text_copy(char *field, size_t size, const char *text)
{
    const uint8_t *from = (const uint8_t *)(text != NULL ? text : "");
    size_t used = 0;

    while (*from != '\0') {
        size_t length = character_length(from);
        size_t step = length > 0 ? length : 1;

        if (used + step >= size)
            break;
        memcpy(field + used, length > 0 ? (const char *)from : "?", step);
        used += step;
        from += step;
    }
    field[used] = '\0';
    return field;
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
