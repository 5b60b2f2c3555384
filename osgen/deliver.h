/* SPDX-License-Identifier: Apache-2.0 */
/* What a command made, brought to where it was told to go: standard output or a file. */
#ifndef OSG_DELIVER_H
#define OSG_DELIVER_H

#include <stdbool.h>
#include <sys/types.h>

/* Behind a topology that was written. */
#define OSG_NEXT_OF_A_TOPOLOGY "next come osgen check and osgen render"

struct osg_session;
struct osg_text;

struct osg_delivery {
    const char *path;                  /* NULL or "-": standard output */
    const struct osg_session *session; /* whose files aren't written over; NULL: none was read */
    bool holds_secret;                 /* is the text nobody else's business? */
    const char *note;                  /* to be known when a file was written; NULL: nothing */
    const char *next;                  /* what comes then, "next come ..."; NULL: nothing */
};

/* Writes TEXT and tells of it on standard error. Returns an enum osg_exit. */
int osg_deliver(const struct osg_text *text, const struct osg_delivery *delivery);

/* Writes TEXT to PATH, a new file with MODE, or one that holds just that already: what a person
 * wrote is never written over. NEXT as above. Returns an enum osg_exit. */
int osg_deliver_new(const char *path, const struct osg_text *text, mode_t mode, const char *next);

#endif
