/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"
#include "command.h"

#include "core/message.h"
#include "core/parse.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* So many values of an option are looked at, and so many are listed. */
#define MOST_CHOICES 64
#define MOST_LISTED  12

/* The words that are still to be read. */
struct words {
    char *const *next; /* the first of them */
    int left;          /* how many */
};

static bool unknown_option(const struct osg_command *command, const char *word,
                           struct osb_message *why)
{
    const char *names[OSG_OPTIONS_MAX + 1] = {"help"};
    const char *nearest;

    for (size_t i = 0; i < command->option_count; i++)
        names[i + 1] = command->options[i].name;
    nearest = osb_nearest(word + strspn(word, "-"), names, command->option_count + 1);
    if (nearest != NULL)
        return osb_refuse(why, "%s has no option %.40s; did you mean --%s?", command->name, word,
                          nearest);
    return osb_refuse(why, "%s has no option %.40s", command->name, word);
}

/* The place of the option that WORD names, or -1. VALUE is what is glued to it, or NULL. */
static int find_option(const struct osg_command *command, const char *word, const char **value)
{
    size_t length = strcspn(word, "=");

    for (size_t i = 0; i < command->option_count; i++) {
        const struct osg_option *option = &command->options[i];

        if (word[1] == '-' && strlen(option->name) == length - 2 &&
            strncmp(word + 2, option->name, length - 2) == 0) {
            *value = word[length] == '=' ? word + length + 1 : NULL;
            return (int)i;
        }
        if (word[1] != '-' && option->letter != 0 && word[1] == option->letter) {
            *value = word[2] != '\0' ? word + 2 : NULL;
            return (int)i;
        }
    }
    return -1;
}

static bool is_choice(const struct osg_option *option, const char *value, struct osb_message *why)
{
    const char *names[MOST_CHOICES], *nearest;
    struct osg_choice choice;
    size_t count = 0;
    char list[200];

    for (; count < MOST_CHOICES && option->choices(count, &choice); count++) {
        if (strcmp(choice.name, value) == 0)
            return true;
        names[count] = choice.name;
    }
    nearest = osb_nearest(value, names, count);
    if (nearest != NULL)
        return osb_refuse(why, "--%s can't be \"%.40s\"; did you mean %s?", option->name, value,
                          nearest);
    if (count > MOST_LISTED)
        return osb_refuse(why, "--%s can't be \"%.40s\"; --help shows all that it may be",
                          option->name, value);
    osb_list_names(list, sizeof list, names, count);
    return osb_refuse(why, "--%s can't be \"%.40s\"; it is %s", option->name, value, list);
}

static bool repeat(const struct osg_option *option, const char *value, struct osg_arguments *given,
                   struct osb_message *why)
{
    if (given->repeated_count == OSG_OPERANDS_MAX)
        return osb_refuse(why, "--%s is given more than %d times", option->name, OSG_OPERANDS_MAX);
    given->repeated[given->repeated_count++] = value;
    return true;
}

static bool read_option(const struct osg_command *command, struct words *words, const char *word,
                        struct osg_arguments *given, struct osb_message *why)
{
    const char *value = NULL;
    int index = find_option(command, word, &value);
    const struct osg_option *option;

    if (index < 0)
        return unknown_option(command, word, why);
    option = &command->options[index];
    if (given->values[index] != NULL && !option->repeats)
        return osb_refuse(why, "--%s is given twice", option->name);
    if (option->argument == NULL && value != NULL)
        return osb_refuse(why, "--%s takes no value", option->name);
    if (option->argument != NULL && value == NULL) {
        if (words->left == 0)
            return osb_refuse(why, "--%s needs %s behind it", option->name, option->argument);
        value = *words->next++;
        words->left--;
    }
    if (option->argument != NULL && value[0] == '\0')
        return osb_refuse(why, "--%s needs %s, and what is behind it is empty", option->name,
                          option->argument);
    if (value != NULL && option->choices != NULL && !is_choice(option, value, why))
        return false;
    given->values[index] = value != NULL ? value : "";
    if (option->repeats)
        return repeat(option, value, given, why);
    return true;
}

/* Of two words that stand beside the options, the first one is the leader's value. */
static bool read_leader(const struct osg_command *command, struct osg_arguments *given,
                        struct osb_message *why)
{
    int leader = osg_command_leader(command);

    if (leader < 0 || given->operand == NULL || given->values[leader] != NULL)
        return true;
    if (!is_choice(&command->options[leader], given->operand, why))
        return false;
    given->values[leader] = given->operand;
    given->operand = NULL;
    given->operand_count = 0;
    return true;
}

static bool read_operand(const struct osg_command *command, const char *word,
                         struct osg_arguments *given, struct osb_message *why)
{
    if (!read_leader(command, given, why))
        return false;
    if (command->operand == NULL)
        return osb_refuse(why, "%s takes nothing but options, not \"%.40s\"", command->name, word);
    if (given->operand != NULL && !command->operand_repeats)
        return osb_refuse(why, "%s takes one %s, and \"%.40s\" is another", command->name,
                          command->operand, word);
    if (word[0] == '\0')
        return osb_refuse(why, "%s needs a %s, and an empty one is none", command->name,
                          command->operand);
    if (given->operand_count == OSG_OPERANDS_MAX)
        return osb_refuse(why, "%s takes at most %d %ss", command->name, OSG_OPERANDS_MAX,
                          command->operand);
    if (given->operand == NULL)
        given->operand = word;
    given->operands[given->operand_count++] = word;
    return true;
}

/* Was the leader's value given, and the operand forgotten? A file may have such a name, too. */
static bool is_leader_alone(const struct osg_command *command, const struct osg_arguments *given)
{
    int leader = osg_command_leader(command);

    return leader >= 0 && given->operand != NULL && given->values[leader] == NULL &&
           is_choice(&command->options[leader], given->operand, NULL) &&
           access(given->operand, F_OK) != 0;
}

static bool asks_for_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

enum osg_options_result osg_options_read(const struct osg_command *command, int count,
                                         char *const *list, struct osg_arguments *given,
                                         struct osb_message *why)
{
    struct words words = {.next = list, .left = count};
    bool only_operands = false;

    *given = (struct osg_arguments){0};
    while (words.left > 0) {
        const char *word = *words.next++;
        bool is_option = !only_operands && word[0] == '-' && word[1] != '\0';
        bool good = true;

        words.left--;
        if (is_option && asks_for_help(word))
            return OSG_OPTIONS_HELP;
        if (is_option && strcmp(word, "--") == 0)
            only_operands = true;
        else if (is_option)
            good = read_option(command, &words, word, given, why);
        else
            good = read_operand(command, word, given, why);
        if (!good)
            return OSG_OPTIONS_BAD;
    }
    if (is_leader_alone(command, given)) {
        osb_refuse(why, "%s %s needs a %s behind it", command->name, given->operand,
                   command->operand);
        return OSG_OPTIONS_BAD;
    }
    if (given->operand != NULL || command->operand == NULL || command->operand_optional)
        return OSG_OPTIONS_READ;
    osb_refuse(why, "%s needs a %s", command->name, command->operand);
    return OSG_OPTIONS_BAD;
}
