/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state file (OSBalancerStateFile): what is known of the members, for the next start. It is
 * written whole to a temporary name beside it and renamed.
 */
#ifndef OSB_STORE_H
#define OSB_STORE_H

#include <httpd.h>

struct osb_board;
struct osb_store;
struct osb_term;

/* In the parent: makes the file's directory if it is missing, writable by the children. */
void osb_store_prepare(const char *path, server_rec *main, apr_pool_t *temp);

/* In the parent, when httpd starts: gives BOARD what the file has. A file that is damaged, foreign
 * or can't be read is named in the log and left as it is, until the next write. */
void osb_store_load(const char *path, server_rec *main, apr_pool_t *temp, struct osb_board *board);

/* In the leader. PATH may be NULL: then nothing is written. TERM is copied. NULL if out of memory.
 */
struct osb_store *osb_store_make(const char *path, server_rec *main, const struct osb_term *term);

/* Writes if there is something new: events within a second, counters now and then. */
void osb_store_turn(struct osb_store *store);

/* Writes a last time, if the term lasts, and frees it. NULL is fine. */
void osb_store_free(struct osb_store *store);

#endif
