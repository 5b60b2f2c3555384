/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Columns of boxes, in pixels; of a pair of hosts there are two more, between users and site:
 *
 *            ┌──────┐  ┌──────────┐   ┌──────┐
 *   ┌─────┐  │      │  │          │ ┌►│      │
 *   │users├─►│ site ├─►│ balancer ├─┤ └──────┘
 *   └─────┘  │      │  │          │ └►┌──────┐
 *            └──────┘  └──────────┘   └──────┘
 *
 * Nobody knows how wide a text will be, so that it stands in a font whose letters are all alike.
 */
#include "graph.h"
#include "base/text.h"

#include <string.h>

#define MARGIN  20 /* around the whole */
#define PADDING 12 /* around the text of a box */
#define LINE    19 /* from line to line */
#define LETTER  8  /* the widest of the usual fonts, at 13 pixels */
#define ACROSS  80 /* between columns */
#define DOWN    14 /* between boxes of a column */

struct box {
    size_t x, y, width, height;
};

static const char style[] =
    "    text { font: 13px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; "
    "fill: #1b2733 }\n"
    "    .name { font-weight: bold }\n"
    "    .page { fill: #ffffff }\n"
    "    .box { fill: #f2f6fa; stroke: #5b7083 }\n"
    "    .way { fill: none; stroke: #2f6f4f; stroke-width: 2 }\n"
    "    .tip { fill: #2f6f4f }\n"
    "    .standby { stroke-dasharray: 8 5 }\n"
    "    .never { stroke: #8a97a3; stroke-width: 1; stroke-dasharray: 2 4 }\n"
    "    .off text { fill: #5b6873 }\n"
    "    .off .box { stroke-dasharray: 2 4 }\n"
    "    @media (prefers-color-scheme: dark) {\n"
    "      text { fill: #e4ebf1 }\n"
    "      .page { fill: #12181e }\n"
    "      .box { fill: #1d2731; stroke: #8fa3b5 }\n"
    "      .way { stroke: #6fc79b }\n"
    "      .tip { fill: #6fc79b }\n"
    "      .never { stroke: #75828e }\n"
    "      .off text { fill: #9aa7b2 }\n"
    "    }\n";

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static struct box size_of(const struct osg_card *card)
{
    struct box box = {.height = (size_t)2 * PADDING + LINE * card->count};

    for (size_t i = 0; i < card->count; i++)
        box.width = larger(box.width, (size_t)2 * PADDING + LETTER * strlen(card->lines[i]));
    return box;
}

/* The box that all boxes of a column stand in, below one another. */
static struct box size_of_column(const struct osg_column *column)
{
    struct box all = {.height = 0};

    for (size_t i = 0; i < column->count; i++) {
        struct box box = size_of(&column->cards[i]);

        all.width = larger(all.width, box.width);
        all.height += box.height + (i > 0 ? DOWN : 0);
    }
    return all;
}

static void put_card(struct osg_text *text, const struct osg_card *card, const struct box *box)
{
    osg_text_printf(text,
                    "  <g%s>\n"
                    "    <rect class=\"box\" x=\"%zu\" y=\"%zu\" width=\"%zu\" height=\"%zu\" "
                    "rx=\"6\"/>\n",
                    card->flow == OSG_FLOW_NEVER ? " class=\"off\"" : "", box->x, box->y,
                    box->width, box->height);
    for (size_t i = 0; i < card->count; i++) {
        osg_text_printf(text, "    <text%s x=\"%zu\" y=\"%zu\">", i == 0 ? " class=\"name\"" : "",
                        box->x + PADDING, box->y + PADDING + LINE * i + 14);
        osg_text_put_xml(text, card->lines[i]);
        osg_text_put(text, "</text>\n");
    }
    osg_text_put(text, "  </g>\n");
}

