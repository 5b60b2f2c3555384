/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "console.h"
#include "exit.h"
#include "session.h"

static int run(const struct osg_arguments *given)
{
    struct osg_session session;
    int code = OSG_EXIT_INPUT;

    if (osg_session_begin(&session, given->operand)) {
        code = session.problems.count > 0 ? OSG_EXIT_FINDINGS : OSG_EXIT_DONE;
        if (code == OSG_EXIT_DONE)
            osg_say("%s has no problems", session.source.name);
    }
    osg_session_end(&session);
    return code;
}

const struct osg_command osg_check_command = {
    .name = "check",
    .operand = "TOPOLOGY",
    .summary = "tells all problems of a topology and writes nothing",
    .help =
        "Reads the topology as render does, secret files too, and tells every problem with its\n"
        "place. The exit code is 0 if there is none, 1 if there are only warnings, and 3 if\n"
        "there are errors. TOPOLOGY may be - for standard input.",
    .run = run,
};
