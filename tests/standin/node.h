/* SPDX-License-Identifier: Apache-2.0 */
/* The node that this program stands in for: who it is, what is switched, and who is connected. */
#ifndef STANDIN_NODE_H
#define STANDIN_NODE_H

#include "loop.h"
#include "switches.h"
#include "tally.h"

#include <stdbool.h>
#include <stddef.h>

struct connection;
struct listener;

struct node {
    const char *name;               /* shown in pages and JSON */
    const char *secret;             /* AJP requests must bring it; NULL: none is asked for */
    struct switches switches;       /* as they are now; changed by node_switch alone */
    struct loop *loop;              /* everything of the node runs in it */
    struct listener *listeners;     /* all of them, the control's too */
    struct connection *connections; /* all of them */
    struct tally tally;             /* of all places but the control's */
    struct timer start;             /* runs while a slow start lasts */
};

/* Makes SWITCHES the present ones: opens or closes listeners, ends connections, wakes what waits.
 * False, with the reason in WHY, if a listener can't be opened again; the node is then down. */
bool node_switch(struct node *node, const struct switches *switches, char *why, size_t why_size);

/* It starts for so long before it is up. */
void node_start_slowly(struct node *node, unsigned seconds);

/* Closes and frees all connections and listeners. */
void node_end(struct node *node);

#endif
