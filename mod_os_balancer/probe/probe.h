/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Probes: each asks one member the questions of one check and hands over what it observed. A prober
 * runs any number of them at once in one thread, so that a silent member delays no other.
 *
 * The ladder: connect, CPING (AJP only), the database's question, and if wanted the build's
 * identity, on one connection. If the database's question is still unanswered at half of the time
 * limit, or after `ping_ms`, a second connection climbs to the webapp's question beside it, so that
 * at the deadline it is known whether the webapp or only its database is silent, and far earlier if
 * the connector is. If it is answered, but with a status from 400 on, the same connection asks the
 * webapp's question next, for the evidence.
 *
 * Over HTTP each question has a connection of its own, and the connector's, OPTIONS *, is only
 * asked beside a silent database, so that a member that is well isn't asked for more. RFC
 * 9110, 9.3.7, has it for a ping: any answer is a sign of life.
 *
 * A check may go on with the connection of the one before, and then begins with the database's
 * question. For OSB_KEPT_MS at most: a Tomcat that takes no new connections would go on answering
 * on an old one.
 */
#ifndef OSB_PROBE_H
#define OSB_PROBE_H

#include "core/observation.h"

#include <stdbool.h>
#include <stdint.h>

struct osb_prober;
struct osb_session;

/* The longest life of a connection that is kept. */
#define OSB_KEPT_MS 60000

/* An AJP connection that is left open from one check of a member to its next. All zero at first; it
 * must stay in its place. */
struct osb_kept {
    struct osb_session *session; /* NULL: there is none */
    uint64_t opened;             /* ms on the prober's clock */
    void (*lost)(void *baton);   /* told when the member closes it between two checks */
    void *baton;
};

enum osb_scheme { OSB_SCHEME_AJP, OSB_SCHEME_HTTP, OSB_SCHEME_HTTPS, OSB_SCHEMES };

/* Finds "ajp", "http" or "https". False for everything else: such a member can't be probed. */
bool osb_scheme_find(const char *name, enum osb_scheme *scheme);

/* Whom to ask and how. The strings must live until the probe is done. */
struct osb_probe_spec {
    enum osb_scheme scheme;
    const char *host;    /* name or address, an IPv6 address with or without brackets */
    unsigned port;       /* 1 to 65535 */
    const char *context; /* "/openspecimen"; "" for the root */
    const char *site;    /* the host name that users know; "localhost" will do */
    const char *secret;  /* AJP's secret, or NULL or "" for none */
    const char *tls_ca;  /* https: PEM file of authorities; NULL or "" for the system's */
    uint32_t timeout_ms; /* for all of the check */
    /* For the connector's own question to be answered, and for the connection: over AJP before it,
     * if the host is an address, over HTTP as a part of it, from the lookup's end on. An answer of
     * the database that takes longer lets the second connection begin. 0: as all the rest, and at
     * half of timeout_ms; over HTTP the connector isn't asked then. */
    uint32_t ping_ms;
    bool identity; /* also ask for the build */
    /* Where a connection may be left for the next check of a member that is well; NULL: nowhere. */
    struct osb_kept *kept;
    bool fresh; /* in doubt: connects anew, and over HTTP asks the connector at once */
    /* No check: asks for this path below the context instead, as OSB_ASK_WEBAPP. NULL: a check. */
    const char *path;
};

/* What a probe calls the site whose host name is NAME, or NULL if it has none: by that, as users'
 * requests do, or "localhost", if it isn't fit for a Host header. A member's own name won't do:
 * Tomcat answers 400 to a Host with an underscore and to a bare IPv6 address. */
const char *osb_probe_site(const char *name);

/* Told once for each probe that was started. OBSERVATION and the bodies in it live until it
 * returns. It may start other probes. */
typedef void osb_probe_done(void *baton, const struct osb_observation *observation);

/* Once per process, before it has threads. False: there is nothing to probe with. */
bool osb_prober_prepare(void);

struct osb_prober *osb_prober_make(void);        /* NULL if out of memory */
void osb_prober_free(struct osb_prober *prober); /* breaks off what runs, telling nobody */

/* False if out of memory; then DONE isn't told. */
bool osb_prober_start(struct osb_prober *prober, const struct osb_probe_spec *spec,
                      osb_probe_done *done, void *baton);

/* Closes a connection that is kept, if there is one: before the prober is freed, or when the member
 * isn't checked any more. Not while a probe is under way that was given it. */
void osb_kept_close(struct osb_kept *kept);

/* Lets the probes go on for at most WAIT_MS, a few ms more when there are many; returns earlier
 * when something happened. */
void osb_prober_turn(struct osb_prober *prober, uint32_t wait_ms);

/* The prober's clock, in ms: monotonic, its zero means nothing. */
uint64_t osb_prober_now(void);

#endif
