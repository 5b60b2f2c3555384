/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A site from a configuration of httpd's that somebody wrote by hand, or that osgen rendered: what
 * osgen adopt works on. What a topology has a key for becomes that; what else stands in the site's
 * virtual host stays word for word, under raw:; of all that is left out there is a problem.
 */
#ifndef OSG_ADOPT_H
#define OSG_ADOPT_H

#include <stdbool.h>

struct osg_arena;
struct osg_problems;
struct osg_source;
struct osg_text;
struct osg_topology;

/* Reads SOURCE, a file of httpd's configuration, into TOPOLOGY: defaults, and over them what stands
 * there, as a topology gives it and not yet completed. SITE is the name of the virtual host that is
 * meant, or that it gets if it has none; NULL: the only one. KEPT is for the lines that are under
 * raw:, "3, 7 to 9", or NULL. What can't be carried over is a warning; false, with an error: it is
 * no site. */
bool osg_adopt(struct osg_arena *arena, const struct osg_source *source, const char *site,
               struct osg_topology *topology, const char **kept, struct osg_problems *problems);

/* Puts every secret of TOPOLOGY into a file: calls PUT with its name, FILE for the first and FILE.2
 * and so on for others, and has the topology name that. False: PUT said so. */
bool osg_adopt_secrets(struct osg_arena *arena, struct osg_topology *topology, const char *file,
                       bool (*put)(void *baton, const char *name, const char *secret), void *baton);

/* Does TOPOLOGY hold what is nobody else's business? */
bool osg_adopt_is_secret(const struct osg_topology *topology);

/* Adds TOPOLOGY, which isn't completed, as YAML: what isn't at its default. */
void osg_adopt_put(struct osg_text *text, const struct osg_topology *topology);

#endif
