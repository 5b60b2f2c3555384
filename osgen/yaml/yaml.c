/* SPDX-License-Identifier: Apache-2.0 */
/* The only file that knows libyaml: from its events to our tree. */
#include "explain.h"
#include "lookalike.h"
#include "node.h"
#include "source.h"
#include "tree.h"
#include "base/arena.h"
#include "base/memory.h"
#include "problem/problem.h"

#include <string.h>
#include <yaml.h>

struct builder {
    struct osg_tree tree; /* what was read so far */
    size_t documents;     /* begun so far */
    const struct osg_source *source;
    struct osg_slip
        going_on; /* of the latest value, if it has one; told unless a worse one comes */
};

static struct osg_place place_of(const struct builder *builder, yaml_mark_t mark)
{
    return (struct osg_place){.line = (uint32_t)mark.line + 1,
                              .column = (uint32_t)mark.column + 1,
                              .file = builder->source->number};
}

/* Anchors and tags: what they would do, a topology doesn't need, and much harm comes of them. */
static bool is_plain(struct builder *builder, yaml_mark_t mark, const void *anchor, const void *tag)
{
    if (anchor != NULL)
        return osg_error(builder->tree.problems, OSG_YAML_FEATURE, place_of(builder, mark),
                         "anchors (&) are not accepted in a topology: write the value out, or put "
                         "it in quotes");
    if (tag != NULL)
        return osg_error(builder->tree.problems, OSG_YAML_FEATURE, place_of(builder, mark),
                         "tags (!) are not accepted in a topology: leave the tag out, or put the "
                         "value in quotes");
    return true;
}

static bool is_null(const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;

    return event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
           (strcmp(text, "") == 0 || strcmp(text, "~") == 0 || strcmp(text, "null") == 0);
}

/* A value without quotes in several lines: no value of a topology is such, but a line that was to
 * be a key or an item often becomes part of one. */
static bool is_one_line(struct builder *builder, const yaml_event_t *event)
{
    struct osg_place begin = place_of(builder, event->start_mark);

    if (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE ||
        event->end_mark.line == event->start_mark.line)
        return true;
    builder->going_on = osg_explain_going_on(builder->source, begin);
    return false;
}

static void tell_going_on(struct builder *builder)
{
    struct osg_slip slip = builder->going_on;

    builder->going_on.code = OSG_NO_CODE;
    if (slip.code != OSG_NO_CODE)
        osg_error(builder->tree.problems, slip.code, slip.place, "%s", slip.message);
}

static enum osg_node_type type_of(struct builder *builder, const yaml_event_t *event)
{
    if (!is_plain(builder, event->start_mark, event->data.scalar.anchor, event->data.scalar.tag) ||
        !is_one_line(builder, event))
        return OSG_NODE_BAD;
    if (memchr(event->data.scalar.value, '\0', event->data.scalar.length) != NULL) {
        osg_error(builder->tree.problems, OSG_NOT_TEXT, place_of(builder, event->start_mark),
                  "the value holds a NUL character");
        return OSG_NODE_BAD;
    }
    return is_null(event) ? OSG_NODE_NULL : OSG_NODE_SCALAR;
}

/* Adds what is wrong with the first letter of a value without quotes. Returns true if there is
 * nothing; else the value is a bad one. */
static bool begins_well(struct builder *builder, struct osg_node *node, const char *value)
{
    struct osg_slip slip = osg_explain_letter(value, node->place);

    if (!node->plain || slip.code == OSG_NO_CODE)
        return true;
    node->type = OSG_NODE_BAD;
    osg_source_hide(builder->source, slip.place, builder->tree.problems);
    return osg_error(builder->tree.problems, slip.code, slip.place, "%s", slip.message);
}

static bool on_scalar(struct builder *builder, const yaml_event_t *event)
{
    const char *value = (const char *)event->data.scalar.value;
    struct osg_node *node =
        osg_tree_new(&builder->tree, type_of(builder, event), place_of(builder, event->start_mark));

    if (node->type == OSG_NODE_SCALAR || osg_tree_wants_key(&builder->tree))
        node->text = osg_arena_copy(builder->tree.arena, value, strlen(value));
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node->literal = event->data.scalar.style == YAML_LITERAL_SCALAR_STYLE;
    /* What is indented by another blank belongs where nobody can tell. */
    if (!begins_well(builder, node, value) && osg_is_foreign_blank(value))
        return false;
    return osg_tree_add(&builder->tree, node, place_of(builder, event->end_mark));
}

static bool on_alias(struct builder *builder, const yaml_event_t *event)
{
    struct osg_node *node =
        osg_tree_new(&builder->tree, OSG_NODE_BAD, place_of(builder, event->start_mark));

    osg_error(builder->tree.problems, OSG_YAML_FEATURE, node->place,
              "aliases (*) are not accepted in a topology: write the value out, or put it in "
              "quotes");
    return osg_tree_add(&builder->tree, node, place_of(builder, event->end_mark));
}

