/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "usage.h"
#include "base/exit.h"
#include "base/text.h"
#include "describe/pages.h"
#include "problem/console.h"

#include <string.h>

/* A file that an installation puts in its place. */
struct page {
    struct osg_choice choice;
    void (*put)(struct osg_text *text);
};

static const struct page manuals[] = {
    {{"osgen", "of the commands, section 1"}, osg_man_osgen},
    {{"osgen-topology", "of the file that they read, section 5"}, osg_man_topology},
};

static const struct page completions[] = {
    {{"bash", "sourced by bash"}, osg_complete_bash},
    {{"zsh", "the file _osgen in a directory of zsh's fpath"}, osg_complete_zsh},
};

#define COUNT(pages) (sizeof(pages) / sizeof *(pages))

static bool manual_choice(size_t index, struct osg_choice *choice)
{
    if (index >= COUNT(manuals))
        return false;
    *choice = manuals[index].choice;
    return true;
}

static bool completion_choice(size_t index, struct osg_choice *choice)
{
    if (index >= COUNT(completions))
        return false;
    *choice = completions[index].choice;
    return true;
}

enum { MAN, COMPLETION };

static const struct osg_option options[] = {
    [MAN] = {.name = "man",
             .argument = "PAGE",
             .help = "the manual page instead, for man to format",
             .choices = manual_choice},
    [COMPLETION] = {.name = "completion",
                    .argument = "SHELL",
                    .help = "what a shell needs to complete osgen's command lines",
                    .choices = completion_choice},
};

static void put_page(struct osg_text *text, const struct page *pages, size_t count,
                     const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(pages[i].choice.name, name) == 0)
            pages[i].put(text);
    }
}

static void put(struct osg_text *text, const struct osg_arguments *given)
{
    if (given->values[MAN] != NULL)
        put_page(text, manuals, COUNT(manuals), given->values[MAN]);
    else if (given->values[COMPLETION] != NULL)
        put_page(text, completions, COUNT(completions), given->values[COMPLETION]);
    else if (given->operand != NULL)
        osg_usage_command(text, osg_command_find(given->operand));
    else
        osg_usage(text);
}

static int run(const struct osg_arguments *given)
{
    struct osg_text text = {0};
    int code;

    if (given->operand != NULL && osg_command_find(given->operand) == NULL) {
        osg_say("there is no command %s; osgen help shows them all", given->operand);
        return OSG_EXIT_USAGE;
    }
    if ((given->operand != NULL) + (given->values[MAN] != NULL) +
            (given->values[COMPLETION] != NULL) >
        1) {
        osg_say("help shows one thing: the page of a command, --man or --completion");
        return OSG_EXIT_USAGE;
    }
    put(&text, given);
    code = osg_print(&text);
    osg_text_free(&text);
    return code;
}

const struct osg_command osg_help_command = {
    .name = "help",
    .operand = "COMMAND",
    .operand_optional = true,
    .choices = osg_command_choice,
    .summary = "shows how a command is used",
    .help = "Shows the page of a command, or without one the list of all commands. The manual\n"
            "pages and completions are those that an installation puts in their places.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
