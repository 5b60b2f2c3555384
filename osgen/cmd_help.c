/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "console.h"
#include "exit.h"
#include "text.h"
#include "usage.h"

static int run(const struct osg_arguments *given)
{
    const struct osg_command *command =
        given->operand != NULL ? osg_command_find(given->operand) : NULL;
    struct osg_text text = {0};
    int code;

    if (given->operand != NULL && command == NULL) {
        osg_say("there is no command %s; osgen help shows them all", given->operand);
        return OSG_EXIT_USAGE;
    }
    if (command != NULL)
        osg_usage_command(&text, command);
    else
        osg_usage(&text);
    code = osg_print(&text);
    osg_text_free(&text);
    return code;
}

const struct osg_command osg_help_command = {
    .name = "help",
    .operand = "COMMAND",
    .operand_optional = true,
    .summary = "shows how a command is used",
    .help = "Shows the page of a command, or without one the list of all commands.",
    .run = run,
};
