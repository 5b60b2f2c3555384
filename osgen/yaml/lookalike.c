/* SPDX-License-Identifier: Apache-2.0 */
#include "lookalike.h"

#include "core/utf8.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct range {
    uint32_t first;
    uint32_t last;
};

static const struct range quotes[] = {
    {0xab, 0xab}, {0xbb, 0xbb}, {0x2018, 0x201f}, {0x2039, 0x203a}};
static const struct range blanks[] = {
    {0xa0, 0xa0}, {0x2000, 0x200b}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000}};

static bool begins_with(const char *text, const struct range *ranges, size_t count)
{
    uint32_t code = 0;
    size_t length = osb_utf8_read(text, strnlen(text, 4), &code);

    for (size_t i = 0; i < count && length > 0; i++) {
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    }
    return false;
}

bool osg_is_foreign_quote(const char *text)
{
    return begins_with(text, quotes, sizeof quotes / sizeof *quotes);
}

bool osg_is_foreign_blank(const char *text)
{
    return begins_with(text, blanks, sizeof blanks / sizeof *blanks);
}
