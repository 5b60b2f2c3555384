/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "pages.h"
#include "roff.h"
#include "base/exit.h"
#include "base/text.h"
#include "problem/codes.h"

static void put_tag(struct osg_text *text, const struct osg_option *option)
{
    const char letter[] = {'-', option->letter, '\0'};

    osg_text_put(text, ".TP\n");
    if (option->letter != 0) {
        osg_roff_bold(text, letter);
        osg_text_put(text, ", ");
    }
    osg_text_put(text, "\\fB\\-\\-");
    osg_roff_put(text, option->name);
    osg_text_put(text, "\\fR");
    if (option->argument != NULL) {
        osg_text_put(text, " ");
        osg_roff_italic(text, option->argument);
    }
    osg_text_put(text, "\n");
}

static void put_option(struct osg_text *text, const struct osg_option *option)
{
    put_tag(text, option);
    osg_roff_lines(text, option->help);
    if (option->choices != NULL)
        osg_roff_choices(text, option->choices);
}

/* "osgen render [-o FILE] TOPOLOGY", with fonts. */
static void put_synopsis(struct osg_text *text, const struct osg_command *command)
{
    osg_text_put(text, "\\fBosgen ");
    osg_roff_put(text, command->name);
    osg_text_put(text, "\\fR");
    for (size_t i = 0; i < command->option_count; i++) {
        const struct osg_option *option = &command->options[i];

        if (option->leads)
            continue;
        osg_text_put(text, option->required ? " \\fB\\-\\-" : " [\\fB\\-\\-");
        osg_roff_put(text, option->name);
        osg_text_put(text, "\\fR");
        if (option->argument != NULL) {
            osg_text_put(text, " ");
            osg_roff_italic(text, option->argument);
        }
        osg_text_put(text, option->required ? "" : "]");
        osg_text_put(text, option->repeats ? "..." : "");
    }
    if (osg_command_leader(command) >= 0) {
        osg_text_put(text, " [");
        osg_roff_italic(text, command->options[osg_command_leader(command)].argument);
        osg_text_put(text, "]");
    }
    if (command->operand != NULL) {
        osg_text_put(text, command->operand_optional ? " [" : " ");
        osg_roff_italic(text, command->operand);
        osg_text_put(text, command->operand_optional ? "]" : "");
    }
    osg_text_put(text, "\n");
}

static void put_command(struct osg_text *text, const struct osg_command *command)
{
    osg_roff_macro(text, "SS", command->name);
    osg_roff_lines(text, command->help);
    for (size_t i = 0; i < command->option_count; i++)
        put_option(text, &command->options[i]);
}

static void put_exits(struct osg_text *text)
{
    osg_text_put(text, ".SH EXIT STATUS\n");
    for (unsigned code = 0; code < osg_exit_count; code++) {
        osg_text_printf(text, ".TP\n.B %u\n", code);
        osg_roff_lines(text, osg_exit_meanings[code]);
    }
}

static void put_problems(struct osg_text *text)
{
    char label[OSG_CODE_LABEL];

    osg_text_put(text, ".SH PROBLEMS\n"
                       "What is wrong with a topology, and what is risky.\n"
                       ".B osgen explain\n"
                       "tells more of each.\n");
    for (size_t i = 0; osg_code_groups[i] != NULL; i++) {
        const struct osg_code_group *group = osg_code_groups[i];

        osg_roff_macro(text, "SS", group->title);
        for (size_t j = 0; j < group->count; j++) {
            osg_text_printf(text, ".TP\n%s ", osg_code_label(group->rows[j].code, label));
            osg_roff_bold(text, group->rows[j].name);
            osg_text_put(text, "\n");
            osg_roff_lines(text, group->rows[j].title);
        }
    }
}

void osg_man_osgen(struct osg_text *text)
{
    osg_roff_head(text, "osgen", "1", "OpenSpecimen behind Apache httpd, from one topology");
    osg_text_put(text, ".SH SYNOPSIS\n");
    for (size_t i = 0; osg_commands[i] != NULL; i++) {
        osg_text_put(text, i > 0 ? ".br\n" : "");
        put_synopsis(text, osg_commands[i]);
    }
    osg_text_put(text, ".SH DESCRIPTION\n"
                       "Reads the topology of a site, one file of YAML that\n"
                       ".BR osgen\\-topology (5)\n"
                       "describes, and writes what its servers need.\n"
                       "Data goes to standard output, everything else to standard error.\n"
                       ".SH COMMANDS\n");
    for (size_t i = 0; osg_commands[i] != NULL; i++)
        put_command(text, osg_commands[i]);
    osg_text_put(text, ".SH OPTIONS\n");
    put_option(text, &(struct osg_option){.letter = 'h',
                                          .name = "help",
                                          .help = "shows how osgen, or the command before it, is "
                                                  "used"});
    put_option(text,
               &(struct osg_option){.letter = 'V', .name = "version", .help = "shows the version"});
    put_problems(text);
    put_exits(text);
    osg_text_put(text, ".SH ENVIRONMENT\n"
                       ".TP\n"
                       ".B NO_COLOR\n"
                       "if it is set and not empty, problems are shown without colours\n"
                       ".TP\n"
                       ".B TERM\n"
                       "the same if it is dumb\n"
                       ".PP\n"
                       "A topology names other variables in which it looks for secrets.\n"
                       ".SH SEE ALSO\n"
                       ".BR osgen\\-topology (5),\n"
                       ".BR apachectl (8)\n");
}
