/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AJP13, the binary protocol between a web server and Tomcat: packets in, packets out, nothing
 * kept and nothing allocated. Every packet is a magic number of two bytes ("AB" from the container,
 * 12 34 to it), the length of its payload in two, and the payload, whose first byte says its kind.
 * Integers are two bytes with the high one first. A string is its length, its bytes and a NUL that
 * the length doesn't count; the length FFFF says that there is no string, with nothing after it.
 * The source of every protocol fact here is the AJP13 reference in the manual of mod_proxy_ajp.
 */
#ifndef OSB_AJP_H
#define OSB_AJP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest whole packet in either direction, in bytes. It is the greatest packetSize that a
 * Tomcat can be given; its default is 8192, and it takes no request that is longer than its own.
 * A buffer of this size holds every packet that osb_ajp_decode doesn't call bad. */
#define OSB_AJP_PACKET_MAX 65536

/* ---- from the container ---------------------------------------------------------------------- */

#define OSB_AJP_BAD     (-1) /* not AJP13; more bytes would not mend it, so close the connection */
#define OSB_AJP_PARTIAL (-2) /* right so far, but not whole: call again with more bytes */

/* The values are the kinds' own codes; 0 stands in a packet that wasn't decoded. */
enum osb_ajp_kind {
    OSB_AJP_SEND_BODY_CHUNK = 3, /* body */
    OSB_AJP_SEND_HEADERS = 4,    /* status, reason and headers */
    OSB_AJP_END_RESPONSE = 5,    /* reuse */
    OSB_AJP_GET_BODY_CHUNK = 6,  /* wanted */
    OSB_AJP_CPONG = 9            /* nothing else */
};

/* A piece of the caller's own buffer: it lives as long as that. A body's has no NUL to rely on;
 * what is read from headers has one behind it. */
struct osb_ajp_text {
    const char *bytes; /* NULL if there is no text, which isn't the same as an empty one */
    size_t length;     /* in bytes */
};

/* Header lines that osb_ajp_decode has found to be right; a copy of this walks them once more. */
struct osb_ajp_headers {
    const uint8_t *bytes; /* the next header, in the caller's buffer */
    size_t length;        /* of all that are left, in bytes */
    unsigned count;       /* how many are left */
};

/* One packet. A field that its kind doesn't have is zero. */
struct osb_ajp_packet {
    enum osb_ajp_kind kind;
    unsigned status;                /* of HTTP, 100 to 999 */
    struct osb_ajp_text reason;     /* Tomcat writes the status's digits here; may be absent */
    struct osb_ajp_headers headers; /* for osb_ajp_next_header */
    struct osb_ajp_text body;       /* any bytes at all; an empty one only asks for a flush */
    bool reuse;                     /* the connection may carry another request */
    unsigned wanted;                /* how many bytes of the request's body are asked for at most */
};

/*
 * Decodes the one packet at the start of BYTES. Returns how many bytes it takes (what follows is
 * the next packet's), OSB_AJP_PARTIAL or OSB_AJP_BAD; PACKET is cleared first, and filled only if
 * the packet is whole and right. Nothing beyond LENGTH is read, and nothing is believed: a field
 * must lie in its own packet, a status must be 100 to 999, a header's name may be neither empty
 * nor hold a control character, no text may hold CR, LF or NUL, and a packet must be exactly its
 * fields, so that one whose lengths contradict each other is bad. Each field is judged when all
 * of it has come, the magic byte by byte: what is bad is known before the rest arrives.
 */
ptrdiff_t osb_ajp_decode(const uint8_t *bytes, size_t length, struct osb_ajp_packet *packet);

/* Takes the first header off REST. False, with NAME and VALUE cleared, when none is left. A name
 * that came as a number ("Content-Type" is A001) is a constant of the program, not a piece of the
 * buffer; names are in whatever case the container chose. */
bool osb_ajp_next_header(struct osb_ajp_headers *rest, struct osb_ajp_text *name,
                         struct osb_ajp_text *value);

/* ---- to the container ------------------------------------------------------------------------ */

