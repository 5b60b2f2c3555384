/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file of httpd's configuration as httpd itself reads it: lines that a backslash joins, words,
 * sections inside one another, and variables that the file defines. What a directive means is no
 * affair of the reader's; files that it includes aren't read.
 */
#ifndef OSG_CONF_H
#define OSG_CONF_H

#include "problem/place.h"

#include <stdbool.h>
#include <stddef.h>

struct osg_arena;
struct osg_problems;

/* A directive, a section or a comment. */
struct osg_conf {
    const char *name;         /* "ProxyPass"; of a section "Proxy"; of a comment "#" */
    const char *value;        /* what stands behind the name, of a section up to its >; of a comment
                                 all of it, the # too */
    const char *const *words; /* the value as httpd splits it, without quotes */
    size_t count;             /* how many */
    bool is_section;          /* does it hold others? */
    bool taken;               /* for whoever reads the tree: has it been understood? */
    const char *instead;      /* for the same: what is left of it; NULL: all */
    struct osg_place place;   /* of its first character */
    const char *from;        /* as it stands in the source: all its lines, a section's to its end */
    size_t length;           /* of that, in bytes */
    struct osg_conf *parent; /* the section that it stands in; NULL: it is the file */
    struct osg_conf *previous;
    struct osg_conf *next; /* in the same section */
    struct osg_conf *first;
    struct osg_conf *last; /* of a section */
};

/* The most that a file may hold, so that none can take memory or time without end. */
#define OSG_CONF_DEPTH 32     /* sections inside one another */
#define OSG_CONF_COUNT 100000 /* directives, sections and comments in all */
#define OSG_CONF_LINE  65536  /* bytes of a line in which variables were replaced */

/* Reads SOURCE. Returns the file as a section without a name, or NULL with a problem: httpd
 * wouldn't read it to its end either, or it holds too much. Lines that tell of a secret are kept
 * out of every report. */
struct osg_conf *osg_conf_read(struct osg_arena *arena, const struct osg_source *source,
                               struct osg_problems *problems);

/* Keeps what may be a secret in LINES, of which httpd makes TEXT, out of every report. They begin
 * in the line FIRST, and end before AFTER; conf_hide.c. */
void osg_conf_hide(struct osg_problems *problems, const char *lines, const char *text,
                   uint32_t first, struct osg_place after);

/* Is it called NAME? httpd doesn't mind the case of letters. */
bool osg_conf_is(const struct osg_conf *conf, const char *name);

/* ---- words; conf_words.c ---- */

/* What httpd knows by ${name}. */
struct osg_conf_variables {
    struct osg_conf_variable *first; /* the one that was defined last */
};

/* Sets NAME, over what it was before. A NULL VALUE makes it unknown. */
void osg_conf_define(struct osg_arena *arena, struct osg_conf_variables *variables,
                     const char *name, const char *value);

/* TEXT with the value of each known ${name} in its place; others stay. NULL: it would be too long.
 */
const char *osg_conf_replace(struct osg_arena *arena, const struct osg_conf_variables *variables,
                             const char *text);

/* The next word of TEXT, which is moved behind it and the blanks that follow: up to a blank, or
 * between quotes, in which a backslash takes the meaning of a quote or a backslash. NULL: there is
 * none. */
const char *osg_conf_word(struct osg_arena *arena, const char **text);

/* All words of TEXT; COUNT tells how many. */
const char *const *osg_conf_words(struct osg_arena *arena, const char *text, size_t *count);

#endif
