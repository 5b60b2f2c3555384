/* SPDX-License-Identifier: Apache-2.0 */
/* The program by which httpd is told what to do: apachectl, apache2ctl or httpd itself. */
#ifndef OSG_CONTROL_H
#define OSG_CONTROL_H

#include <stdbool.h>

struct osb_message;
struct osg_arena;
struct osg_text;

enum osg_action {
    OSG_CONTROL_TEST,     /* reads the whole configuration and changes nothing */
    OSG_CONTROL_RELOAD,   /* httpd reads it again; requests are finished */
    OSG_CONTROL_START,    /* httpd starts, if it doesn't run */
    OSG_CONTROL_INCLUDES, /* says which files the configuration consists of */
    OSG_CONTROL_ACTIONS
};

struct osg_control {
    const char *program;               /* its path */
    const struct osg_dialect *dialect; /* its words for the actions */
};

/* Takes GIVEN, a path, or if that is NULL the first that is found in the usual places. */
bool osg_control_find(const char *given, struct osg_control *control, struct osb_message *why);

/* Where the lock of this httpd is, for lock.h: the same under whatever name of the program. */
const char *osg_control_lock(struct osg_arena *arena, const struct osg_control *control);

/* Adds the command line of an action, for people. */
void osg_control_put(struct osg_text *text, const struct osg_control *control,
                     enum osg_action action);

/* Carries it out, for a minute at most; a signal to osgen ends it if it is STOPPABLE. If it fails,
 * says that with the program's own words on standard error, no secret among them. */
bool osg_control_do(const struct osg_control *control, enum osg_action action, bool stoppable);

/* The same for a question: nothing is said, and nothing ends it. */
bool osg_control_ask(const struct osg_control *control, enum osg_action action);

/* Does httpd refuse its configuration as it is? Not so if it can't be asked. */
bool osg_control_refuses(const struct osg_control *control);

/* The same where the answer is of interest, which is added to SAID; a signal to osgen ends it.
 * False if there is none, or not all of it. */
bool osg_control_hear(const struct osg_control *control, enum osg_action action,
                      struct osg_text *said);

#endif
