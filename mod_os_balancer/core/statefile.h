/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What outlives a stop of the server, as bytes of a file:
 *
 *     os_balancer-state 1 2215 9a1f0c53e2b77d04          version, bytes and checksum of the rest
 *     {"members":2,"events":1,"notified":1}              how many lines of each follow
 *     {"key":"...","state":"up",...}                     a member
 *     {"key":"...","state":"failing",...}
 *     {"number":1,"kind":"state",...}                    an event
 *
 * A line at a time is read and written, so that memory is bounded by a line and not by the file.
 * Names stand for states and outcomes, never numbers, so that a file stays readable when an
 * enumeration grows. Nothing is believed: every value of a file is looked at as if it came from
 * the network.
 */
#ifndef OSB_STATEFILE_H
#define OSB_STATEFILE_H

#include "event.h"
#include "record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct osb_message;

/* A file longer than this, or with more in it, isn't one of ours. 10,000 members take about a
 * quarter of the bytes. */
#define OSB_STATEFILE_MAX       (64u << 20)
#define OSB_SAVED_MEMBERS_MAX   65536
#define OSB_SAVED_EVENTS_MAX    256
#define OSB_STATEFILE_FIRST_MAX 64 /* of the first line, its line feed and a NUL included */

struct osb_saved_member {
    char key[OSB_KEY_MAX];    /* "server balancer url" */
    struct osb_record record; /* as it was */
};

struct osb_saved {
    struct osb_saved_member *members; /* member_count of them */
    size_t member_count;
    struct osb_event *events; /* event_count of them, oldest first, numbers ascending */
    size_t event_count;
    uint64_t notified; /* number of the last event that a program was told of */
};

/* The bytes of a file, to be freed by the caller; NULL if out of memory. A member whose key isn't
 * clean text is left out: no file could name it. Of more than the bounds above, the first members
 * and the latest events are written. */
char *osb_statefile_encode(const struct osb_saved *saved, size_t *length);

/* The first line of a file of which the rest is BYTES. 64 bytes are enough. Returns BUFFER. */
char *osb_statefile_first_line(const char *bytes, size_t length, char *buffer, size_t size);

/* Reads a whole file. False, and why, for a damaged, foreign or newer one; then SAVED is empty.
 * Members and events that don't make sense by themselves make the file a damaged one. What the file
 * says of members was true when it was written: their verdicts are marked as restored. */
bool osb_statefile_decode(const char *bytes, size_t length, struct osb_saved *saved,
                          struct osb_message *why);

void osb_saved_free(struct osb_saved *saved); /* the arrays, not SAVED itself */

#endif
