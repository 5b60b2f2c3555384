/* SPDX-License-Identifier: Apache-2.0 */
#include "grammar.h"
#include "base/arena.h"
#include "problem/problem.h"
#include "yaml/explain.h"
#include "yaml/lines.h"
#include "yaml/lookalike.h"

#include "core/parse.h"

#include <stdio.h>
#include <string.h>

/* The kinds of values: their bits, and what a person calls them. */
static const struct kind {
    unsigned bit;
    const char *name;
} kinds[] = {
    [OSG_NODE_BAD] = {0, ""},
    [OSG_NODE_NULL] = {OSG_TAKES_NULL, "nothing"},
    [OSG_NODE_SCALAR] = {OSG_TAKES_SCALAR, "a single value"},
    [OSG_NODE_LIST] = {OSG_TAKES_LIST, "a list"},
    [OSG_NODE_MAPPING] = {OSG_TAKES_MAPPING, "a mapping of keys"},
};

/* "a single value or a list", of what TAKES has beside nothing. */
static void name_kinds(char *text, size_t size, unsigned takes)
{
    const char *join = "";
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = OSG_NODE_SCALAR; i < sizeof kinds / sizeof *kinds; i++) {
        int length;

        if ((takes & kinds[i].bit) == 0)
            continue;
        length = snprintf(text + used, size - used, "%s%s", join, kinds[i].name);
        used += length > 0 ? (size_t)length : 0;
        join = " or ";
    }
}

/* An item of a list, or a first key in one, of which YAML took the dash for a letter. */
static bool is_glued_item(struct osg_reader *reader, const struct osg_node *value)
{
    const struct osg_node *word =
        value->type == OSG_NODE_MAPPING && value->first != NULL ? value->first->key : value;
    struct osg_source_line line;

    if (!word->plain || word->text == NULL || word->text[0] != '-')
        return false;
    line = osg_lines_get(osg_source_find(reader->source, word->place.file), word->place.line);
    return osg_lines_is_glued(&line);
}

bool osg_value_fits(struct osg_reader *reader, const char *name, unsigned takes,
                    const struct osg_node *value)
{
    char accepted[80];

    if (value->type == OSG_NODE_BAD)
        return false;
    if ((takes & OSG_TAKES_LIST) != 0 && is_glued_item(reader, value))
        return osg_error(reader->problems, OSG_NO_COLON, value->place, OSG_GLUED_ITEM);
    if ((kinds[value->type].bit & takes) != 0)
        return true;
    name_kinds(accepted, sizeof accepted, takes);
    if (value->type == OSG_NODE_NULL)
        return osg_error(reader->problems, OSG_NO_VALUE, value->place,
                         "%s has no value; it takes %s", name, accepted);
    return osg_error(reader->problems, OSG_WRONG_KIND, value->place, "%s takes %s, not %s", name,
                     accepted, kinds[value->type].name);
}

/* "name, url or weight" */
static const char *join_names(struct osg_arena *arena, const char *const *names, size_t count)
{
    const char *text = "";

    for (size_t i = 0; i < count; i++)
        text = osg_arena_printf(arena, "%s%s%s", text,
                                i == 0          ? ""
                                : i + 1 < count ? ", "
                                                : " or ",
                                names[i]);
    return text;
}

/* Is TEXT one of NAMES with a colon, and something glued to that? */
static bool is_glued(const char *text, const char *name)
{
    size_t length = strlen(name);

    return strncmp(text, name, length) == 0 && text[length] == ':';
}

static bool no_blank(struct osg_reader *reader, const struct osg_node *node, const char *name)
{
    if (osg_is_foreign_blank(node->text + strlen(name) + 1))
        return osg_error(reader->problems, OSG_NO_COLON, node->place,
                         "behind %s: is a no-break space, which is a letter to YAML: write a plain "
                         "blank",
                         name);
    return osg_error(reader->problems, OSG_NO_COLON, node->place,
                     "%s: is glued to its value: a key's colon wants a blank behind it", name);
}

