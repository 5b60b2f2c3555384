/* SPDX-License-Identifier: Apache-2.0 */
#include "snapshot.h"

#include <stdio.h>
#include <time.h>

const struct osb_renderer osb_renderers[] = {
    {"html", "text/html; charset=utf-8", osb_render_html},
    {"json", "application/json; charset=utf-8", osb_render_json},
};
const size_t osb_renderers_count = sizeof osb_renderers / sizeof *osb_renderers;

char *osb_member_reason(const struct osb_member_view *member, char *buffer, size_t size)
{
    if (member->checked == 0)
        snprintf(buffer, size, "not checked yet");
    else
        osb_finding_words(&member->finding, buffer, size);
    return buffer;
}

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
