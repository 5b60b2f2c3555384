/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "base/arena.h"
#include "base/exit.h"
#include "base/text.h"
#include "lint/lint.h"
#include "problem/check_json.h"
#include "problem/codes.h"
#include "problem/console.h"
#include "topology/session.h"

#include "core/json.h"

enum { SILENCE, JSON };

static const struct osg_option options[] = {
    [SILENCE] = {.name = "silence",
                 .argument = "NAME",
                 .help = "leaves out the warnings of that name; may be given more than once",
                 .choices = osg_warning_choice,
                 .repeats = true},
    [JSON] = {.name = "json", .help = "an array for programs, on standard output"},
};

/* A topology of those that are compared. */
struct checked {
    struct osg_session session;
    bool good; /* has it a model? */
};

static int show_json(struct checked *all, size_t count, int code)
{
    osb_json *list = osb_json_array();
    struct osg_text text = {0};
    const struct osb_sink sink = osg_text_sink(&text);
    int printed;

    for (size_t i = 0; i < count; i++)
        osg_check_json(list, &all[i].session.problems, &all[i].session.source);
    osb_json_write(list, &sink);
    osb_json_free(list);
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

static void judge(struct checked *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (all[i].good)
            osg_lint(&all[i].session.problems, &all[i].session.topology);
        for (size_t j = 0; j < i; j++) {
            if (all[i].good && all[j].good)
                osg_lint_together(&all[i].session, &all[j].session);
        }
    }
}

static int code_of(const struct checked *all, size_t count)
{
    int code = OSG_EXIT_DONE;

    for (size_t i = 0; i < count; i++) {
        if (all[i].session.problems.errors > 0)
            return OSG_EXIT_INPUT;
        if (all[i].session.problems.count > 0)
            code = OSG_EXIT_FINDINGS;
    }
    return code;
}

static int tell(struct checked *all, size_t count, bool json)
{
    int code = code_of(all, count);

    if (json)
        return show_json(all, count, code);
    for (size_t i = 0; i < count; i++)
        show(&all[i].session);
    return code;
}

static int run(const struct osg_arguments *given)
{
    size_t count = given->operand_count;
    struct osg_arena *arena = osg_arena_new();
    struct checked *all = osg_arena_alloc(arena, count * sizeof *all);
    int code;

    for (size_t i = 0; i < count; i++)
        all[i].good = osg_session_read(&all[i].session, given->operands[i]);
    judge(all, count);
    for (size_t i = 0; i < count * given->repeated_count; i++)
        osg_problems_silence(&all[i % count].session.problems,
                             osg_code_find(given->repeated[i / count]).row->code);
    code = tell(all, count, given->values[JSON] != NULL);
    for (size_t i = 0; i < count; i++)
        osg_session_end(&all[i].session);
    osg_arena_free(arena);
    return code;
}

const struct osg_command osg_check_command = {
    .name = "check",
    .operand = "TOPOLOGY",
    .operand_repeats = true,
    .summary = "tells all that is wrong or risky and writes nothing",
    .help =
        "Reads the topology as render does, secret files too, and tells every problem with its\n"
        "place and its code, which osgen explain explains. It looks harder than the other\n"
        "commands: the warnings from OSG0601 on are its alone. The exit code is 0 if there is\n"
        "nothing to tell, 1 if there are only warnings, and 3 if there are errors. What a site\n"
        "means so stands under silence in its topology. Several topologies, of sites on one host,\n"
        "are compared too. TOPOLOGY may be - for standard input.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
