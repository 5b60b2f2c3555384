/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state file (OSBalancerStateFile): what is known of the members, for the next start. It is
 * written whole to a temporary name beside it and renamed.
 */
#ifndef OSB_STORE_H
#define OSB_STORE_H

#include <httpd.h>

#include <stdbool.h>

struct osb_board;
struct osb_store;

/* In the parent: makes the file's directory if it is missing, writable by the children. */
void osb_store_prepare(const char *path, server_rec *main, apr_pool_t *temp);

/* In the parent, when httpd starts: gives BOARD what the file has. A file that is damaged, foreign
 * or can't be read is named in the log and left as it is, until the next write. */
void osb_store_load(const char *path, server_rec *main, apr_pool_t *temp, struct osb_board *board);

/* In the leader. PATH may be NULL: then nothing is written. NULL if out of memory. */
struct osb_store *osb_store_make(const char *path, server_rec *main, struct osb_board *board);

/* Writes if there is something new: events within a second, counters now and then. */
void osb_store_turn(struct osb_store *store);

/* Writes a last time if SAVE, and frees it. NULL is fine. */
void osb_store_free(struct osb_store *store, bool save);

#endif
