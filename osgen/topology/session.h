/* SPDX-License-Identifier: Apache-2.0 */
/* A topology that a command works on: read, judged, and its problems shown. */
#ifndef OSG_SESSION_H
#define OSG_SESSION_H

#include "topology.h"
#include "problem/place.h"
#include "problem/problem.h"

struct osg_arena;

struct osg_session {
    struct osg_arena *arena;      /* everything that follows lives in it */
    struct osg_source source;     /* the file, with what it includes behind it */
    struct osg_problems problems; /* shown already, but for osg_session_read */
    struct osg_topology topology; /* the model; good if there are no errors */
};

/* Reads PATH ("-": standard input) and shows all problems. Returns true if there are no errors;
 * osg_session_end is due in either case. */
bool osg_session_begin(struct osg_session *session, const char *path);

/* The same, and nothing is shown. */
bool osg_session_read(struct osg_session *session, const char *path);

/* What PATH is of the files that were read, in words; NULL: none of them. */
const char *osg_session_input(const struct osg_session *session, const char *path);

void osg_session_end(struct osg_session *session);

#endif
