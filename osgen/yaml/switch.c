/* SPDX-License-Identifier: Apache-2.0 */
#include "switch.h"

#include "core/parse.h"

const char *const osg_switches[OSG_SWITCHES] = {"on", "yes", "true", "off", "no", "false"};

bool osg_is_switch(const char *text, bool *on)
{
    size_t index;

    if (!osb_parse_choice(text, osg_switches, OSG_SWITCHES, &index, NULL))
        return false;
    *on = index < OSG_SWITCHES / 2;
    return true;
}
