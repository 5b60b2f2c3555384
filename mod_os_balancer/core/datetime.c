/* SPDX-License-Identifier: Apache-2.0 */
#include "datetime.h"

#include <stdio.h>
#include <time.h>

char *osb_format_time(uint64_t ms, char *buffer, size_t size)
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm utc;

    if (ms == 0 || gmtime_r(&seconds, &utc) == NULL ||
        strftime(buffer, size, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        buffer[0] = '\0';
    return buffer;
}

char *osb_format_span(uint64_t ms, char *buffer, size_t size)
{
    static const struct unit {
        const char *name;
        const char *lesser;
        uint64_t ms;
        uint64_t lesser_ms;
    } units[] = {
        {"d", "h", 86400000, 3600000}, {"h", "min", 3600000, 60000}, {"min", "s", 60000, 1000}};

    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (ms >= units[i].ms) {
            snprintf(buffer, size, "%llu %s %llu %s", (unsigned long long)(ms / units[i].ms),
                     units[i].name, (unsigned long long)(ms % units[i].ms / units[i].lesser_ms),
                     units[i].lesser);
            return buffer;
        }
    }
    if (ms >= 1000)
        snprintf(buffer, size, "%llu s", (unsigned long long)(ms / 1000));
    else
        snprintf(buffer, size, "%llu ms", (unsigned long long)ms);
    return buffer;
}
