/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many connections at once in one thread, over libcurl.
 *
 * A line is either a raw TCP connection (libcurl looks a name up and connects, the bytes are ours)
 * or one HTTP request (libcurl does all of it). Nothing here blocks: events are told from
 * osb_wire_turn, in the thread that calls it. A line may be closed from any event, its own too.
 */
#ifndef OSB_WIRE_H
#define OSB_WIRE_H

#include "core/observation.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct osb_wire;
struct osb_line;
struct osb_line_end;

/* What a line tells its owner. */
struct osb_line_events {
    /* A raw line has its connection (OSB_ANSWERED), or will never have it. */
    void (*connected)(void *baton, const struct osb_line_end *end);
    /* A raw line has bytes to receive, or its end. */
    void (*readable)(void *baton);
    /* A GET brought bytes of its body. False breaks it off, with OSB_OVERSIZED. */
    bool (*body)(void *baton, const char *bytes, size_t length);
    /* A GET came to its end. */
    void (*finished)(void *baton, const struct osb_line_end *end);
};

/* How a GET ended. The texts live until the event is told. */
struct osb_line_end {
    enum osb_outcome outcome;
    unsigned status;   /* 0 unless ANSWERED */
    const char *type;  /* the Content-Type, or "" */
    const char *words; /* what it failed of, in libcurl's words, or "" */
};

/* What to get. The texts need not outlive the call. */
struct osb_wire_get {
    const char *url;
    const char *const *headers; /* whole lines, "Accept: text/html" */
    size_t header_count;        /* of headers */
    const char *at;             /* the address to connect to, "[::1]"; NULL: that of the URL */
    const char *tls_ca;         /* PEM file of authorities; NULL or "" for the system's */
    bool unverified;            /* takes any certificate */
    bool options;               /* asks the server itself instead, OPTIONS *: no path of it */
    uint32_t limit_ms;          /* for all of it; reported as OSB_SILENT */
};

/* A busy wire gathers events for so long before it takes them, in ms. */
#define OSB_WIRE_REST_MS 20

/* Once per process, before it has threads: libcurl and the TLS library below it set themselves up,
 * which not every version of them can do in two threads at a time. */
bool osb_wire_prepare(void);

/* NULL if out of memory. */
struct osb_wire *osb_wire_make(void);
void osb_wire_free(struct osb_wire *wire); /* closes every line, telling nobody; NULL is fine */

/* Opens a raw connection to HOST, a name or an address. LIMIT_MS is how long the owner will wait:
 * it closes the line then. The addresses of a name share it out, and a lookup that lasts as long is
 * given up. NULL if out of memory. EVENTS must outlive the line. */
struct osb_line *osb_wire_connect(struct osb_wire *wire, const char *host, unsigned port,
                                  uint32_t limit_ms, const struct osb_line_events *events,
                                  void *baton);

/* Begins one GET on a connection of its own, without proxies, redirects and cookies. Of https://
 * the certificate's chain and name are verified, unless it is to be UNVERIFIED. NULL if out of
 * memory. */
struct osb_line *osb_wire_get(struct osb_wire *wire, const struct osb_wire_get *get,
                              const struct osb_line_events *events, void *baton);

/* Whether HOST is an address, so that there is no lookup. */
bool osb_wire_is_address(const char *host);

/* Whether the lookup of the line's name has ended so far. */
bool osb_line_has_address(const struct osb_line *line);

/* How many ms the lookup took, when it has ended. */
uint64_t osb_line_lookup_ms(const struct osb_line *line);

/* Whether a GET has had its connection so far, TLS included. */
bool osb_line_has_connected(const struct osb_line *line);

/* How many of the bytes were taken by the network at once; 0 may mean none now. -1: the connection
 * is lost. */
ptrdiff_t osb_line_send(struct osb_line *line, const void *bytes, size_t length);

/* Bytes received, 0 if there are none now, -1 if the connection is at its end. */
ptrdiff_t osb_line_receive(struct osb_line *line, void *buffer, size_t size);

void osb_line_close(struct osb_line *line); /* NULL is fine */

/* Waits up to WAIT_MS for events, and tells them. A busy wire takes OSB_WIRE_REST_MS longer. */
void osb_wire_turn(struct osb_wire *wire, uint32_t wait_ms);

/* "os1:8009", "[::1]:8009": HOST and PORT as URLs have them. Returns BUFFER. */
char *osb_wire_authority(char *buffer, size_t size, const char *host, unsigned port);

/* Milliseconds on a clock that is never set. */
uint64_t osb_wire_now(void);

#endif
