/* SPDX-License-Identifier: Apache-2.0 */
/* One request as a servlet would see it, whichever protocol brought it. */
#ifndef STANDIN_REQUEST_H
#define STANDIN_REQUEST_H

#include "sha256.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Tomcat's defaults: maxHttpRequestHeaderSize and the AJP connector's packetSize are 8192 bytes,
 * maxHeaderCount is 100. */
#define REQUEST_HEAD_MAX    8192
#define REQUEST_HEADERS_MAX 100

/* Room for every text of a head, with coded names of AJP written out. */
#define REQUEST_STORE_MAX (REQUEST_HEAD_MAX + 4096)

struct header {
    const char *name;  /* as it came, or the full name of a coded one */
    const char *value; /* never NULL */
};

struct request {
    const char *method;      /* "GET" */
    const char *uri;         /* the path as it came, without the query */
    const char *query;       /* what follows the question mark, or NULL */
    const char *scheme;      /* "http" or "https" */
    const char *server_name; /* as the client asked for it: never NULL */
    unsigned server_port;    /* the same */
    const char *remote_addr; /* the client that asked, in numbers */
    const char *secret;      /* of an AJP request, or NULL */
    bool needs_secret;       /* AJP: the container checks the secret */

    struct header headers[REQUEST_HEADERS_MAX]; /* in their order */
    size_t header_count;                        /* how many of them */

    unsigned refusal; /* status with which the container refuses it before any webapp, or 0 */
    bool http_1_0;    /* HTTP/1.0: no chunks in the answer */
    bool reuse;       /* the answer says that the connection stays open */
    bool hang_up;     /* the connection is closed after the answer */

    bool chunked;         /* HTTP: the body comes in chunks; AJP: it has no known length */
    bool wants_body;      /* the resource reads the body */
    bool asked;           /* AJP: a GET_BODY_CHUNK is on its way */
    bool first_due;       /* AJP: the first body packet comes without being asked for */
    uint64_t body_left;   /* HTTP: bytes that are still to come, of the body or of its chunk */
    unsigned chunk_state; /* HTTP: see http_body.c */
    uint64_t body_length; /* body bytes that have come */
    struct sha256 digest; /* of those */
    char body[2048];      /* the first of them, and a NUL */

    char path[REQUEST_HEAD_MAX];   /* see request_find_path */
    char store[REQUEST_STORE_MAX]; /* where the texts are */
    size_t stored;                 /* bytes of it in use */
};

/* A request that has nothing yet. Ends with request_free. */
struct request *request_new(void);
void request_free(struct request *request);

/* Keeps LENGTH bytes as a text in the request. NULL if they don't fit or hold a NUL. */
const char *request_keep(struct request *request, const void *bytes, size_t length);

/* False if there are too many. NAME and VALUE are kept texts or constants. */
bool request_add_header(struct request *request, const char *name, const char *value);

/* The first header of that name, in any case of letters, or NULL. */
const char *request_header(const struct request *request, const char *name);

/* Takes body bytes in: counts them, digests them and keeps the first. */
void request_add_body(struct request *request, const void *bytes, size_t length);

/* Writes what the container routes by into request->path: the URI without path parameters
 * (";jsessionid=...") and with runs of slashes made one, as Tomcat does. */
void request_find_path(struct request *request);

bool request_is(const struct request *request, const char *method);

/* Decodes the value of KEY in the query ("%41" and "+") into VALUE. False if the query has no such
 * key or the value doesn't fit. */
bool request_parameter(const struct request *request, const char *key, char *value, size_t size);

/* Reads the query's parameter at *REST, which starts at request->query and is moved on; NULL is
 * the end. False at the end, or with *REST not NULL if the parameter can't be read. */
bool request_next_parameter(const char **rest, char *key, size_t key_size, char *value,
                            size_t value_size);

#endif
