/* SPDX-License-Identifier: Apache-2.0 */
#include "size.h"

#include "core/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* From the largest, so that the first that divides a size evenly is the shortest text. */
static const struct unit {
    const char *name;
    uint32_t bytes;
} units[] = {{"G", 1u << 30}, {"M", 1u << 20}, {"k", 1u << 10}, {"", 1}};

static const struct unit *find_unit(const char *name)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcasecmp(units[i].name, name) == 0)
            return &units[i];
    }
    return NULL;
}

bool osg_size_parse(const char *text, uint32_t min, uint32_t max, uint32_t *bytes,
                    struct osb_message *why)
{
    size_t digits = strspn(text, "0123456789");
    const struct unit *unit = digits > 0 ? find_unit(text + digits) : NULL;
    unsigned long long number = unit != NULL ? strtoull(text, NULL, 10) : 0;
    char least[16], most[16];

    if (unit == NULL || number > max / unit->bytes || number * unit->bytes < min)
        return osb_refuse(why,
                          "\"%.40s\" is not a size from %s to %s: bytes, or a number with k, "
                          "M or G",
                          text, osg_size_format(min, least, sizeof least),
                          osg_size_format(max, most, sizeof most));
    *bytes = (uint32_t)number * unit->bytes;
    return true;
}

char *osg_size_format(uint32_t bytes, char *buffer, size_t size)
{
    const struct unit *unit = units;

    if (bytes == 0)
        unit = find_unit("");
    while (bytes % unit->bytes != 0)
        unit++;
    snprintf(buffer, size, "%u%s", bytes / unit->bytes, unit->name);
    return buffer;
}
