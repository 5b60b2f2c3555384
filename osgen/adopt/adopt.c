/* SPDX-License-Identifier: Apache-2.0 */
#include "adopt_parts.h"
#include "base/arena.h"
#include "base/text.h"
#include "problem/problem.h"
#include "topology/load.h"

#include <string.h>

/* The first line of what osgen renders. */
static bool is_own(const struct osg_conf *file)
{
    static const char lead[] = "# Written by osgen ";
    const struct osg_conf *first = file->first;

    return first != NULL && first->name[0] == '#' && strncmp(first->value, lead, strlen(lead)) == 0;
}

/* Which it is by default. */
static bool is_everybody(const struct osg_access *access)
{
    return access->users.text == NULL && access->allow.count == 1 &&
           access->allow.items[0].type == OSG_ADMIT_ALL;
}

/* In the order in which httpd lets one section go before another. */
static enum osg_adopt_rules read_access(struct osg_adoption *adoption, struct osg_conf *section,
                                        enum osg_adopt_rules before)
{
    struct osg_access access;
    enum osg_adopt_rules rules = osg_adopt_access(adoption, section, "OpenSpecimen", &access);

    if (rules == OSG_RULES_NONE)
        return before;
    if (rules != OSG_RULES_BAD && is_everybody(&access))
        return before == OSG_RULES_NONE ? rules : before;
    if (rules != OSG_RULES_BAD && before == OSG_RULES_NONE)
        adoption->topology->site.access = access;
    if (before == OSG_RULES_NONE)
        return rules;
    osg_adopt_lose(adoption, section,
                   "not carried over: who may come in; another section, which "
                   "goes before this one, says that");
    for (struct osg_conf *at = osg_adopt_next(section, NULL); at != NULL;
         at = osg_adopt_next(section, at))
        at->taken = osg_adopt_is_rule(at);
    return before;
}

/* A <Location> of the context, or a <Proxy>, that says who may use the site. */
static bool is_place(const struct osg_adoption *adoption, const struct osg_conf *section,
                     unsigned kind)
{
    const char *path = section->count == 1 ? section->words[0] : "";
    const char *context = adoption->mapping.path;
    size_t length = strlen(context);

    if (kind == 1)
        return osg_adopt_is_ours(adoption, section);
    if (kind == 2)
        return section->is_section && osg_conf_is(section, "Proxy") && strcmp(path, "*") == 0;
    return section->is_section && osg_conf_is(section, "Location") && length > 0 &&
           strncmp(path, context, length) == 0 &&
           (path[length] == '\0' || strcmp(path + length, "/") == 0);
}

static void read_accesses(struct osg_adoption *adoption)
{
    struct osg_conf *scopes[] = {adoption->site, adoption->file};
    const size_t count = adoption->site != adoption->file ? 2 : 1;
    enum osg_adopt_rules rules = OSG_RULES_NONE;

    for (unsigned kind = 0; kind < 3; kind++) {
        for (size_t i = 0; i < count; i++) {
            for (struct osg_conf *at = osg_adopt_next(scopes[i], NULL); at != NULL;
                 at = osg_adopt_next(scopes[i], at)) {
                if (is_place(adoption, at, kind))
                    rules = read_access(adoption, at, rules);
            }
        }
    }
}

static const char *read_parts(struct osg_adoption *adoption, const char *site)
{
    if (!osg_adopt_balancer(adoption))
        return NULL;
    osg_adopt_members(adoption);
    osg_adopt_engine(adoption);
    osg_adopt_names(adoption, site);
    osg_adopt_site(adoption);
    osg_adopt_upload(adoption);
    osg_adopt_upstream(adoption);
    osg_adopt_tls(adoption);
    osg_adopt_pages(adoption);
    read_accesses(adoption);
    osg_adopt_paths(adoption);
    return osg_adopt_rest(adoption);
}

bool osg_adopt(struct osg_arena *arena, const struct osg_source *source, const char *site,
               struct osg_topology *topology, const char **kept, struct osg_problems *problems)
{
    struct osg_text parameters = {0}, raw = {0};
    struct osg_adoption adoption = {.arena = arena,
                                    .problems = problems,
                                    .source = source,
                                    .topology = topology,
                                    .parameters = &parameters,
                                    .raw = &raw};

    *kept = NULL;
    *topology = osg_topology_defaults(arena, osg_base_name(source->name));
    adoption.file = osg_conf_read(arena, source, problems);
    if (adoption.file != NULL) {
        adoption.own = is_own(adoption.file);
        osg_adopt_raw(&adoption);
        if (osg_adopt_survey(&adoption, site))
            *kept = read_parts(&adoption, site);
    }
    if (raw.length > 0)
        topology->raw.text = osg_arena_copy(arena, raw.bytes, raw.length);
    osg_text_free(&parameters);
    osg_text_free(&raw);
    return problems->errors == 0;
}
