/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of a topology as YAML. */
#ifndef OSG_ADOPT_PUT_H
#define OSG_ADOPT_PUT_H

struct osg_admissions;
struct osg_arena;
struct osg_text;
struct osg_topology;

/* Adds the site; PRESET is a topology that says nothing. */
void osg_adopt_put_site(struct osg_arena *arena, struct osg_text *text,
                        const struct osg_topology *topology, const struct osg_topology *preset);

/* The texts of ALLOW. */
const char **osg_adopt_allowed(struct osg_arena *arena, const struct osg_admissions *allow);

#endif
