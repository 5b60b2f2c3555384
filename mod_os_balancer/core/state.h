/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSB_STATE_H
#define OSB_STATE_H

#include <stdbool.h>

/* What a member is held for. The order is the order of the page's legend. */
enum osb_state {
    OSB_STATE_UNVERIFIED,    /* not checked yet */
    OSB_STATE_UP,            /* OpenSpecimen answers */
    OSB_STATE_STARTING,      /* connects, silent, and it was unreachable or never up before */
    OSB_STATE_HUNG,          /* connects, silent, and it was up before */
    OSB_STATE_STALLED,       /* silent only where it needs its database */
    OSB_STATE_NOT_DEPLOYED,  /* Tomcat without OpenSpecimen */
    OSB_STATE_DATABASE_DOWN, /* no connection to the database */
    OSB_STATE_FAILING,       /* another error */
    OSB_STATE_UNREACHABLE,   /* no connection to the member */
    OSB_STATE_FORBIDDEN,     /* it doesn't let us in */
    OSB_STATE_FOREIGN,       /* something else answers there */
    OSB_STATES
};

/* "not-deployed": the name on the page, in JSON and in the log. */
const char *osb_state_name(enum osb_state state);

/* The state in a few words for somebody who doesn't know the names. */
const char *osb_state_meaning(enum osb_state state);

/*
 * Which members of one balancer take users; mod_proxy picks among these. OFFERED says that no
 * operator disabled, stopped or drains the member.
 *
 * `up` members do. While none of these is offered, those do that may well answer: the unverified
 * ones, and the ones whose database is away. It is the same database for every node, so taking
 * all of them out would help nobody.
 */
struct osb_place {
    enum osb_state state;
    bool offered;
    bool serves; /* result */
};
void osb_roster_decide(struct osb_place *places, unsigned count);

#endif
