/* SPDX-License-Identifier: Apache-2.0 */
/* A site as a picture: who asks whom, from the users on the left to the instances on the right. */
#ifndef OSG_GRAPH_H
#define OSG_GRAPH_H

#include <stdbool.h>
#include <stddef.h>

struct osg_arena;
struct osg_text;
struct osg_topology;

/* How requests reach a box. */
enum osg_flow {
    OSG_FLOW_ALWAYS,  /* it takes its share */
    OSG_FLOW_STANDBY, /* only when no other can */
    OSG_FLOW_NEVER    /* it is disabled */
};

/* A box of the picture. */
struct osg_card {
    const char **lines; /* the first is what it is called */
    size_t count;       /* at least one */
    enum osg_flow flow; /* of what goes in and out */
};

/* Boxes below one another. Requests come to each from all of the column before it, of which one of
 * two neighbours has but one. */
struct osg_column {
    const char *name; /* "instance": what each is, one word */
    bool many;        /* may there be more than one? */
    struct osg_card *cards;
    size_t count; /* at least one */
};

/* Users, what a pair of hosts puts before the site, the site, its balancer and the instances. */
#define OSG_COLUMNS_MAX 6

struct osg_graph {
    const char *title; /* the whole in one line */
    struct osg_column columns[OSG_COLUMNS_MAX];
    size_t count; /* of columns */
};

/* How requests go from one box to one of the next column. */
enum osg_flow osg_flow_between(const struct osg_card *from, const struct osg_card *to);

/* Fills GRAPH with what TOPOLOGY says; its texts live in ARENA. */
void osg_graph(struct osg_arena *arena, const struct osg_topology *topology,
               struct osg_graph *graph);

/* Adds GRAPH as an SVG document that needs nothing else, light or dark as its reader wants it. */
void osg_graph_svg(struct osg_text *text, const struct osg_graph *graph);

/* Adds GRAPH as a flow chart of Mermaid, which wikis and GitHub draw. */
void osg_graph_mermaid(struct osg_text *text, const struct osg_graph *graph);

#endif
