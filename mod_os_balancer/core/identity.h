/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which build of OpenSpecimen a member runs, as it says itself: two builds on one database are a
 * hazard. A plain value, so that it can lie in shared memory.
 */
#ifndef OSB_IDENTITY_H
#define OSB_IDENTITY_H

#include "observation.h"

#include <stdbool.h>
#include <stdint.h>

/* More plugins than this are not looked at; an OpenSpecimen has a dozen. */
#define OSB_PLUGINS_MAX 256

/* Texts are cut to fit and always valid UTF-8. */
struct osb_identity {
    bool known;           /* false: never asked or never answered; the rest is empty */
    char version[40];     /* build_version, "v12.2" */
    char commit[48];      /* build_commit_revision */
    char date[24];        /* build_date, epoch milliseconds as text */
    char environment[32]; /* deploy_env */
    char plugins[256];    /* "name version, name version", sorted, cut; "" for none */
    uint32_t digest;      /* of all plugins and their versions, however long; 0 for none */
};

/* Reads the answer to OSB_ASK_IDENTITY. Not known unless it names a version. */
struct osb_identity osb_identity_read(const struct osb_answer *answer);

/* Whether two known builds are the same one: version, commit and plugins. Dates may differ, since a
 * build can be repeated; environments, since they are settings. */
bool osb_identity_is_same(const struct osb_identity *one, const struct osb_identity *other);

#endif
