/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_SECTIONS_H
#define OSG_SECTIONS_H

#include <stddef.h>

struct osg_arena;

/* Sections in one another that are told apart; nobody writes more. */
#define OSG_SECTIONS_DEPTH 8

/* What a section's lines are for: the whole site, as in <VirtualHost> and <Proxy>, a part of it, or
 * whatever is so, if a module is there. */
enum osg_section_kind { OSG_SECTION_SITE, OSG_SECTION_PART, OSG_SECTION_CONDITION };

/* The parts that a line is in. All zeroes: it is for the site. */
struct osg_sections {
    const char *names[OSG_SECTIONS_DEPTH]; /* the outermost first */
    size_t depth;                          /* how many; those beyond count for the last name */
};

/* Of "<Location>". */
enum osg_section_kind osg_section_kind(const char *name);

/* Into a part, and out of one. VALUE is what stands behind its NAME, and lives in ARENA. */
void osg_sections_enter(struct osg_sections *sections, struct osg_arena *arena, const char *name,
                        const char *value);
void osg_sections_leave(struct osg_sections *sections);

/* Where we are: "/balancer-status" of a <Location>, "<Directory /srv>", or "". */
const char *osg_sections_name(const struct osg_sections *sections);

#endif
