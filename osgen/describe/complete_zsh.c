/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "pages.h"
#include "base/text.h"

#include "core/vocabulary.h"

#include <string.h>

static const char head[] =
    "#compdef osgen\n"
    "# Completion of osgen " OSB_VERSION " for zsh, written by osgen help --completion zsh.\n"
    "_osgen() {\n"
    "  local curcontext=$curcontext state line\n"
    "  typeset -A opt_args\n"
    "  _arguments -C '(- *)'{-h,--help}'[shows this page]' \\\n"
    "    '(- *)'{-V,--version}'[shows the version]' '1:command:->command' "
    "'*::argument:->argument'\n"
    "  case $state in\n"
    "  command)\n"
    "    local -a commands=(\n";

/* WORDS in a text between single quotes of which _arguments takes brackets and colons for its own.
 */
static void put_words(struct osg_text *text, const char *words)
{
    for (; *words != '\0'; words++) {
        if (*words == '\'')
            osg_text_put(text, "'\\'");
        else if (strchr("[]:\\", *words) != NULL)
            osg_text_put(text, "\\");
        osg_text_add(text, words, 1);
    }
}

/* ":TARGET:(httpd tomcat)" */
static void put_value(struct osg_text *text, const char *placeholder, osg_choices *choices)
{
    struct osg_choice choice;

    osg_text_printf(text, ":%s:", placeholder);
    if (choices != NULL) {
        osg_text_put(text, "(");
        for (size_t i = 0; choices(i, &choice); i++)
            osg_text_printf(text, "%s%s", i > 0 ? " " : "", choice.name);
        osg_text_put(text, ")");
    } else if (strstr(placeholder, "TOPOLOGY") != NULL) {
        osg_text_put(text, "_files -g \"*.(yaml|yml)\"");
    } else if (strstr(placeholder, "FILE") != NULL) {
        osg_text_put(text, "_files");
    }
}

static void put_option(struct osg_text *text, const struct osg_option *option)
{
    bool value = option->argument != NULL;

    osg_text_put(text, " \\\n        ");
    if (option->letter != 0 && !option->repeats)
        osg_text_printf(text, "'(-%c --%s)'", option->letter, option->name);
    else
        osg_text_put(text, option->repeats ? "\\*" : "");
    if (option->letter != 0)
        osg_text_printf(text, "{-%c%s,--%s%s}'[", option->letter, value ? "+" : "", option->name,
                        value ? "=" : "");
    else
        osg_text_printf(text, "'--%s%s[", option->name, value ? "=" : "");
    put_words(text, option->help);
    osg_text_put(text, "]");
    if (value)
        put_value(text, option->argument, option->choices);
    osg_text_put(text, "'");
}

static void put_command(struct osg_text *text, const struct osg_command *command)
{
    int leader = osg_command_leader(command);

    osg_text_printf(text,
                    "    %s)\n"
                    "      _arguments -s",
                    command->name);
    for (size_t i = 0; i < command->option_count; i++)
        put_option(text, &command->options[i]);
    osg_text_put(text, " \\\n        '(- *)'{-h,--help}'[shows this page]'");
    if (leader >= 0) {
        osg_text_put(text, " \\\n        ':");
        put_value(text, command->options[leader].argument, command->options[leader].choices);
        osg_text_put(text, "'");
    }
    if (command->operand != NULL) {
        osg_text_put(text, leader >= 0 ? " \\\n        '" : " \\\n        '1");
        put_value(text, command->operand, command->choices);
        osg_text_put(text, "'");
    }
    osg_text_put(text, "\n      ;;\n");
}

void osg_complete_zsh(struct osg_text *text)
{
    osg_text_put(text, head);
    for (size_t i = 0; osg_commands[i] != NULL; i++) {
        osg_text_printf(text, "      '%s:", osg_commands[i]->name);
        put_words(text, osg_commands[i]->summary);
        osg_text_put(text, "'\n");
    }
    osg_text_put(text, "    )\n"
                       "    _describe command commands\n"
                       "    ;;\n"
                       "  argument)\n"
                       "    case $words[1] in\n");
    for (size_t i = 0; osg_commands[i] != NULL; i++)
        put_command(text, osg_commands[i]);
    osg_text_put(text, "    esac\n"
                       "    ;;\n"
                       "  esac\n"
                       "}\n"
                       "\n"
                       "_osgen \"$@\"\n");
}
