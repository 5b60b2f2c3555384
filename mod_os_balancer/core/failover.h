/* SPDX-License-Identifier: Apache-2.0 */
/* Which answers prove that it is the member which is bad, not the request. */
#ifndef OSB_FAILOVER_H
#define OSB_FAILOVER_H

#include <stdbool.h>
#include <stddef.h>

/* So much of a body is looked at, in bytes: both signatures stand in the first hundred. */
#define OSB_PROOF_LENGTH 1024

enum osb_proof {
    OSB_PROOF_NONE,         /* the answer is the application's own */
    OSB_PROOF_OPEN,         /* more of the body may tell */
    OSB_PROOF_STATUS,       /* 502, 503 or 504 */
    OSB_PROOF_NOT_DEPLOYED, /* Tomcat's own page for 404 */
    OSB_PROOF_DATABASE      /* 500: OpenSpecimen says that it has no connection to its database */
};

/* What an answer that has begun says so far. */
struct osb_beginning {
    unsigned status;   /* of HTTP */
    bool is_localised; /* it has a Content-Language, as each page of Tomcat's own */
    bool is_head;      /* it answers a HEAD, and never has a body */
    bool is_whole;     /* there is no more body to come */
    const char *body;  /* not terminated; NULL if LENGTH is 0 */
    size_t length;     /* in bytes */
};

/* Never OPEN if the beginning is whole, or has OSB_PROOF_LENGTH bytes of body. */
enum osb_proof osb_proof_find(const struct osb_beginning *beginning);

/* "status", "not-deployed", "database". */
const char *osb_proof_name(enum osb_proof proof);

#endif
