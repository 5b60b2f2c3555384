/* SPDX-License-Identifier: Apache-2.0 */
#include "utf8.h"

/* What the first byte of a character says of the rest. */
static const struct form {
    unsigned char mask;   /* which bits of the first byte tell the form */
    unsigned char marker; /* what they are */
    size_t length;        /* bytes in all */
    uint32_t least;       /* the first code that needs so many */
} forms[] = {
    {.mask = 0x80, .marker = 0x00, .length = 1, .least = 0},
    {.mask = 0xe0, .marker = 0xc0, .length = 2, .least = 0x80},
    {.mask = 0xf0, .marker = 0xe0, .length = 3, .least = 0x800},
    {.mask = 0xf8, .marker = 0xf0, .length = 4, .least = 0x10000},
};

static const struct form *find_form(unsigned char first)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if ((first & forms[i].mask) == forms[i].marker)
            return &forms[i];
    }
    return NULL;
}

size_t osb_utf8_read(const char *text, size_t length, uint32_t *code)
{
    const unsigned char *bytes = (const unsigned char *)text;
    const struct form *form = length > 0 ? find_form(bytes[0]) : NULL;
    uint32_t value;

    if (form == NULL || form->length > length)
        return 0;
    value = bytes[0] & (unsigned char)~form->mask;
    for (size_t i = 1; i < form->length; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (bytes[i] & 0x3f);
    }
    if (value < form->least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return 0;
    *code = value;
    return form->length;
}