/* From the middle of the right side to the middle of the left one. */
static void put_way(struct osg_text *text, const struct box *from, const struct box *to,
                    enum osg_flow flow)
{
    static const char *const classes[] = {[OSG_FLOW_ALWAYS] = "way",
                                          [OSG_FLOW_STANDBY] = "way standby",
                                          [OSG_FLOW_NEVER] = "way never"};
    size_t x = from->x + from->width, y = from->y + from->height / 2;
    size_t end = to->y + to->height / 2, middle = (x + to->x) / 2;

    osg_text_printf(text, "  <path class=\"%s\"%s d=\"M%zu %zu C%zu %zu %zu %zu %zu %zu\"/>\n",
                    classes[flow], flow == OSG_FLOW_NEVER ? "" : " marker-end=\"url(#tip)\"", x, y,
                    middle, y, middle, end, to->x - 2, end);
}

static void put_head(struct osg_text *text, const char *title, size_t width, size_t height)
{
    osg_text_printf(text,
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%zu\" height=\"%zu\" "
                    "viewBox=\"0 0 %zu %zu\" role=\"img\" aria-labelledby=\"title\">\n"
                    "  <title id=\"title\">",
                    width, height, width, height);
    osg_text_put_xml(text, title);
    osg_text_printf(text,
                    "</title>\n"
                    "  <style>\n"
                    "%s"
                    "  </style>\n"
                    "  <defs>\n"
                    "    <marker id=\"tip\" markerUnits=\"userSpaceOnUse\" markerWidth=\"10\" "
                    "markerHeight=\"10\" refX=\"8\" refY=\"5\" orient=\"auto\">\n"
                    "      <path class=\"tip\" d=\"M0 0 10 5 0 10Z\"/>\n"
                    "    </marker>\n"
                    "  </defs>\n"
                    "  <rect class=\"page\" width=\"100%%\" height=\"100%%\"/>\n",
                    style);
}

/* The box of a card that stands on top of BELOW, of which it is cut off. */
static struct box cut(struct box *below, const struct osg_card *card)
{
    struct box box = {below->x, below->y, below->width, size_of(card).height};

    below->y += box.height + DOWN;
    return box;
}

static void put_ways(struct osg_text *text, const struct osg_column *from, struct box left,
                     const struct osg_card *card, const struct box *box)
{
    for (size_t i = 0; i < from->count; i++) {
        struct box begin = cut(&left, &from->cards[i]);

        put_way(text, &begin, box, osg_flow_between(&from->cards[i], card));
    }
}

static void put_columns(struct osg_text *text, const struct osg_graph *graph,
                        const struct box *boxes)
{
    for (size_t i = 0; i < graph->count; i++) {
        const struct osg_column *column = &graph->columns[i];
        struct box left = boxes[i];

        for (size_t j = 0; j < column->count; j++) {
            struct box box = cut(&left, &column->cards[j]);

            if (i > 0)
                put_ways(text, column - 1, boxes[i - 1], &column->cards[j], &box);
            put_card(text, &column->cards[j], &box);
        }
    }
}

/* All columns have their middle at the same height, which a box's own is counted from: so a way
 * between two single boxes is level whatever their heights. */
void osg_graph_svg(struct osg_text *text, const struct osg_graph *graph)
{
    struct box boxes[OSG_COLUMNS_MAX];
    size_t width = MARGIN, height = 0;

    for (size_t i = 0; i < graph->count; i++) {
        boxes[i] = size_of_column(&graph->columns[i]);
        boxes[i].x = width;
        width += boxes[i].width + (i + 1 < graph->count ? ACROSS : MARGIN);
        height = larger(height, boxes[i].height + (size_t)2 * MARGIN);
    }
    for (size_t i = 0; i < graph->count; i++)
        boxes[i].y = height / 2 - boxes[i].height / 2;
    put_head(text, graph->title, width, height);
    put_columns(text, graph, boxes);
    osg_text_put(text, "</svg>\n");
}
