/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a source to a model: checks the text, reads the YAML, reads the grammar, fills in what
 * follows from the whole, and judges what only the whole shows. Each stage runs as long as the one
 * before left it something, so that one run tells all problems.
 */
#ifndef OSG_LOAD_H
#define OSG_LOAD_H

#include <stdbool.h>

struct osg_arena;
struct osg_problems;
struct osg_reader;
struct osg_silences;
struct osg_site;
struct osg_source;
struct osg_topology;

/* A topology that says nothing. FILE is the base name of what it will be read from. */
struct osg_topology osg_topology_defaults(struct osg_arena *arena, const char *file);

/* Reads SOURCE into TOPOLOGY; the files that it includes are put behind it. Returns true if there
 * are no errors; with errors the model isn't to be used. */
bool osg_load(struct osg_arena *arena, struct osg_source *source, struct osg_topology *topology,
              struct osg_problems *problems);

/* The stages of osg_load that follow the grammar: complete.c and validate.c. */
void osg_complete(struct osg_reader *reader, struct osg_topology *topology);
void osg_validate(struct osg_reader *reader, const struct osg_topology *topology);

/* Their parts for site.tls; tls.c. */
void osg_complete_tls(struct osg_reader *reader, const struct osg_site *site);
void osg_validate_tls(struct osg_reader *reader, const struct osg_site *site);

/* For site.access and who may see the admin's pages; access.c. */
void osg_validate_access(struct osg_reader *reader, const struct osg_topology *topology);

/* For balance.sticky; sticky.c. */
void osg_complete_sticky(struct osg_reader *reader, struct osg_topology *topology);
void osg_validate_sticky(struct osg_reader *reader, const struct osg_topology *topology);

/* For silence; silence.c. */
void osg_validate_silence(struct osg_reader *reader, const struct osg_silences *silences);

/* For pair; pair.c. */
void osg_complete_pair(struct osg_reader *reader, struct osg_topology *topology);
void osg_validate_pair(struct osg_reader *reader, const struct osg_topology *topology);

/* The part of PATH behind its last slash. */
const char *osg_base_name(const char *path);

#endif
