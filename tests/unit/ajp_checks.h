/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold of every answer of osb_ajp_decode, whatever it was given. Shared by the unit tests
 * and the fuzz target; false is a fault of the decoder. */
#ifndef AJP_CHECKS_H
#define AJP_CHECKS_H

#include "core/ajp.h"

#include <string.h>

static inline bool ajp_is_cleared(const struct osb_ajp_packet *packet)
{
    return packet->kind == 0 && packet->status == 0 && packet->reason.bytes == NULL &&
           packet->reason.length == 0 && packet->headers.bytes == NULL &&
           packet->headers.length == 0 && packet->headers.count == 0 &&
           packet->body.bytes == NULL && packet->body.length == 0 && !packet->reuse &&
           packet->wanted == 0;
}

/* TEXT and the NUL after it lie in the LENGTH bytes. Absent is in order too. */
static inline bool ajp_is_inside(const struct osb_ajp_text *text, const uint8_t *bytes,
                                 size_t length)
{
    size_t start = (size_t)((const uint8_t *)text->bytes - bytes);

    if (text->bytes == NULL)
        return text->length == 0;
    return start < length && text->length < length - start && text->bytes[text->length] == '\0';
}

/* A header's name is one of the packet's texts, or a constant of the program that is in order. */
static inline bool ajp_is_name(const struct osb_ajp_text *name, const uint8_t *bytes, size_t length)
{
    const uint8_t *start = (const uint8_t *)name->bytes;

    if (start == NULL || name->length == 0 || memchr(start, '\0', name->length) != NULL)
        return false;
    if (start >= bytes && start < bytes + length)
        return ajp_is_inside(name, bytes, length);
    return strlen(name->bytes) == name->length;
}

/* The headers can be walked to their end, each in order, as many as were announced. */
static inline bool ajp_headers_hold(struct osb_ajp_headers headers, const uint8_t *bytes,
                                    size_t length)
{
    struct osb_ajp_text name, value;
    unsigned announced = headers.count, seen = 0;

    while (osb_ajp_next_header(&headers, &name, &value)) {
        if (!ajp_is_name(&name, bytes, length) || value.bytes == NULL ||
            !ajp_is_inside(&value, bytes, length) || strcspn(value.bytes, "\r\n") != value.length)
            return false;
        seen++;
    }
    return seen == announced && name.bytes == NULL && value.bytes == NULL && headers.length == 0;
}

/* RESULT and PACKET are a possible answer to the LENGTH BYTES. */
static inline bool ajp_is_consistent(const uint8_t *bytes, size_t length, ptrdiff_t result,
                                     const struct osb_ajp_packet *packet)
{
    size_t taken = (size_t)result;

    if (result == OSB_AJP_BAD || result == OSB_AJP_PARTIAL)
        return ajp_is_cleared(packet);
    return result >= 5 && taken <= length && bytes[0] == 'A' && bytes[1] == 'B' &&
           taken == 4 + ((size_t)bytes[2] << 8 | bytes[3]) && bytes[4] == (unsigned)packet->kind &&
           ajp_is_inside(&packet->reason, bytes, taken) &&
           ajp_is_inside(&packet->body, bytes, taken) &&
           ajp_headers_hold(packet->headers, bytes, taken);
}

#endif
