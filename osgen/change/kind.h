/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_KIND_H
#define OSG_KIND_H

#include <stdbool.h>

struct osg_text;

/* May TEXT be a configuration of httpd's? One without a line but comments may, and one with wrong
 * lines, too: not what plainly is something else, as a picture, a script, a topology or prose. */
bool osg_is_configuration(const struct osg_text *text);

#endif
