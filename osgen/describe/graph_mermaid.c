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
    osg_text_put(text, "\"]\n");
}

static void put_instance(struct osg_text *text, const struct osg_card *card, size_t number)
{
    static const char *const ways[] = {
        [OSG_FLOW_ALWAYS] = "-->", [OSG_FLOW_STANDBY] = "-.->", [OSG_FLOW_NEVER] = "-.-"};

    osg_text_printf(text, "    balancer %s instance%zu", ways[card->flow], number);
    put_card(text, card);
}

void osg_graph_mermaid(struct osg_text *text, const struct osg_graph *graph)
{
    osg_text_put(text, "flowchart LR\n    users");
    put_card(text, &graph->users);
    osg_text_put(text, "    users --> site");
    put_card(text, &graph->site);
    osg_text_put(text, "    site --> balancer");
    put_card(text, &graph->balancer);
    for (size_t i = 0; i < graph->count; i++)
        put_instance(text, &graph->instances[i], i + 1);
}
