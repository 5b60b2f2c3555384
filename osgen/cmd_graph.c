/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "deliver.h"
#include "base/arena.h"
#include "base/exit.h"
#include "base/text.h"
#include "describe/graph.h"
#include "topology/session.h"

enum { MERMAID, OUTPUT };

static const struct osg_option options[] = {
    [MERMAID] = {.letter = 'm',
                 .name = "mermaid",
                 .help = "text for Mermaid, which wikis and GitHub draw, in place of SVG"},
    [OUTPUT] = {.letter = 'o',
                .name = "output",
                .argument = "FILE",
                .help = "writes FILE, if that changes it; - is standard output, the default"},
};

static int draw(const struct osg_session *session, const struct osg_arguments *given)
{
    struct osg_text text = {0};
    struct osg_graph graph;
    int code;

    osg_graph(session->arena, &session->topology, &graph);
    if (given->values[MERMAID] != NULL)
        osg_graph_mermaid(&text, &graph);
    else
        osg_graph_svg(&text, &graph);
    code = osg_deliver(&text,
                       &(struct osg_delivery){.path = given->values[OUTPUT], .session = session});
    osg_text_free(&text);
    return code;
}

static int run(const struct osg_arguments *given)
{
    struct osg_session session;
    int code = OSG_EXIT_INPUT;

    if (osg_session_begin(&session, given->operand))
        code = draw(&session, given);
    osg_session_end(&session);
    return code;
}

const struct osg_command osg_graph_command = {
    .name = "graph",
    .operand = "TOPOLOGY",
    .summary = "draws a site, from its users to its instances",
    .help =
        "Draws the topology as an SVG picture that needs no other file and follows its reader's\n"
        "light or dark colours. Instances on standby have a dashed line, and so has the host of\n"
        "a pair that takes over; disabled instances have a dotted one. No secret is in it.\n"
        "TOPOLOGY may be - for standard input.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
