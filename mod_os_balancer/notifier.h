/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tells a program of the journal's events (OSBalancerNotify): one after the other, each by a run of
 * its own. The journal is the queue: what has left it untold is dropped, and the log says how many.
 * A run of more than 10 s is killed. It never blocks the thread that checks.
 *
 *   PROGRAM KIND BALANCER MEMBER FROM TO
 *
 * KIND is state, build, database or skew, MEMBER is empty for the last two; FROM and TO are states,
 * empty unless KIND is state. Standard input is the event's JSON document, output and errors go to
 * httpd's error log.
 *
 * The run under way is known to the board, so that it may outlive the process that began it: then
 * the next leader looks after it.
 */
#ifndef OSB_NOTIFIER_H
#define OSB_NOTIFIER_H

#include "board.h"

#include <httpd.h>

struct osb_notifier;

/* One for each child, for malloc's free. PROGRAM is an absolute path, or NULL: then events count as
 * told. NULL if out of memory. */
struct osb_notifier *osb_notifier_make(const char *program, server_rec *main);

/* In the leader: looks after the run under way, and starts the next one. */
void osb_notifier_turn(struct osb_notifier *notifier, const struct osb_term *term);

/* In a child that no longer leads: sees its own run off. False when there is none. */
bool osb_notifier_reap(struct osb_notifier *notifier);

/* In the parent, when the server stops and BOARD's last leader has ended: gives the run under way a
 * moment, then kills it. A cleanup of a pool. */
apr_status_t osb_notifier_end_run(void *board);

#endif