/* Every method that AJP13 has a code for: the code, the name in C, the name in HTTP. */
#define OSB_AJP_METHODS(X)                      \
    X(1, OPTIONS, "OPTIONS")                    \
    X(2, GET, "GET")                            \
    X(3, HEAD, "HEAD")                          \
    X(4, POST, "POST")                          \
    X(5, PUT, "PUT")                            \
    X(6, DELETE, "DELETE")                      \
    X(7, TRACE, "TRACE")                        \
    X(8, PROPFIND, "PROPFIND")                  \
    X(9, PROPPATCH, "PROPPATCH")                \
    X(10, MKCOL, "MKCOL")                       \
    X(11, COPY, "COPY")                         \
    X(12, MOVE, "MOVE")                         \
    X(13, LOCK, "LOCK")                         \
    X(14, UNLOCK, "UNLOCK")                     \
    X(15, ACL, "ACL")                           \
    X(16, REPORT, "REPORT")                     \
    X(17, VERSION_CONTROL, "VERSION-CONTROL")   \
    X(18, CHECKIN, "CHECKIN")                   \
    X(19, CHECKOUT, "CHECKOUT")                 \
    X(20, UNCHECKOUT, "UNCHECKOUT")             \
    X(21, SEARCH, "SEARCH")                     \
    X(22, MKWORKSPACE, "MKWORKSPACE")           \
    X(23, UPDATE, "UPDATE")                     \
    X(24, LABEL, "LABEL")                       \
    X(25, MERGE, "MERGE")                       \
    X(26, BASELINE_CONTROL, "BASELINE-CONTROL") \
    X(27, MKACTIVITY, "MKACTIVITY")

/* OSB_AJP_METHOD_GET and so on; the values are the methods' codes. */
enum osb_ajp_method {
    OSB_AJP_METHOD_NONE, /* a method that AJP13 can't say in one byte */
#define OSB_AJP_METHOD(code, c, http) OSB_AJP_METHOD_##c = code,
    OSB_AJP_METHODS(OSB_AJP_METHOD)
#undef OSB_AJP_METHOD
};

/* The method of that name, which is case-sensitive as in HTTP, or OSB_AJP_METHOD_NONE. */
enum osb_ajp_method osb_ajp_find_method(const char *name);

/* A header line of a request. */
struct osb_ajp_header {
    const char *name;  /* in any case; the frequent ones travel as a number */
    const char *value; /* without the line's end */
};

/* An attribute that AJP13 has no code for. Tomcat knows a few of them by name (AJP_REMOTE_PORT,
 * AJP_LOCAL_ADDR, AJP_SSL_PROTOCOL), and gives the others to the application. */
struct osb_ajp_attribute {
    const char *name;
    const char *value;
};

/* A FORWARD_REQUEST. All strings end in NUL. None may hold CR or LF but the certificate, the
 * route, which comes out of an escaped path, and the values of attributes. */
struct osb_ajp_request {
    enum osb_ajp_method method;           /* OSB_AJP_METHOD_NONE: the one in other_method */
    const char *other_method;             /* a method that has no code; else it isn't looked at */
    const char *protocol;                 /* "HTTP/1.1" */
    const char *uri;                      /* the path, as in the request line, without a query */
    const char *query;                    /* what follows the "?", or NULL */
    const char *remote_addr;              /* the client's address, as a number */
    const char *remote_host;              /* the client's name, or NULL */
    const char *server_name;              /* what the client calls the server, without the port */
    uint16_t server_port;                 /* what the client connected to */
    bool is_tls;                          /* the client came by https */
    const struct osb_ajp_header *headers; /* header_count of them; NULL if there are none */
    size_t header_count;                  /* a Content-Length over 0 makes Tomcat await a body */
    const char *secret;                   /* the connector's secret=, or NULL to send none */
    const char *remote_user;              /* who the client was found to be, or NULL */
    const char *auth_type;                /* how, "Basic", or NULL */
    const char *route;                    /* of the session, or NULL */
    const char *tls_certificate;          /* of the client, PEM, or NULL */
    const char *tls_cipher;               /* or NULL */
    const char *tls_session;              /* its id, or NULL */
    unsigned tls_key_size;                /* in bits; 0: none is sent */
    const struct osb_ajp_attribute
        *attributes; /* attribute_count of them; NULL if there are none */
    size_t attribute_count;
};

/* Writes the packet that asks a container whether it is there, 5 bytes; it needs no secret.
 * Returns the packet's length, or 0 if SIZE is too small. */
size_t osb_ajp_encode_cping(uint8_t *buffer, size_t size);

/* Where in its packet a piece of a request's body begins. */
#define OSB_AJP_BODY_AT 6

/* Makes a packet of a piece of a request's body, whose LENGTH bytes lie at OSB_AJP_BODY_AT in it
 * already; none mean the body's end. Returns the packet's length, or 0 if it would be longer than
 * OSB_AJP_PACKET_MAX. */
size_t osb_ajp_encode_body(uint8_t *packet, size_t length);

/* Writes REQUEST as one packet. Returns its length, or 0 if it doesn't fit into SIZE or into
 * OSB_AJP_PACKET_MAX, or if AJP13 can't say it: no method, a required string that is NULL, a
 * header without a name, a control character in a name, CR or LF where none may be. On 0 the
 * buffer's contents mean nothing; beyond SIZE nothing is written in any case. */
size_t osb_ajp_encode_request(const struct osb_ajp_request *request, uint8_t *buffer, size_t size);

#endif
