/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The OpenSpecimen reader: from an observation to one finding, with its evidence. A finding is a
 * plain value without pointers, so that it can lie in shared memory. It says what one check saw;
 * what that means for the member is the verdict's business.
 */
#ifndef OSB_FINDING_H
#define OSB_FINDING_H

#include "identity.h"
#include "observation.h"

#include <stdbool.h>

/* So much of a bad answer is kept as evidence, its end included. */
#define OSB_SAID_MAX 128

enum osb_seen {
    OSB_SEEN_HEALTHY,       /* 200 and OpenSpecimen's JSON */
    OSB_SEEN_SILENT,        /* connects, then nothing: starting or hung, history tells */
    OSB_SEEN_STALLED,       /* answers, but not where it needs its database */
    OSB_SEEN_NOT_DEPLOYED,  /* Tomcat's stock 404 */
    OSB_SEEN_DATABASE_DOWN, /* 500 with COMMON_DB_CONN_ERROR */
    OSB_SEEN_FAILING,       /* another 4xx or 5xx, or half an answer */
    OSB_SEEN_UNREACHABLE,   /* no connection */
    OSB_SEEN_FORBIDDEN,     /* 403 */
    OSB_SEEN_FOREIGN,       /* an answer that isn't OpenSpecimen's */
    OSB_SEEN_KINDS
};

struct osb_finding {
    enum osb_seen seen;
    enum osb_question rung;       /* the question whose answer decided */
    enum osb_outcome outcome;     /* that answer's outcome */
    unsigned status;              /* that answer's HTTP status, or 0 */
    uint32_t ms;                  /* how long the whole check took */
    unsigned beside;              /* status of the database-free question where the database's
                                   * failed; 0: not asked or not answered */
    char code[48];                /* OpenSpecimen's error code, letters, digits and _ ; or "" */
    char said[OSB_SAID_MAX];      /* evidence of a bad finding: how the deciding answer's body
                                   * begins, or the TLS library's words; printable, or "" */
    struct osb_identity identity; /* known if the check asked and OpenSpecimen answered */
};

/* Never fails: an observation in which nothing was asked is read as unreachable. */
struct osb_finding osb_finding_read(const struct osb_observation *observation);

/* "silent", "not-deployed": the name in files. */
const char *osb_seen_name(enum osb_seen seen);

static inline bool osb_finding_is_good(const struct osb_finding *finding)
{
    return finding->seen == OSB_SEEN_HEALTHY;
}

/* The finding in words for a log line or a page: no full stop, no line break, ASCII. 160 bytes are
 * enough. Returns BUFFER. */
char *osb_finding_words(const struct osb_finding *finding, char *buffer, size_t size);

#endif
