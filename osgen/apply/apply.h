/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Brings a rendering into force, step by step: it is written in place, with the old file kept
 * beside it, the whole configuration is tested, httpd reloads, the status page shows the members,
 * and perhaps somebody confirms. Whatever goes wrong, and whatever signal comes, the old file is
 * put back whole, and httpd reloads that.
 */
#ifndef OSG_APPLY_H
#define OSG_APPLY_H

#include <stdbool.h>
#include <stdint.h>

struct osg_session;

struct osg_order {
    const struct osg_session *session; /* the topology, without errors */
    const char *path;                  /* the file */
    const char *control;               /* a path, or NULL: it is to be found */
    const char *status_url;            /* the same */
    bool waits;                        /* looks whether httpd has taken it? */
    uint32_t look_ms;                  /* for so long at most */
    uint32_t ask_ms;                   /* asks for consent, for so long; 0: doesn't ask */
    bool dry;                          /* only says what would be done? */
};

/* Carries it out, with words on standard error. Returns OSG_EXIT_DONE: the new file is in place and
 * in force; OSG_EXIT_FINDINGS: the old one is; OSG_EXIT_INPUT: nothing was done, or somebody has to
 * look after it, as was said. */
int osg_apply(const struct osg_order *order);

/* For whoever only reads or writes the file PATH: says on standard error if what it is now isn't
 * settled, and what to run. */
void osg_apply_note_unfinished(const char *path);

/* Accepts, for a process that asks, the new file PATH. Returns the same. */
int osg_apply_confirm(const char *path);

#endif
