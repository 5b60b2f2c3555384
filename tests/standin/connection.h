/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One client's socket: reads what the exchange needs, sends what it has written, and knows when it
 * is over. What is said on it is the exchange's business (exchange.h).
 */
#ifndef STANDIN_CONNECTION_H
#define STANDIN_CONNECTION_H

struct application;
struct node;
struct protocol;
struct tally;

/* Takes over the non-blocking socket FD. What happens on it is counted in TALLY, unless that is
 * NULL. */
void connection_start(struct node *node, int fd, const struct protocol *protocol,
                      const struct application *application, struct tally *tally);

/* After a switch was turned: whoever waits for one looks again. Not those of control. */
void connections_wake(struct node *node);

/* Closes all but those of control. */
void connections_drop(struct node *node);

/* Closes all. */
void connections_end(struct node *node);

#endif
