/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "exit.h"
#include "pages.h"
#include "roff.h"
#include "text.h"

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

        osg_text_put(text, " [\\fB\\-\\-");
        osg_roff_put(text, option->name);
        osg_text_put(text, "\\fR");
        if (option->argument != NULL) {
            osg_text_put(text, " ");
            osg_roff_italic(text, option->argument);
        }
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
    put_exits(text);
    osg_text_put(text, ".SH ENVIRONMENT\n"
                       ".TP\n"
                       ".B NO_COLOR\n"
                       "if it is set and not empty, problems are shown without colours\n"
                       ".SH SEE ALSO\n"
                       ".BR osgen\\-topology (5),\n"
                       ".BR apachectl (8)\n");
}
