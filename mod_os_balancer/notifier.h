/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tells a program of the journal's events (OSBalancerNotify): one after the other, each by a run of
 * its own. The journal is the queue: what has left it untold is dropped, and the log says how many.
 * Used by the leader's thread alone, which it
 * never blocks. A run of more than 10 s is killed.
 *
 *   PROGRAM KIND BALANCER MEMBER FROM TO
 *
 * KIND is state, build, database or skew, MEMBER is empty for the last two; FROM and TO are states,
 * empty unless KIND is state. Standard input is the event's JSON document, output and errors go to
 * httpd's error log.
 */
#ifndef OSB_NOTIFIER_H
#define OSB_NOTIFIER_H

#include <httpd.h>

struct osb_board;
struct osb_notifier;

/* PROGRAM is an absolute path, or NULL: then events count as told. NULL if out of memory. */
struct osb_notifier *osb_notifier_make(const char *program, server_rec *main,
                                       struct osb_board *board);

/* Looks after the run under way, and starts the next one. */
void osb_notifier_turn(struct osb_notifier *notifier);

/* A run that isn't over after a moment goes on if a new configuration has taken over, whose leader
 * then looks after it, and is killed otherwise. NULL is fine. */
void osb_notifier_free(struct osb_notifier *notifier);

#endif
