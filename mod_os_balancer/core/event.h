/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries of the journal: what changed, when and why. Plain values of a fixed size, since they lie
 * in shared memory. Texts are valid UTF-8 without control characters, cut to fit.
 */
#ifndef OSB_EVENT_H
#define OSB_EVENT_H

#include "record.h"
#include "text.h"

#include <stdbool.h>
#include <stdint.h>

enum osb_event_kind {
    OSB_EVENT_STATE,    /* a member's state changed */
    OSB_EVENT_BUILD,    /* a member runs another build than before */
    OSB_EVENT_DATABASE, /* the shared cause: no member of a balancer has its database */
    OSB_EVENT_SKEW,     /* members of a balancer run different builds */
    OSB_EVENT_KINDS
};

struct osb_event {
    uint64_t number;          /* 1 for the first ever; 0: no event */
    uint64_t at;              /* ms since 1970 */
    enum osb_event_kind kind; /* which of the fields below count */
    bool over;                /* DATABASE, SKEW: it ended; else it began */
    enum osb_state from, to;  /* STATE */
    uint64_t lasted;          /* STATE: ms spent in `from`; 0 if it was unverified */
    char server[96];          /* "test.openspecimen.org:80" */
    char balancer[96];        /* "balancer://os-cluster" */
    char member[256];         /* its URL; "" for DATABASE and SKEW */
    char words[256];          /* why, for people: no full stop, no line break */
};

/* Whose event it is. */
struct osb_event_place {
    const char *server;   /* as in struct osb_event */
    const char *balancer; /* the same */
    const char *member;   /* the same; "" if the event is the balancer's */
};

/* "state", "build", "database", "skew". */
const char *osb_event_name(enum osb_event_kind kind);

/* Whether events of this kind begin and end, and are a balancer's rather than a member's. */
bool osb_event_is_alarm(enum osb_event_kind kind);

/* Makers; `number` is the journal's to give. The words of a state's event are the finding's. */
struct osb_event osb_event_of_state(const struct osb_event_place *place,
                                    const struct osb_transition *transition,
                                    const struct osb_finding *finding, uint64_t now);
/* "v12.1 (commit) -> v12.2 (commit)", or which plugins differ. */
struct osb_event osb_event_of_build(const struct osb_event_place *place,
                                    const struct osb_identity *before,
                                    const struct osb_identity *after, uint64_t now);
/* KIND is DATABASE or SKEW. */
struct osb_event osb_event_of_alarm(const struct osb_event_place *place, enum osb_event_kind kind,
                                    bool over, uint64_t now);

/* One event as a JSON document, as programs get it that are told of it: {"schema": 1, "software",
 * "host", "event": {...}}; the inner object is the one that the status has in its journal. */
void osb_event_write(const struct osb_event *event, const char *host, const struct osb_sink *sink);

#endif
