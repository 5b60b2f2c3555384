/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_PLACE_H
#define OSG_PLACE_H

#include "base/file.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct osg_arena;

/* A point in the topology. */
struct osg_place {
    uint32_t line;   /* from 1; 0: the file as a whole */
    uint32_t column; /* from 1, in characters, as an editor counts them */
    uint32_t file;   /* the source's number */
};

/* A file that was read whole. The topology is the first of a list, in which the files that it
 * includes follow as they were read. */
struct osg_source {
    const char *name;        /* as the user gave it; "<stdin>" */
    const char *text;        /* its bytes, with a NUL behind the last */
    size_t length;           /* without that NUL */
    struct osg_file_id id;   /* what it was read from, so that nobody writes over it */
    const char *directory;   /* before relative names in it: "" or with a slash at its end; NULL: no
                                file is read */
    bool is_open;            /* may everybody on this host read it? */
    uint32_t number;         /* from 0, in the list */
    struct osg_source *next; /* NULL: the last one */
};

/* Below, at or above 0, as A stands before, at or behind B. */
int osg_place_compare(struct osg_place a, struct osg_place b);

/* The source of that NUMBER, which is in the list that begins with FIRST. */
const struct osg_source *osg_source_find(const struct osg_source *first, uint32_t number);

/* The part of PATH up to its last slash and with it: "" if it has none. */
const char *osg_directory_of(struct osg_arena *arena, const char *path);

/* "line 4", with the file's name if that isn't BESIDE's own. */
const char *osg_line_of(struct osg_arena *arena, const struct osg_source *first,
                        struct osg_place place, struct osg_place beside);

/* NAME as it is, or behind the directory of the source in which it stands; NULL: no file is read.
 */
const char *osg_path_from(struct osg_arena *arena, const struct osg_source *first,
                          struct osg_place place, const char *name);

#endif
