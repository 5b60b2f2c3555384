/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "base/exit.h"
#include "base/text.h"
#include "lint/lint.h"
#include "problem/check_json.h"
#include "problem/codes.h"
#include "problem/console.h"
#include "topology/session.h"

enum { SILENCE, JSON };

static const struct osg_option options[] = {
    [SILENCE] = {.name = "silence",
                 .argument = "NAME",
                 .help = "leaves out the warnings of that name; may be given more than once",
                 .choices = osg_warning_choice,
                 .repeats = true},
    [JSON] = {.name = "json", .help = "an array for programs, on standard output"},
};

static int show_json(struct osg_session *session, int code)
{
    struct osg_text text = {0};
    int printed;

    osg_check_json(&text, &session->problems, &session->source);
    printed = osg_print(&text);
    osg_text_free(&text);
    return printed != OSG_EXIT_DONE ? printed : code;
}

static void show(struct osg_session *session)
{
    size_t silenced = session->problems.silenced;

    osg_show_problems(&session->problems, &session->source);
    if (session->problems.count == 0 && silenced == 0)
        osg_say("%s has no problems", session->source.name);
    else if (session->problems.count == 0)
        osg_say("%s has no problems beside %zu silenced warning%s", session->source.name, silenced,
                silenced == 1 ? "" : "s");
}

static int run(const struct osg_arguments *given)
{
    struct osg_session session;
    int code = OSG_EXIT_INPUT;
    bool good = osg_session_read(&session, given->operand);

    if (good)
        osg_lint(&session.problems, &session.topology);
    for (size_t i = 0; i < given->repeated_count; i++)
        osg_problems_silence(&session.problems, osg_code_find(given->repeated[i]).row->code);
    if (good)
        code = session.problems.count > 0 ? OSG_EXIT_FINDINGS : OSG_EXIT_DONE;
    if (given->values[JSON] != NULL)
        code = show_json(&session, code);
    else
        show(&session);
    osg_session_end(&session);
    return code;
}

const struct osg_command osg_check_command = {
    .name = "check",
    .operand = "TOPOLOGY",
    .summary = "tells all that is wrong or risky and writes nothing",
    .help =
        "Reads the topology as render does, secret files too, and tells every problem with its\n"
        "place and its code, which osgen explain explains. It looks harder than the other\n"
        "commands: the warnings from OSG0601 on are its alone. The exit code is 0 if there is\n"
        "nothing to tell, 1 if there are only warnings, and 3 if there are errors. What a site\n"
        "means so stands under silence in its topology. TOPOLOGY may be - for standard input.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
