/* SPDX-License-Identifier: Apache-2.0 */
#include "tree.h"
#include "base/arena.h"
#include "problem/problem.h"

#include "core/parse.h"

#include <string.h>

static struct osg_frame *top_of(struct osg_tree *tree)
{
    return tree->depth > 0 ? &tree->frames[tree->depth - 1] : NULL;
}

static struct osg_hidden *last_hidden(struct osg_tree *tree)
{
    return &tree->problems->hidden[tree->problems->hidden_count - 1];
}

/* "secret", or what was probably meant to be. */
static bool names_a_secret(const char *key)
{
    static const char *const names[] = {"secret"};

    return osb_nearest(key, names, 1) != NULL;
}

/* From now on nothing is shown, until hide_end moves the end: if the document breaks off in a
 * secret, nobody knows how far it goes. */
static void hide_begin(struct osg_tree *tree, struct osg_frame *frame, struct osg_place from)
{
    if (tree->hiding || !names_a_secret(frame->key->text))
        return;
    osg_problems_hide(tree->problems, from,
                      (struct osg_place){.line = UINT32_MAX, .column = 1, .file = from.file});
    tree->hiding = frame->hides = true;
}

static void hide_end(struct osg_tree *tree, struct osg_frame *frame, struct osg_place to)
{
    if (!frame->hides)
        return;
    last_hidden(tree)->to = to;
    tree->hiding = frame->hides = false;
}

struct osg_node *osg_tree_new(struct osg_tree *tree, enum osg_node_type type,
                              struct osg_place place)
{
    struct osg_node *node = osg_arena_alloc(tree->arena, sizeof *node);

    node->type = type;
    node->place = place;
    tree->count++;
    return node;
}

bool osg_tree_wants_key(const struct osg_tree *tree)
{
    const struct osg_frame *frame = tree->depth > 0 ? &tree->frames[tree->depth - 1] : NULL;

    return frame != NULL && frame->node->type == OSG_NODE_MAPPING && frame->key == NULL;
}

/* Is KEY there already? Says where, and makes it a bad one. Items whose dashes are glued to them
 * are no keys, which is told of the first. */
static void check_key(struct osg_tree *tree, const struct osg_node *mapping, struct osg_node *key)
{
    for (const struct osg_node *value = mapping->first; value != NULL; value = value->next) {
        if (strcmp(value->key->text, key->text) == 0) {
            if (key->text[0] != '-')
                osg_error(tree->problems, OSG_DUPLICATE_KEY, key->place,
                          "the key \"%.40s\" stands on line %u already", key->text,
                          value->key->place.line);
            key->type = OSG_NODE_BAD;
            return;
        }
    }
}

static bool add_key(struct osg_tree *tree, struct osg_node *node, struct osg_place end)
{
    struct osg_frame *frame = top_of(tree);

    if (node->text == NULL)
        node->text = "";
    if (frame->node->count >= OSG_NODE_KEYS)
        return osg_error(tree->problems, OSG_TOO_LARGE, node->place,
                         "a mapping has at most %d keys", OSG_NODE_KEYS);
    if (node->type != OSG_NODE_BAD)
        check_key(tree, frame->node, node);
    frame->key = node;
    hide_begin(tree, frame, end);
    return true;
}

static void append(struct osg_node *parent, struct osg_node *node)
{
    if (parent->last != NULL)
        parent->last->next = node;
    else
        parent->first = node;
    parent->last = node;
    parent->count++;
}

/* Under a bad key a value goes nowhere, so that a reader sees each key once. */
static void attach(struct osg_tree *tree, struct osg_node *node)
{
    struct osg_frame *frame = top_of(tree);

    if (frame == NULL) {
        tree->root = node;
        return;
    }
    if (frame->hides)
        last_hidden(tree)->from = node->place;
    if (frame->key != NULL && frame->key->type == OSG_NODE_BAD)
        return;
    node->key = frame->key;
    append(frame->node, node);
}

/* The value that the frame waited for is complete. */
static void value_done(struct osg_tree *tree, struct osg_place end)
{
    struct osg_frame *frame = top_of(tree);

    if (frame == NULL)
        return;
    hide_end(tree, frame, end);
    frame->key = NULL;
}

bool osg_tree_add(struct osg_tree *tree, struct osg_node *node, struct osg_place end)
{
    if (osg_tree_wants_key(tree))
        return add_key(tree, node, end);
    attach(tree, node);
    value_done(tree, end);
    return true;
}

bool osg_tree_open(struct osg_tree *tree, struct osg_node *node, bool bad)
{
    if (osg_tree_wants_key(tree))
        return osg_error(tree->problems, OSG_YAML_FEATURE, node->place,
                         "a key is one word, not a list or mapping; an address in brackets wants "
                         "quotes, such as \"[::1]:80\"");
    if (tree->depth == OSG_NODE_DEPTH)
        return osg_error(tree->problems, OSG_TOO_LARGE, node->place, "nested deeper than %d levels",
                         OSG_NODE_DEPTH);
    attach(tree, node);
    tree->frames[tree->depth++] = (struct osg_frame){.node = node, .bad = bad};
    return true;
}

void osg_tree_close(struct osg_tree *tree, struct osg_place end)
{
    struct osg_frame *frame = top_of(tree);

    if (frame->bad)
        frame->node->type = OSG_NODE_BAD;
    tree->depth--;
    value_done(tree, end);
}
