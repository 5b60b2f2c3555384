/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "pages.h"
#include "base/text.h"

#include "core/vocabulary.h"

#include <string.h>

static const char head[] =
    "# Completion of osgen " OSB_VERSION " for bash, written by osgen help --completion bash.\n"
    "_osgen()\n"
    "{\n"
    "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
    "    local options='' choices='' kind=''\n"
    "\n"
    "    # bash takes --target=x for three words\n"
    "    if [[ $word == '=' ]]; then\n"
    "        word=''\n"
    "    elif [[ $before == '=' ]]; then\n"
    "        before=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "    fi\n";

static const char tail[] =
    "    if [[ $word == -* && $options ]]; then\n"
    "        mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$word\")\n"
    "    else\n"
    "        mapfile -t COMPREPLY < <(compgen -W \"$choices\" -- \"$word\"\n"
    "            [[ $kind == file ]] && compgen -f -- \"$word\"\n"
    "            [[ $kind == topology ]] && {\n"
    "                compgen -f -X '!*.yaml' -- \"$word\"\n"
    "                compgen -f -X '!*.yml' -- \"$word\"\n"
    "                compgen -d -- \"$word\"\n"
    "            })\n"
    "    fi\n"
    "}\n"
    "complete -o filenames -F _osgen osgen\n";

static void put_choices(struct osg_text *text, osg_choices *choices)
{
    struct osg_choice choice;

    osg_text_put(text, "choices='");
    for (size_t i = 0; choices(i, &choice); i++)
        osg_text_printf(text, "%s%s", i > 0 ? " " : "", choice.name);
    osg_text_put(text, "'");
}

/* What a value is, as its placeholder in a usage line says: FILE or TOPOLOGY. */
static void put_kind(struct osg_text *text, const char *placeholder)
{
    if (strstr(placeholder, "TOPOLOGY") != NULL)
        osg_text_put(text, "kind=topology");
    else if (strstr(placeholder, "FILE") != NULL)
        osg_text_put(text, "kind=file");
    else
        osg_text_put(text, ":");
}

static void put_options(struct osg_text *text, const struct osg_command *command)
{
    osg_text_put(text, "options='");
    for (size_t i = 0; i < command->option_count; i++) {
        if (command->options[i].letter != 0)
            osg_text_printf(text, "-%c ", command->options[i].letter);
        osg_text_printf(text, "--%s ", command->options[i].name);
    }
    osg_text_put(text, "-h --help'");
}

/* Behind an option that takes a value, nothing but its values. */
static void put_value(struct osg_text *text, const struct osg_option *option)
{
    if (option->argument == NULL)
        return;
    osg_text_put(text, "        ");
    if (option->letter != 0)
        osg_text_printf(text, "-%c | ", option->letter);
    osg_text_printf(text, "--%s) ", option->name);
    if (option->choices != NULL)
        put_choices(text, option->choices);
    else
        put_kind(text, option->argument);
    osg_text_put(text, " ;;\n");
}

/* What stands beside options: what leads only as the first word. */
static void put_operands(struct osg_text *text, const struct osg_command *command)
{
    int leader = osg_command_leader(command);

    if (command->choices != NULL) {
        osg_text_put(text, " ");
        put_choices(text, command->choices);
    } else if (command->operand != NULL) {
        osg_text_put(text, "; ");
        put_kind(text, command->operand);
    }
    if (leader >= 0) {
        osg_text_put(text, "; ((COMP_CWORD == 2)) && ");
        put_choices(text, command->options[leader].choices);
    }
}

static void put_command(struct osg_text *text, const struct osg_command *command)
{
    osg_text_printf(text,
                    "    %s)\n"
                    "        case $before in\n",
                    command->name);
    for (size_t i = 0; i < command->option_count; i++)
        put_value(text, &command->options[i]);
    osg_text_put(text, "        *) ");
    put_options(text, command);
    put_operands(text, command);
    osg_text_put(text, " ;;\n"
                       "        esac\n"
                       "        ;;\n");
}

void osg_complete_bash(struct osg_text *text)
{
    osg_text_put(text, head);
    osg_text_put(text, "\n    if ((COMP_CWORD == 1)); then\n"
                       "        options='-h --help -V --version' ");
    put_choices(text, osg_command_choice);
    osg_text_put(text, "\n    else\n    case ${COMP_WORDS[1]} in\n");
    for (size_t i = 0; osg_commands[i] != NULL; i++)
        put_command(text, osg_commands[i]);
    osg_text_put(text, "    esac\n    fi\n\n");
    osg_text_put(text, tail);
}
