/* SPDX-License-Identifier: Apache-2.0 */
#include "snapshot.h"

#include <stdio.h>

const struct osb_renderer osb_renderers[] = {
    {"html", "text/html; charset=utf-8", osb_render_html},
    {"json", "application/json; charset=utf-8", osb_render_json},
    {"prometheus", "text/plain; version=0.0.4; charset=utf-8", osb_render_prometheus},
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
