/* SPDX-License-Identifier: Apache-2.0 */
#include "size.h"

#include "core/message.h"
#include "core/parse.h"

static const struct osb_unit units[] = {{"G", 1u << 30}, {"g", 1u << 30}, {"M", 1u << 20},
                                        {"m", 1u << 20}, {"k", 1u << 10}, {"K", 1u << 10},
                                        {"", 1}};

#define UNITS (sizeof units / sizeof *units)

bool osg_size_parse(const char *text, uint32_t min, uint32_t max, uint32_t *bytes,
                    struct osb_message *why)
{
    char least[16], most[16];

    return osb_parse_units(text, units, UNITS, min, max, bytes) ||
           osb_refuse(why,
                      "\"%.40s\" is not a size from %s to %s: bytes, or a number with k, "
                      "M or G",
                      text, osg_size_format(min, least, sizeof least),
                      osg_size_format(max, most, sizeof most));
}

char *osg_size_format(uint32_t bytes, char *buffer, size_t size)
{
    return osb_format_units(bytes, units, UNITS, buffer, size);
}
