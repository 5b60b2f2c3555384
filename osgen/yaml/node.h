/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A YAML document as it was written: every value with its place. It says nothing about what a
 * topology may hold; grammar.h makes the model of it.
 */
#ifndef OSG_NODE_H
#define OSG_NODE_H

#include "problem/place.h"

#include <stdbool.h>

struct osg_arena;
struct osg_problems;

enum osg_node_type {
    OSG_NODE_BAD,    /* a problem was told already; readers pass over it */
    OSG_NODE_NULL,   /* nothing, ~ or null */
    OSG_NODE_SCALAR, /* one value: all are text until a reader takes them for more */
    OSG_NODE_LIST,
    OSG_NODE_MAPPING
};

struct osg_node {
    enum osg_node_type type;
    struct osg_place place;      /* of its first character */
    const char *text;            /* a scalar's value, with no NUL inside; else NULL */
    const struct osg_node *key;  /* in a mapping: the scalar that names this value, once in it */
    const struct osg_node *next; /* in a list or mapping: the one after this */
    struct osg_node *first;      /* a list's first item, a mapping's first value */
    struct osg_node *last;       /* the last of them */
    uint32_t count;              /* how many there are */
    bool plain;                  /* is a scalar written without quotes? */
    bool literal;                /* is it a block, whose lines stand below its | one by one? */
};

/* The most that a document may hold, so that none can take memory or time without end. */
#define OSG_NODE_DEPTH 16     /* lists and mappings inside one another */
#define OSG_NODE_COUNT 400000 /* values in all */
#define OSG_NODE_KEYS  64     /* keys of one mapping */

/* Reads SOURCE. What YAML forbids and what a topology has no use for (anchors and aliases, tags, a
 * second document, a key twice) is added to PROBLEMS. Returns the document's value, or NULL if it
 * couldn't be read to its end. Implemented over libyaml in yaml.c. */
const struct osg_node *osg_yaml_read(struct osg_arena *arena, const struct osg_source *source,
                                     struct osg_problems *problems);

#endif
