/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the tree of node.h from values as they come along, key by key and item by item, within the
 * bounds that node.h names. */
#ifndef OSG_TREE_H
#define OSG_TREE_H

#include "node.h"

#include <stdbool.h>

/* A list or mapping that is still open. */
struct osg_frame {
    struct osg_node *node;
    struct osg_node *key; /* in a mapping: the key that waits for its value; else NULL */
    bool bad;             /* had an anchor or a tag: told, and no reader's business */
    bool hides;           /* the value of that key is a secret, and the last hidden stretch */
};

struct osg_tree {
    struct osg_arena *arena;       /* where the nodes live */
    struct osg_problems *problems; /* what was found wrong */
    struct osg_node *root;         /* the document's value, once it is known */
    size_t depth;                  /* open frames */
    size_t count;                  /* values so far */
    bool hiding;                   /* inside a secret value */
    struct osg_frame frames[OSG_NODE_DEPTH];
};

/* A value of that type, not yet anywhere. */
struct osg_node *osg_tree_new(struct osg_tree *tree, enum osg_node_type type,
                              struct osg_place place);

/* Is what comes next a key? */
bool osg_tree_wants_key(const struct osg_tree *tree);

/* Puts a value that ends at END where it belongs: a key that has its text, a value, an item.
 * Returns false, with a problem told, if reading can't go on. */
bool osg_tree_add(struct osg_tree *tree, struct osg_node *node, struct osg_place end);

/* Puts an empty list or mapping where it belongs and opens it; a BAD one is closed as such. */
bool osg_tree_open(struct osg_tree *tree, struct osg_node *node, bool bad);

/* Closes the list or mapping that was opened last; it ends at END. */
void osg_tree_close(struct osg_tree *tree, struct osg_place end);

#endif
