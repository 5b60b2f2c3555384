/* SPDX-License-Identifier: Apache-2.0 */
/* The values of which something is one, so that help, completion and schemas can list them. */
#ifndef OSG_CHOICE_H
#define OSG_CHOICE_H

#include <stdbool.h>
#include <stddef.h>

struct osg_choice {
    const char *name; /* "httpd" */
    const char *help; /* one line; NULL: there is nothing to say */
};

/* Fills CHOICE with the one at INDEX; false: there are no more. */
typedef bool osg_choices(size_t index, struct osg_choice *choice);

#endif
