/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "emit.h"

#include <string.h>

const struct osg_target *const osg_targets[] = {
    &osg_httpd_target,
    &osg_tomcat_target,
    &osg_node_target,
    &osg_cluster_target,
    &osg_keepalived_target,
    &osg_keepalived_check_target,
    &osg_keepalived_httpd_target,
    &osg_prometheus_target,
    &osg_alerts_target,
    &osg_logrotate_target,
    NULL,
};

const struct osg_target *osg_target_find(const char *name)
{
    for (size_t i = 0; osg_targets[i] != NULL; i++) {
        if (strcmp(osg_targets[i]->name, name) == 0)
            return osg_targets[i];
    }
    return NULL;
}

bool osg_target_choice(size_t index, struct osg_choice *choice)
{
    if (osg_targets[index] == NULL)
        return false;
    *choice = (struct osg_choice){osg_targets[index]->name, osg_targets[index]->help};
    return true;
}
