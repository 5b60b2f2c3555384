/* SPDX-License-Identifier: Apache-2.0 */
#include "probe.h"

#include <string.h>

const char *osb_probe_site(const char *name)
{
    static const char accepted[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                   "0123456789-.";

    return name != NULL && name[0] != '\0' && name[strspn(name, accepted)] == '\0' ? name
                                                                                   : "localhost";
}
