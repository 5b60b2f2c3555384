/* SPDX-License-Identifier: Apache-2.0 */
/* The instances as OpenSpecimen itself knows them: its nodes. */
#ifndef OSG_NODES_H
#define OSG_NODES_H

struct osg_arena;
struct osg_text;
struct osg_topology;

/*
 * A name for each instance, in their order: what people call it, or its host, or, where that is
 * taken, the host with its port and, if need be, a number. No two are alike in any case of letters,
 * unless people call them so, none has a blank, and an instance that is added behind the others
 * changes no name.
 */
const char **osg_node_names(struct osg_arena *arena, const struct osg_topology *topology);

#endif
