/* SPDX-License-Identifier: Apache-2.0 */
/* A site as a picture: who asks whom, from the users on the left to the instances on the right. */
#ifndef OSG_GRAPH_H
#define OSG_GRAPH_H

#include <stddef.h>

struct osg_arena;
struct osg_text;
struct osg_topology;

/* How requests reach an instance. */
enum osg_flow {
    OSG_FLOW_ALWAYS,  /* it takes its share */
    OSG_FLOW_STANDBY, /* only when no other can */
    OSG_FLOW_NEVER    /* it is disabled */
};

/* A box of the picture. */
struct osg_card {
    const char **lines; /* the first is what it is called */
    size_t count;       /* at least one */
    enum osg_flow flow; /* an instance's; else OSG_FLOW_ALWAYS */
};

struct osg_graph {
    const char *title;          /* the whole in one line */
    struct osg_card users;      /* whoever asks */
    struct osg_card site;       /* what they ask for */
    struct osg_card balancer;   /* what deals requests out */
    struct osg_card *instances; /* what answers */
    size_t count;               /* of instances */
};

/* Fills GRAPH with what TOPOLOGY says; its texts live in ARENA. */
void osg_graph(struct osg_arena *arena, const struct osg_topology *topology,
               struct osg_graph *graph);

/* Adds GRAPH as an SVG document that needs nothing else, light or dark as its reader wants it. */
void osg_graph_svg(struct osg_text *text, const struct osg_graph *graph);

/* Adds GRAPH as a flow chart of Mermaid, which wikis and GitHub draw. */
void osg_graph_mermaid(struct osg_text *text, const struct osg_graph *graph);

#endif
