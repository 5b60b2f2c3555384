/* SPDX-License-Identifier: Apache-2.0 */
#include "usage.h"
#include "command.h"
#include "base/exit.h"
#include "base/text.h"

#include "core/vocabulary.h"

#include <stdio.h>
#include <string.h>

void osg_usage_line(struct osg_text *text, const struct osg_command *command)
{
    osg_text_printf(text, "usage: osgen %s", command->name);
    for (size_t i = 0; i < command->option_count; i++) {
        const struct osg_option *option = &command->options[i];

        if (option->leads)
            continue;
        osg_text_put(text, option->required ? " " : " [");
        if (option->letter != 0)
            osg_text_printf(text, "-%c", option->letter);
        else
            osg_text_printf(text, "--%s", option->name);
        osg_text_printf(text, "%s%s%s%s", option->argument != NULL ? " " : "",
                        option->argument != NULL ? option->argument : "",
                        option->required ? "" : "]", option->repeats ? "..." : "");
    }
    if (osg_command_leader(command) >= 0)
        osg_text_printf(text, " [%s]", command->options[osg_command_leader(command)].argument);
    if (command->operand != NULL)
        osg_text_printf(text, command->operand_optional ? " [%s]" : " %s", command->operand);
    if (command->operand_repeats)
        osg_text_put(text, "...");
    osg_text_put(text, "\n");
}

/* In columns as wide as the longest name. */
static void add_choices(struct osg_text *text, osg_choices *choices)
{
    struct osg_choice choice;
    size_t width = 0;

    for (size_t i = 0; choices(i, &choice); i++)
        width = strlen(choice.name) > width ? strlen(choice.name) : width;
    for (size_t i = 0; choices(i, &choice); i++)
        osg_text_printf(text, "        %-*s   %s\n", (int)width, choice.name, choice.help);
}

static void add_option(struct osg_text *text, const struct osg_option *option)
{
    char left[40], letter[8] = "    ";

    if (option->letter != 0)
        snprintf(letter, sizeof letter, "-%c, ", option->letter);
    snprintf(left, sizeof left, "%s--%s%s%s", letter, option->name,
             option->argument != NULL ? " " : "", option->argument != NULL ? option->argument : "");
    osg_text_printf(text, "  %-22s %s\n", left, option->help);
    if (option->choices != NULL)
        add_choices(text, option->choices);
}

void osg_usage_command(struct osg_text *text, const struct osg_command *command)
{
    static const struct osg_option help = {
        .letter = 'h', .name = "help", .help = "shows this page"};

    osg_usage_line(text, command);
    osg_text_printf(text, "\n%s\n\noptions:\n", command->help);
    for (size_t i = 0; i < command->option_count; i++)
        add_option(text, &command->options[i]);
    add_option(text, &help);
}

void osg_usage(struct osg_text *text)
{
    osg_text_put(text,
                 "osgen " OSB_VERSION ": OpenSpecimen behind Apache httpd, from one topology\n"
                 "\n"
                 "usage: osgen COMMAND [OPTION]... [FILE]\n"
                 "\n"
                 "commands:\n");
    for (size_t i = 0; osg_commands[i] != NULL; i++)
        osg_text_printf(text, "  %-22s %s\n", osg_commands[i]->name, osg_commands[i]->summary);
    osg_text_put(text, "\noptions:\n");
    add_option(text, &(struct osg_option){
                         .letter = 'h',
                         .name = "help",
                         .help = "shows this page; osgen COMMAND --help shows a command's"});
    add_option(text,
               &(struct osg_option){.letter = 'V', .name = "version", .help = "shows the version"});
    osg_text_put(text, "\nexit codes:\n");
    for (unsigned code = 0; code < osg_exit_count; code++)
        osg_text_printf(text, "  %-22u %s\n", code, osg_exit_meanings[code]);
}
