/* SPDX-License-Identifier: Apache-2.0 */
/* How requests can be dealt out: what a topology calls it, and what httpd does. */
#ifndef OSG_METHOD_H
#define OSG_METHOD_H

#include "base/choice.h"

struct osg_method {
    const char *name;     /* in a topology: "byrequests" */
    const char *lbmethod; /* in httpd's configuration */
    bool own;             /* mod_os_balancer has it; the others have a module each */
    const char *comment;  /* "Deal requests out ..." */
};

extern const struct osg_method osg_methods[]; /* the first one is the default */
extern const size_t osg_methods_count;

/* Their names. */
osg_choices osg_method_choice;

/* The method of that NAME, which is one of theirs. */
const struct osg_method *osg_method_find(const char *name);

#endif
