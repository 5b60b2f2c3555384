/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of a wire share: wire.c has the lines and the turns, wire_socket.c the sockets,
 * and wire_curl.c is the only file of the project that knows libcurl. Private to these three.
 */
#ifndef OSB_WIRE_PRIVATE_H
#define OSB_WIRE_PRIVATE_H

#include "wire.h"

struct curl_slist;

enum osb_line_kind { OSB_LINE_RAW, OSB_LINE_GET };

enum osb_line_phase {
    OSB_LINE_WORKING,    /* libcurl connects, or gets */
    OSB_LINE_CONNECTING, /* a raw line's own socket is on its way */
    OSB_LINE_OPEN,       /* it is connected, and libcurl knows nothing of it, or no more */
    OSB_LINE_CLOSED      /* the sweep frees it */
};

struct osb_line {
    struct osb_line *next, **place;       /* in the wire's list, and what points here */
    struct osb_line *next_closed;         /* in the list of those that the sweep frees */
    struct osb_wire *wire;                /* owner */
    void *easy;                           /* libcurl's handle; NULL of a raw line's own socket */
    struct curl_slist *headers;           /* of a GET */
    struct curl_slist *at;                /* of a GET: where it goes in place of the URL's host */
    size_t head_length;                   /* bytes of the answer's header lines so far */
    char *error;                          /* of a GET: where libcurl says what failed */
    enum osb_line_kind kind;              /* which events it tells */
    enum osb_line_phase phase;            /* who works on it */
    int fd;                               /* of a raw line without a handle, else -1 */
    int want;                             /* errno of what this host couldn't give; 0: nothing */
    const struct osb_line_events *events; /* its owner's */
    void *baton;                          /* its owner */
};

struct osb_wire {
    void *multi;             /* libcurl's handle */
    int epoll;               /* libcurl's sockets and those of raw lines */
    struct osb_line *lines;  /* all */
    struct osb_line *closed; /* those of them that the sweep frees */
    uint64_t timer;          /* ms; when libcurl wants to be called; UINT64_MAX: never */
    uint64_t window;         /* ms; since when events are counted */
    unsigned events;         /* in the window so far */
    bool busy;               /* many in the window before */
};

/* ---- wire.c ---------------------------------------------------------------------------------- */

/* A line in the wire's list, without a handle. NULL if out of memory. */
struct osb_line *osb_line_make(struct osb_wire *wire, enum osb_line_kind kind,
                               const struct osb_line_events *events, void *baton);
void osb_line_free(struct osb_line *line);

/* Watches a socket of libcurl's for EPOLLIN and EPOLLOUT, or for nothing more with 0. */
void osb_wire_watch(struct osb_wire *wire, int fd, uint32_t events);

/* ---- wire_socket.c --------------------------------------------------------------------------- */

/* A raw line's socket is connected, or never will be: tells its owner. */
void osb_socket_tell_connected(struct osb_line *line);

/* Makes a connected socket the line's. False: it can't be watched. */
bool osb_socket_take_over(struct osb_line *line, int fd);

/* What the errno of a connect means, which fails for one of a few reasons that an operator acts on
 * differently. Of what this host lacks the line keeps the errno. */
enum osb_outcome osb_socket_outcome(struct osb_line *line, int number);

/* ---- wire_curl.c ----------------------------------------------------------------------------- */

bool osb_curl_begin(struct osb_wire *wire); /* makes wire->multi; false if out of memory */
void osb_curl_end(struct osb_wire *wire);   /* when there are no lines any more */

/* osb_wire_connect by libcurl. */
struct osb_line *osb_curl_connect(struct osb_wire *wire, const char *host, unsigned port,
                                  uint32_t limit_ms, const struct osb_line_events *events,
                                  void *baton);

void osb_curl_release(struct osb_line *line); /* takes the line's handle away, if it has one */

void osb_curl_take_event(struct osb_wire *wire, int fd, uint32_t events); /* of epoll */
void osb_curl_take_time(struct osb_wire *wire);                           /* wire->timer is over */

/* Tells of connections that came about and GETs that ended. True if there were any. */
bool osb_curl_tell_results(struct osb_wire *wire);

#endif
