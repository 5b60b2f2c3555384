/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a check asked a member and what came of each question, before anybody says what it means.
 * probe/ fills it in; finding.c reads it.
 */
#ifndef OSB_OBSERVATION_H
#define OSB_OBSERVATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* More of a body than this is not read; an answer of OpenSpecimen's to a check is far smaller. */
#define OSB_BODY_MAX 65536

/* The rungs of the ladder, from the bottom. */
enum osb_question {
    OSB_ASK_CONNECT,   /* a TCP connection, for https:// with TLS */
    OSB_ASK_CONNECTOR, /* CPING or OPTIONS *, which Tomcat's connector answers by itself */
    OSB_ASK_WEBAPP,    /* GET .../config-settings/password, which needs no database */
    OSB_ASK_DATABASE,  /* GET .../config-settings/locale, which begins and ends transactions */
    OSB_ASK_IDENTITY,  /* GET .../config-settings/app-props, which names the build */
    OSB_QUESTIONS
};

enum osb_outcome {
    OSB_NOT_ASKED,
    OSB_ANSWERED,     /* whole, whatever it says */
    OSB_SILENT,       /* nothing, or not all of it, before the deadline */
    OSB_REFUSED,      /* the host says that nobody listens there */
    OSB_NO_ROUTE,     /* the network has no way to the host */
    OSB_UNKNOWN_NAME, /* the name has no address */
    OSB_UNRESOLVED,   /* the lookup of the name hasn't ended before the deadline */
    OSB_UNTRUSTED,    /* TLS: the certificate isn't the right one */
    OSB_NO_TLS,       /* TLS: the handshake failed for another reason */
    OSB_CLOSED,       /* the connection was closed before the answer was whole */
    OSB_GARBLED,      /* bytes that aren't the protocol's */
    OSB_OVERSIZED,    /* more than OSB_BODY_MAX */
    OSB_LOCAL,        /* we couldn't ask: want of descriptors, ports, memory, a file */
    OSB_OUTCOMES
};

struct osb_answer {
    enum osb_outcome outcome;
    unsigned status;    /* HTTP status; 0 where the question has none or no answer came */
    uint32_t ms;        /* from the question to its outcome */
    char type[64];      /* Content-Type, cut; "" if none */
    char words[96];     /* UNTRUSTED, NO_TLS, LOCAL: libcurl's or the system's own words, cut */
    const char *body;   /* the prober's memory, not terminated; NULL if none */
    size_t body_length; /* bytes of body, at most OSB_BODY_MAX */
};

struct osb_observation {
    struct osb_answer answers[OSB_QUESTIONS];
    uint32_t ms; /* the whole check, from name lookup to the last answer */
};

/* Whether the check tells nothing of the member, since it never came to asking. */
bool osb_observation_is_local(const struct osb_observation *observation);

/* "database", "untrusted": the names in JSON and in files. */
const char *osb_question_name(enum osb_question question);
const char *osb_outcome_name(enum osb_outcome outcome);

#endif
