/* SPDX-License-Identifier: Apache-2.0 */
#include "merge.h"
#include "grammar.h"
#include "base/arena.h"

#include <string.h>

static void append(struct osg_node *mapping, struct osg_node *value)
{
    value->next = NULL;
    if (mapping->last != NULL)
        mapping->last->next = value;
    else
        mapping->first = value;
    mapping->last = value;
    mapping->count++;
}

static struct osg_node *copy(struct osg_arena *arena, const struct osg_node *node)
{
    struct osg_node *other = osg_arena_alloc(arena, sizeof *other);

    *other = *node;
    return other;
}

/* A mapping without values yet, in the place of NODE. */
static struct osg_node *empty_mapping(struct osg_arena *arena, const struct osg_node *node)
{
    struct osg_node *mapping = osg_arena_alloc(arena, sizeof *mapping);

    *mapping = (struct osg_node){.type = OSG_NODE_MAPPING, .place = node->place, .key = node->key};
    return mapping;
}

static const struct osg_node *find(const struct osg_node *mapping, const char *name)
{
    for (const struct osg_node *value = mapping->first; value != NULL; value = value->next) {
        if (strcmp(value->key->text, name) == 0)
            return value;
    }
    return NULL;
}

/* Keys of which a mapping has one or the other. */
static const char *const pairs[][2] = {{"secret", "secret_file"},
                                       {"certificate", "managed"},
                                       {"key", "managed"},
                                       {"chain", "managed"}};

/* Does MAPPING say something about NAME, by that key or by another in its place? */
static bool speaks_of(const struct osg_node *mapping, const char *name)
{
    bool does = find(mapping, name) != NULL;

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        does = does || (strcmp(pairs[i][0], name) == 0 && find(mapping, pairs[i][1]) != NULL) ||
               (strcmp(pairs[i][1], name) == 0 && find(mapping, pairs[i][0]) != NULL);
    }
    return does;
}

static const struct osg_grammar *grammar_of(const struct osg_grammar *grammar, const char *name)
{
    for (size_t i = 0; grammar != NULL && i < grammar->count; i++) {
        const struct osg_key *key = &grammar->keys[i];

        if (strcmp(key->name, name) == 0)
            return (key->takes & OSG_TAKES_MAPPING) != 0 ? key->inside : NULL;
    }
    return NULL;
}

/* VALUE as the mapping that it is short for; NULL: it is none, as "off" isn't. */
static const struct osg_node *as_mapping(struct osg_arena *arena, const struct osg_grammar *grammar,
                                         const struct osg_node *value)
{
    struct osg_node *mapping, *key, *only;
    bool on;

    if (value->type == OSG_NODE_MAPPING)
        return value;
    if (grammar == NULL || value->type == OSG_NODE_BAD ||
        (value->type == OSG_NODE_SCALAR && osg_is_switch(value->text, &on)))
        return NULL;
    mapping = empty_mapping(arena, value);
    key = copy(arena, value->key);
    key->text = grammar->keys[0].name;
    only = copy(arena, value);
    only->key = key;
    append(mapping, only);
    return mapping;
}

/* What is there of a key that both have. */
static struct osg_node *merge_values(struct osg_arena *arena, const struct osg_grammar *grammar,
                                     const struct osg_node *mine, const struct osg_node *theirs)
{
    const struct osg_node *ours = as_mapping(arena, grammar, mine);
    const struct osg_node *others = as_mapping(arena, grammar, theirs);

    if (ours == NULL || others == NULL ||
        (mine->type != OSG_NODE_MAPPING && theirs->type != OSG_NODE_MAPPING))
        return copy(arena, mine);
    return copy(arena, osg_merge(arena, grammar, ours, others));
}

const struct osg_node *osg_merge(struct osg_arena *arena, const struct osg_grammar *grammar,
                                 const struct osg_node *mine, const struct osg_node *theirs)
{
    struct osg_node *whole = empty_mapping(arena, mine);

    for (const struct osg_node *value = mine->first; value != NULL; value = value->next) {
        const char *name = value->key->text;
        const struct osg_node *other =
            strcmp(name, OSG_KEY_INCLUDE) != 0 ? find(theirs, name) : NULL;

        append(whole, other != NULL ? merge_values(arena, grammar_of(grammar, name), value, other)
                                    : copy(arena, value));
    }
    for (const struct osg_node *value = theirs->first; value != NULL; value = value->next) {
        if (!speaks_of(mine, value->key->text) && strcmp(value->key->text, OSG_KEY_INCLUDE) != 0)
            append(whole, copy(arena, value));
    }
    return whole;
}
