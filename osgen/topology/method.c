/* SPDX-License-Identifier: Apache-2.0 */
#include "method.h"

#include "core/vocabulary.h"

#include <string.h>

const struct osg_method osg_methods[] = {
    {.name = "byrequests",
     .lbmethod = "byrequests",
     .comment = "in turn, so that each instance gets its share of the requests"},
    {.name = "bytraffic",
     .lbmethod = "bytraffic",
     .comment = "so that each instance carries its share of the bytes"},
    {.name = "bybusyness",
     .lbmethod = "bybusyness",
     .comment = "to the instance that has the fewest in hand"},
    {.name = "least-time",
     .lbmethod = OSB_LBMETHOD,
     .own = true,
     .comment = "to the instance that answers soonest, with what it has in hand"},
};
const size_t osg_methods_count = sizeof osg_methods / sizeof *osg_methods;

const struct osg_method *osg_method_find(const char *name)
{
    for (size_t i = 0; i < osg_methods_count; i++) {
        if (strcmp(osg_methods[i].name, name) == 0)
            return &osg_methods[i];
    }
    return &osg_methods[0];
}

bool osg_method_choice(size_t index, struct osg_choice *choice)
{
    if (index >= osg_methods_count)
        return false;
    *choice = (struct osg_choice){osg_methods[index].name, osg_methods[index].comment};
    return true;
}
