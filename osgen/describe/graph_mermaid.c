/* SPDX-License-Identifier: Apache-2.0 */
#include "graph.h"
#include "base/text.h"

#include <string.h>

/* What is no letter, digit or harmless sign may mean something to Mermaid, to Markdown around it or
 * to HTML: it is written by its number, which Mermaid takes in any quoted text. */
static void put_line(struct osg_text *text, const char *line)
{
    static const char harmless[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                   "0123456789 .,/:-";

    for (; *line != '\0'; line++) {
        if (strchr(harmless, *line) != NULL)
            osg_text_add(text, line, 1);
        else
            osg_text_printf(text, "#%u;", (unsigned char)*line);
    }
}

static void put_card(struct osg_text *text, const struct osg_card *card)
{
    osg_text_put(text, "[\"");
    for (size_t i = 0; i < card->count; i++) {
        osg_text_put(text, i > 0 ? "<br>" : "");
        put_line(text, card->lines[i]);
    }
    osg_text_put(text, "\"]");
}

/* "host2", or "site" where there is only ever one. */
static void put_name(struct osg_text *text, const struct osg_column *column, size_t number)
{
    osg_text_put(text, column->name);
    if (column->many)
        osg_text_printf(text, "%zu", number + 1);
}

/* What a box is called is written once, with the first way to it. */
static void put_ways(struct osg_text *text, const struct osg_column *from,
                     const struct osg_column *to, size_t number)
{
    static const char *const ways[] = {
        [OSG_FLOW_ALWAYS] = "-->", [OSG_FLOW_STANDBY] = "-.->", [OSG_FLOW_NEVER] = "-.-"};
    const struct osg_card *card = &to->cards[number];

    for (size_t i = 0; i < from->count; i++) {
        osg_text_put(text, "    ");
        put_name(text, from, i);
        osg_text_printf(text, " %s ", ways[osg_flow_between(&from->cards[i], card)]);
        put_name(text, to, number);
        if (i == 0)
            put_card(text, card);
        osg_text_put(text, "\n");
    }
}

void osg_graph_mermaid(struct osg_text *text, const struct osg_graph *graph)
{
    osg_text_put(text, "flowchart LR\n    users");
    put_card(text, &graph->columns[0].cards[0]);
    osg_text_put(text, "\n");
    for (size_t i = 1; i < graph->count; i++) {
        for (size_t j = 0; j < graph->columns[i].count; j++)
            put_ways(text, &graph->columns[i - 1], &graph->columns[i], j);
    }
}
