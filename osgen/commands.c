/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"

#include <string.h>

const struct osg_command *const osg_commands[] = {
    &osg_init_command,
    &osg_adopt_command,
    &osg_render_command,
    &osg_check_command,
    &osg_explain_command,
    &osg_diff_command,
    &osg_try_command,
    &osg_apply_command,
    &osg_probe_command,
    &osg_graph_command,
    &osg_schema_command,
    &osg_help_command,
    NULL,
};

const struct osg_command *osg_command_find(const char *name)
{
    for (size_t i = 0; osg_commands[i] != NULL; i++) {
        if (strcmp(osg_commands[i]->name, name) == 0)
            return osg_commands[i];
    }
    return NULL;
}

int osg_command_leader(const struct osg_command *command)
{
    for (size_t i = 0; i < command->option_count; i++) {
        if (command->options[i].leads)
            return (int)i;
    }
    return -1;
}

bool osg_command_choice(size_t index, struct osg_choice *choice)
{
    if (osg_commands[index] == NULL)
        return false;
    *choice = (struct osg_choice){osg_commands[index]->name, osg_commands[index]->summary};
    return true;
}
