/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"

#include <string.h>

const struct osg_command *const osg_commands[] = {
    &osg_render_command,
    &osg_check_command,
    &osg_diff_command,
    &osg_try_command,
    &osg_apply_command,
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
