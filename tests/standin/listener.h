/* SPDX-License-Identifier: Apache-2.0 */
/* Bound sockets. They can be closed and opened again at the same port. */
#ifndef STANDIN_LISTENER_H
#define STANDIN_LISTENER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct application;
struct buffer;
struct listener;
struct node;
struct protocol;

/* Opens what PLACE names and adds it to the node: "127.0.0.1:8009", "[::1]:8009", or a range of
 * IPv4 addresses with one port, "127.0.1.0-127.0.4.231:8009". Port 0 picks a free one, not for a
 * range. Writes the place with its real port into BOUND. False with the reason in WHY. */
bool listeners_add(struct node *node, const char *place, const struct protocol *protocol,
                   const struct application *application, char *bound, size_t bound_size, char *why,
                   size_t why_size);

/* Binds and listens, unless it does so already. */
bool listener_open(struct listener *listener, char *why, size_t why_size);
void listener_close(struct listener *listener);

struct listener *listener_next(const struct listener *listener);
bool listener_is_control(const struct listener *listener);

/* Begins all tallies anew, the node's own too; a later client than LIMIT_MS after the one before it
 * is late. */
void listeners_begin_tally(struct node *node, uint64_t limit_ms);

/* Adds all tallies as JSON: {"all": {...}, "places": {"127.0.0.1:8009": {...}}}. */
void listeners_put_tally(const struct node *node, struct buffer *out);

/* Closes and frees all of the node's. */
void listeners_end(struct node *node);

#endif
