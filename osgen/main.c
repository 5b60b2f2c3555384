/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "options.h"
#include "usage.h"
#include "base/exit.h"
#include "base/text.h"
#include "problem/console.h"

#include "core/message.h"
#include "core/parse.h"
#include "core/vocabulary.h"

#include <stdio.h>
#include <string.h>

static int unknown_command(const char *name)
{
    const char *names[16];
    const char *nearest;
    size_t count = 0;

    for (; osg_commands[count] != NULL && count < 16; count++)
        names[count] = osg_commands[count]->name;
    nearest = osb_nearest(name, names, count);
    if (nearest != NULL)
        osg_say("there is no command %s; did you mean %s?", name, nearest);
    else
        osg_say("there is no command %s; osgen --help shows them all", name);
    return OSG_EXIT_USAGE;
}

static int print_command_page(const struct osg_command *command)
{
    struct osg_text text = {0};
    int code;

    osg_usage_command(&text, command);
    code = osg_print(&text);
    osg_text_free(&text);
    return code;
}

static int bad_usage(const struct osg_command *command, const char *why)
{
    struct osg_text text = {0};

    osg_usage_line(&text, command);
    osg_say("%s", why);
    fputs(text.bytes, stderr);
    osg_text_free(&text);
    return OSG_EXIT_USAGE;
}

static int run_command(const struct osg_command *command, int count, char *const *words)
{
    struct osg_arguments given;
    struct osb_message why = {""};

    switch (osg_options_read(command, count, words, &given, &why)) {
    case OSG_OPTIONS_READ:
        return command->run(&given);
    case OSG_OPTIONS_HELP:
        return print_command_page(command);
    case OSG_OPTIONS_BAD:
        break;
    }
    return bad_usage(command, why.text);
}

static int print_version(void)
{
    struct osg_text text = {0};
    int code;

    osg_text_put(&text, "osgen " OSB_VERSION "\n");
    code = osg_print(&text);
    osg_text_free(&text);
    return code;
}

static bool is_option(const char *word, const char *letter, const char *name)
{
    return strcmp(word, letter) == 0 || strcmp(word, name) == 0;
}

int main(int argc, char **argv)
{
    const struct osg_command *command;
    const char *word = argc > 1 ? argv[1] : NULL;

    if (word == NULL) {
        osg_say("which command? osgen --help shows them all");
        return OSG_EXIT_USAGE;
    }
    if (is_option(word, "-V", "--version"))
        return print_version();
    if (is_option(word, "-h", "--help"))
        word = osg_help_command.name;
    command = osg_command_find(word);
    if (command == NULL)
        return unknown_command(word);
    return run_command(command, argc - 2, argv + 2);
}
