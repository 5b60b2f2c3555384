/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_MERGE_H
#define OSG_MERGE_H

struct osg_arena;
struct osg_grammar;
struct osg_node;

/* The key of a topology that names the files to include; it is never taken over from another. */
#define OSG_KEY_INCLUDE "include"

/* A mapping of GRAMMAR that has all of MINE, and of THEIRS what MINE says nothing about. Neither of
 * the two is changed. */
const struct osg_node *osg_merge(struct osg_arena *arena, const struct osg_grammar *grammar,
                                 const struct osg_node *mine, const struct osg_node *theirs);

#endif
