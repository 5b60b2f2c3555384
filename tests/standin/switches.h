/* SPDX-License-Identifier: Apache-2.0 */
/* The faults that can be switched while the program runs. One table knows their names and values.
 */
#ifndef STANDIN_SWITCHES_H
#define STANDIN_SWITCHES_H

#include <stdbool.h>
#include <stddef.h>

#define SWITCH_TEXT_MAX 101

enum db { DB_OK, DB_REFUSED, DB_HANG, DB_SQLERROR, DB_ERROR };
enum body { BODY_OK, BODY_HTML, BODY_TRUNCATED, BODY_HUGE, BODY_SLOW };
enum phase { PHASE_UP, PHASE_STARTING, PHASE_DOWN };
enum wire { WIRE_OK, WIRE_GARBAGE, WIRE_HALF, WIRE_ENDLESS, WIRE_CLOSE };

/* Every number and choice is an unsigned, so that one table can write them all. */
struct switches {
    unsigned db;                 /* enum db: what a resource that needs the database meets */
    unsigned lockdown;           /* 1: only an administrator may sign in */
    char build[SWITCH_TEXT_MAX]; /* build_version in app-props: "v12.2" */
    unsigned delay;              /* milliseconds before each request to the webapp, 0 to 600000 */
    unsigned busy;     /* 1: every thread is busy: connections are accepted and nothing answered */
    unsigned body;     /* enum body: what becomes of the JSON of locale and app-props */
    unsigned status;   /* the webapp answers everything with this status, 200 to 599; 0: no */
    unsigned deployed; /* 0: there is no such webapp; the container's own 404 page */
    unsigned phase;    /* enum phase: STARTING connects and is silent, DOWN refuses to connect */
    unsigned wire;     /* enum wire: faults of who does not speak the protocol at all */
};

/* All faults off. */
extern const struct switches switches_off;

/* Sets the switch KEY. False, with the reason and what is accepted in WHY, if there is no such
 * switch or it doesn't take VALUE; then nothing has changed. */
bool switches_set(struct switches *switches, const char *key, const char *value, char *why,
                  size_t why_size);

struct buffer;

/* Adds them as a JSON object of texts, with the keys and values that switches_set reads. */
void switches_put(const struct switches *switches, struct buffer *out);

#endif
