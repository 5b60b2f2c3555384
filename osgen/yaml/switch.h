/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_SWITCH_H
#define OSG_SWITCH_H

#include <stdbool.h>
#include <stddef.h>

/* The words that YAML has had for true and false: the first half means on. */
#define OSG_SWITCHES 6
extern const char *const osg_switches[OSG_SWITCHES];

/* Is TEXT on, yes, true, off, no or false, in any case of letters? Then ON says which. */
bool osg_is_switch(const char *text, bool *on);

#endif
