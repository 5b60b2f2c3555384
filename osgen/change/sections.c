/* SPDX-License-Identifier: Apache-2.0 */
#include "sections.h"
#include "base/arena.h"

#include <string.h>
#include <strings.h>

static const struct row {
    const char *name;
    enum osg_section_kind kind;
} rows[] = {{"<VirtualHost>", OSG_SECTION_SITE},   {"<Proxy>", OSG_SECTION_SITE},
            {"<MDomain>", OSG_SECTION_SITE},       {"<RequireAll>", OSG_SECTION_SITE},
            {"<RequireAny>", OSG_SECTION_SITE},    {"<RequireNone>", OSG_SECTION_SITE},
            {"<IfModule>", OSG_SECTION_CONDITION}, {"<IfDefine>", OSG_SECTION_CONDITION},
            {"<IfVersion>", OSG_SECTION_CONDITION}};

enum osg_section_kind osg_section_kind(const char *name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcasecmp(rows[i].name, name) == 0)
            return rows[i].kind;
    }
    return OSG_SECTION_PART;
}

void osg_sections_enter(struct osg_sections *sections, struct osg_arena *arena, const char *name,
                        const char *value)
{
    const char *whole = name;

    if (strcasecmp(name, "<Location>") == 0 && value[0] != '\0')
        whole = value;
    else if (value[0] != '\0')
        whole = osg_arena_printf(arena, "%.*s %s>", (int)strlen(name) - 1, name, value);
    if (sections->depth < OSG_SECTIONS_DEPTH)
        sections->names[sections->depth] = whole;
    sections->depth++;
}

void osg_sections_leave(struct osg_sections *sections)
{
    sections->depth -= sections->depth > 0;
}

const char *osg_sections_name(const struct osg_sections *sections)
{
    size_t depth = sections->depth < OSG_SECTIONS_DEPTH ? sections->depth : OSG_SECTIONS_DEPTH;

    return depth > 0 ? sections->names[depth - 1] : "";
}
