/* SPDX-License-Identifier: Apache-2.0 */
#include "node.h"
#include "connection.h"
#include "listener.h"

#include <stdio.h>

static bool open_listeners(struct node *node, char *why, size_t why_size)
{
    for (struct listener *at = node->listeners; at != NULL; at = listener_next(at)) {
        if (!listener_open(at, why, why_size))
            return false;
    }
    return true;
}

static void close_listeners(struct node *node)
{
    for (struct listener *at = node->listeners; at != NULL; at = listener_next(at)) {
        if (!listener_is_control(at))
            listener_close(at);
    }
}

/* As when a process ends, or begins anew: what was connected isn't any more. */
static bool enter_phase(struct node *node, char *why, size_t why_size)
{
    loop_cancel(node->loop, &node->start);
    if (node->switches.phase != PHASE_UP)
        connections_drop(node);
    if (node->switches.phase != PHASE_DOWN && open_listeners(node, why, why_size))
        return true;
    close_listeners(node);
    connections_drop(node);
    if (node->switches.phase == PHASE_DOWN)
        return true;
    node->switches.phase = PHASE_DOWN;
    return false;
}

bool node_switch(struct node *node, const struct switches *switches, char *why, size_t why_size)
{
    bool changed = node->switches.phase != switches->phase;
    bool done = true;

    node->switches = *switches;
    if (changed)
        done = enter_phase(node, why, why_size);
    connections_wake(node);
    return done;
}

static void started(struct timer *timer)
{
    struct node *node = timer->owner;
    struct switches switches = node->switches;
    char why[256];

    switches.phase = PHASE_UP;
    if (!node_switch(node, &switches, why, sizeof why))
        fprintf(stderr, "standin: %s\n", why);
}

void node_start_slowly(struct node *node, unsigned seconds)
{
    node->switches.phase = PHASE_STARTING;
    node->start.owner = node;
    node->start.fire = started;
    loop_start(node->loop, &node->start, (uint64_t)seconds * 1000);
}

void node_end(struct node *node)
{
    loop_cancel(node->loop, &node->start);
    connections_end(node);
    listeners_end(node);
}
