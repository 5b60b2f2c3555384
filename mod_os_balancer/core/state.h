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

/* Whether a member in this state takes users while no other is up: nothing speaks against it, or it
 * lacks only what all of them lack. */
bool osb_state_is_last_resort(enum osb_state state);

#endif
