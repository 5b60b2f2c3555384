/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_INCLUDED_H
#define OSG_INCLUDED_H

#include <stdbool.h>

struct osb_message;
struct osg_control;

/* Does httpd's configuration, which it finds good, include the file PATH, and not BESIDE, which
 * holds the one from before? False, with WHY, only if httpd says of which files on this machine it
 * consists, under whatever names: not each control program lets itself be asked. EXISTED: was there
 * a file before? */
bool osg_is_included(const struct osg_control *control, const char *path, const char *beside,
                     bool existed, struct osb_message *why);

#endif
