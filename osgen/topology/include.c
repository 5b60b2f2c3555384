/* SPDX-License-Identifier: Apache-2.0 */
#include "include.h"
#include "grammar.h"
#include "merge.h"
#include "base/arena.h"
#include "problem/problem.h"
#include "yaml/source.h"

#include "core/message.h"

#include <string.h>

/* A file that is being read, and the one that includes it. */
struct chain {
    const struct osg_source *source;
    const struct chain *by; /* NULL: it is the topology itself */
    size_t depth;           /* how many are above it */
};

/* The files that one file names, as they are put together. */
struct inclusion {
    const struct chain *chain;    /* of the file that names them */
    const struct osg_node *whole; /* what they say so far; NULL: nothing yet */
    bool bad;                     /* one of them couldn't be read */
};

static const struct osg_node *include_into(struct osg_reader *reader, const struct chain *chain,
                                           const struct osg_node *root);

static bool is_open(const struct chain *chain, struct osg_file_id id)
{
    for (; chain != NULL; chain = chain->by) {
        if (osg_file_id_equal(chain->source->id, id))
            return true;
    }
    return false;
}

/* Puts SOURCE at the end of the list. */
static void append(struct osg_reader *reader, struct osg_source *source)
{
    struct osg_source *last = reader->source;

    while (last->next != NULL)
        last = last->next;
    source->number = last->number + 1;
    last->next = source;
}

/* The file at PATH, which PLACE names, as the last of the list; NULL: it isn't to be read. */
static struct osg_source *open_source(struct osg_reader *reader, const struct chain *chain,
                                      const char *path, struct osg_place place)
{
    struct osg_source *source = osg_arena_alloc(reader->arena, sizeof *source);
    struct osb_message why = {""};

    /* A file of that name, and not standard input. */
    if (strcmp(path, "-") == 0)
        path = "./-";
    if (!osg_source_read(reader->arena, path, source, &why)) {
        osg_error(reader->problems, OSG_UNREADABLE_FILE, place, "\"%s\" %s", path, why.text);
        return NULL;
    }
    if (is_open(chain, source->id)) {
        osg_error(reader->problems, OSG_INCLUDE_LOOP, place, "\"%s\" would include itself", path);
        return NULL;
    }
    append(reader, source);
    if (chain->depth + 1 > OSG_INCLUDE_DEPTH || source->number > OSG_INCLUDE_FILES) {
        osg_error(reader->problems, OSG_TOO_LARGE, place,
                  "more than %d files inside one another, or %d in all, which no topology needs",
                  OSG_INCLUDE_DEPTH, OSG_INCLUDE_FILES);
        return NULL;
    }
    return source;
}

/* What PATH says, with what it includes itself; NULL: a problem was told. */
static const struct osg_node *read_file(struct osg_reader *reader, const struct chain *by,
                                        const char *path, struct osg_place place)
{
    struct chain chain = {.by = by, .depth = by->depth + 1};
    const struct osg_node *root = NULL;
    struct osg_source *source = open_source(reader, by, path, place);

    if (source == NULL || !osg_source_check(source, reader->problems))
        return NULL;
    chain.source = source;
    root = osg_yaml_read(reader->arena, source, reader->problems);
    if (root == NULL || root->type == OSG_NODE_BAD)
        return NULL;
    if (root->type != OSG_NODE_MAPPING) {
        osg_error(reader->problems, OSG_NOT_A_MAPPING, root->place,
                  "an included file is a mapping, as a topology is");
        return NULL;
    }
    return include_into(reader, &chain, root);
}

static void include_one(struct osg_reader *reader, const struct osg_key *key,
                        const struct osg_node *scalar, void *list)
{
    struct inclusion *inclusion = list;
    const char *path = osg_path_from(reader->arena, reader->source, scalar->place, scalar->text);
    const struct osg_node *root;

    (void)key;
    if (path == NULL)
        return;
    root = read_file(reader, inclusion->chain, path, scalar->place);
    if (root == NULL)
        inclusion->bad = true;
    else if (inclusion->whole == NULL)
        inclusion->whole = root;
    else
        inclusion->whole = osg_merge(reader->arena, &osg_topology_grammar, root, inclusion->whole);
}

static const struct osg_node *find_include(const struct osg_node *root)
{
    for (const struct osg_node *value = root->first; value != NULL; value = value->next) {
        if (strcmp(value->key->text, OSG_KEY_INCLUDE) == 0)
            return value;
    }
    return NULL;
}

/* Of the topology itself the grammar tells what is wrong with the value. */
static bool names_files(struct osg_reader *reader, const struct chain *chain,
                        const struct osg_node *value)
{
    if (chain->by == NULL)
        return value->type == OSG_NODE_SCALAR || value->type == OSG_NODE_LIST;
    return osg_value_fits(reader, OSG_KEY_INCLUDE, OSG_TAKES_SCALAR | OSG_TAKES_LIST, value);
}

static const struct osg_node *include_into(struct osg_reader *reader, const struct chain *chain,
                                           const struct osg_node *root)
{
    struct inclusion inclusion = {.chain = chain};
    const struct osg_node *value = find_include(root);

    if (value == NULL || !names_files(reader, chain, value))
        return root;
    osg_each_scalar(reader, &(struct osg_key){.name = OSG_KEY_INCLUDE}, value, include_one,
                    &inclusion);
    if (inclusion.bad)
        return NULL;
    if (inclusion.whole == NULL)
        return root;
    return osg_merge(reader->arena, &osg_topology_grammar, root, inclusion.whole);
}

const struct osg_node *osg_include(struct osg_reader *reader, const struct osg_node *root)
{
    struct chain chain = {.source = reader->source};

    return root->type == OSG_NODE_MAPPING ? include_into(reader, &chain, root) : root;
}