static bool on_list(struct builder *builder, const yaml_event_t *event)
{
    bool plain = is_plain(builder, event->start_mark, event->data.sequence_start.anchor,
                          event->data.sequence_start.tag);

    return osg_tree_open(
        &builder->tree,
        osg_tree_new(&builder->tree, OSG_NODE_LIST, place_of(builder, event->start_mark)), !plain);
}

static bool on_mapping(struct builder *builder, const yaml_event_t *event)
{
    bool plain = is_plain(builder, event->start_mark, event->data.mapping_start.anchor,
                          event->data.mapping_start.tag);

    return osg_tree_open(
        &builder->tree,
        osg_tree_new(&builder->tree, OSG_NODE_MAPPING, place_of(builder, event->start_mark)),
        !plain);
}

static bool on_end(struct builder *builder, const yaml_event_t *event)
{
    osg_tree_close(&builder->tree, place_of(builder, event->end_mark));
    return true;
}

static bool on_document(struct builder *builder, const yaml_event_t *event)
{
    builder->documents++;
    return builder->documents == 1 ||
           osg_error(builder->tree.problems, OSG_SECOND_DOCUMENT,
                     place_of(builder, event->start_mark),
                     "a second document begins here; a topology is one document");
}

static bool on_nothing(struct builder *builder, const yaml_event_t *event)
{
    (void)builder;
    (void)event;
    return true;
}

/* What each event does; false ends the reading, with a problem told. */
static bool (*const on_event[])(struct builder *, const yaml_event_t *) = {
    [YAML_NO_EVENT] = on_nothing,           [YAML_STREAM_START_EVENT] = on_nothing,
    [YAML_STREAM_END_EVENT] = on_nothing,   [YAML_DOCUMENT_START_EVENT] = on_document,
    [YAML_DOCUMENT_END_EVENT] = on_nothing, [YAML_ALIAS_EVENT] = on_alias,
    [YAML_SCALAR_EVENT] = on_scalar,        [YAML_SEQUENCE_START_EVENT] = on_list,
    [YAML_SEQUENCE_END_EVENT] = on_end,     [YAML_MAPPING_START_EVENT] = on_mapping,
    [YAML_MAPPING_END_EVENT] = on_end,
};

static bool syntax_error(struct builder *builder, const yaml_parser_t *parser)
{
    struct osg_problems *problems = builder->tree.problems;
    struct osg_slip slip =
        osg_explain(builder->tree.arena, builder->source,
                    &(struct osg_stumble){.problem = parser->problem,
                                          .context = parser->context,
                                          .at = place_of(builder, parser->problem_mark),
                                          .since = place_of(builder, parser->context_mark)});

    osg_source_hide(builder->source, slip.place, problems);
    return osg_error(problems, slip.code, slip.place, "%s", slip.message);
}

/* Returns true at the end of the stream, and false if reading can't go on. */
static bool build(struct builder *builder, yaml_parser_t *parser)
{
    bool go_on = true;

    while (go_on) {
        yaml_event_t event;
        bool ended;

        if (!yaml_parser_parse(parser, &event))
            return syntax_error(builder, parser);
        tell_going_on(builder);
        ended = event.type == YAML_STREAM_END_EVENT;
        go_on = on_event[event.type](builder, &event);
        if (go_on && builder->tree.count > OSG_NODE_COUNT)
            go_on = osg_error(builder->tree.problems, OSG_TOO_LARGE,
                              place_of(builder, event.start_mark),
                              "more than %d values, which no topology has", OSG_NODE_COUNT);
        yaml_event_delete(&event);
        if (ended)
            return true;
    }
    return false;
}

const struct osg_node *osg_yaml_read(struct osg_arena *arena, const struct osg_source *source,
                                     struct osg_problems *problems)
{
    static const char mark[] = "\xef\xbb\xbf";
    size_t skip = strncmp(source->text, mark, 3) == 0 ? 3 : 0;
    struct builder builder = {.tree = {.arena = arena, .problems = problems}, .source = source};
    yaml_parser_t parser;
    bool whole;

    if (!yaml_parser_initialize(&parser))
        osg_or_end(NULL);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)source->text + skip,
                                 source->length - skip);
    whole = build(&builder, &parser);
    yaml_parser_delete(&parser);
    if (whole && builder.tree.root == NULL)
        osg_error(problems, OSG_EMPTY_FILE,
                  (struct osg_place){.line = 1, .column = 1, .file = source->number},
                  source->number == 0
                      ? "the topology is empty; the shortest has site: and instances:"
                      : "this file is empty, and there is nothing to include");
    return whole ? builder.tree.root : NULL;
}