void osg_unknown_key(struct osg_reader *reader, const struct osg_node *key, const char *where,
                     const char *const *names, size_t count)
{
    const char *nearest = osb_nearest(key->text, names, count);
    const char *owner = osg_belongs_to(reader->arena, key->text);

    for (size_t i = 0; i < count; i++) {
        if (is_glued(key->text, names[i])) {
            no_blank(reader, key, names[i]);
            return;
        }
    }
    if (owner != NULL)
        osg_error(reader->problems, OSG_UNKNOWN_KEY, key->place,
                  "unknown key \"%.40s\" in %s; it is a key of %s", key->text, where, owner);
    else if (nearest != NULL)
        osg_error(reader->problems, OSG_UNKNOWN_KEY, key->place,
                  "unknown key \"%.40s\" in %s; did you mean \"%s\"?", key->text, where, nearest);
    else
        osg_error(reader->problems, OSG_UNKNOWN_KEY, key->place,
                  "unknown key \"%.40s\" in %s; it may have %s", key->text, where,
                  join_names(reader->arena, names, count));
}

static const struct osg_key *find_key(const struct osg_grammar *grammar, const char *name)
{
    for (size_t i = 0; i < grammar->count; i++) {
        if (strcmp(grammar->keys[i].name, name) == 0)
            return &grammar->keys[i];
    }
    return NULL;
}

static void unknown_key(struct osg_reader *reader, const struct osg_grammar *grammar,
                        const struct osg_node *key)
{
    const char **names = osg_arena_alloc(reader->arena, grammar->count * sizeof *names);

    for (size_t i = 0; i < grammar->count; i++)
        names[i] = grammar->keys[i].name;
    osg_unknown_key(reader, key, grammar->name, names, grammar->count);
}

static void read_value(struct osg_reader *reader, const struct osg_key *key,
                       const struct osg_node *value, void *target)
{
    if (osg_value_fits(reader, key->name, key->takes, value))
        key->read(reader, key, value, (char *)target + key->offset);
}

/* Is NAME there, or another key that was told as a slip in it? */
static bool is_meant(const struct osg_grammar *grammar, const struct osg_node *mapping,
                     const char *name)
{
    for (const struct osg_node *value = mapping->first; value != NULL; value = value->next) {
        const struct osg_key *key = find_key(grammar, value->key->text);

        if (key != NULL ? key->name == name : osb_nearest(value->key->text, &name, 1) != NULL)
            return true;
    }
    return false;
}

static void check_required(struct osg_reader *reader, const struct osg_grammar *grammar,
                           const struct osg_node *mapping)
{
    for (size_t i = 0; i < grammar->count; i++) {
        if (grammar->keys[i].required && !is_meant(grammar, mapping, grammar->keys[i].name))
            osg_error(reader->problems, OSG_MISSING_KEY, mapping->place, "%s has no %s",
                      grammar->name, grammar->keys[i].name);
    }
}

void osg_read_part(struct osg_reader *reader, const struct osg_key *key,
                   const struct osg_node *value, void *field)
{
    osg_read_mapping(reader, key->inside, value, field);
}

/* What stands for the mapping's first key, and may be meant as a mapping. */
static void read_short(struct osg_reader *reader, const struct osg_grammar *grammar,
                       const struct osg_node *value, void *target)
{
    for (size_t i = 0; value->type == OSG_NODE_SCALAR && value->plain && i < grammar->count; i++) {
        if (is_glued(value->text, grammar->keys[i].name)) {
            no_blank(reader, value, grammar->keys[i].name);
            return;
        }
    }
    read_value(reader, &grammar->keys[0], value, target);
}

void osg_read_mapping(struct osg_reader *reader, const struct osg_grammar *grammar,
                      const struct osg_node *value, void *target)
{
    if (value->type != OSG_NODE_MAPPING) {
        read_short(reader, grammar, value, target);
        return;
    }
    for (const struct osg_node *child = value->first; child != NULL; child = child->next) {
        const struct osg_key *key = find_key(grammar, child->key->text);

        if (key == NULL)
            unknown_key(reader, grammar, child->key);
        else
            read_value(reader, key, child, target);
    }
    check_required(reader, grammar, value);
}
