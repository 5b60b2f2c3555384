/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Single probes against peers of every kind, good, broken and hostile. All rows of the table run
 * at once in one prober, so that each one also shows that the others don't hold it up.
 */
#include "peers.h"

#include "core/finding.h"
#include "probe/probe.h"

#include <malloc.h>

/* Short enough for a test, long enough for whatever isn't silent to be done before it. */
#define TIMEOUT_MS 5000
/* How late a done may be on a busy machine. */
#define GRACE_MS 3000
/* For the connector: well below half of the time, and little below all. All begin together, and
 * many are noisy, so that an answer at the beginning may take some time. */
#define PING_MS      1000
#define LONG_PING_MS 4500
/* Bytes on average a probe may take while all are under way. */
#define MEMORY_MAX ((size_t)64 * 1024)

#define BYTES(literal) .bytes = literal, .length = sizeof(literal) - 1

/* AJP13: a magic number, the payload's length, the payload. */
#define AJP_PONG  "AB\0\1\x09"
#define AJP_200   "AB\0\x20\x04\0\xc8\0\003200\0\0\1\xa0\1\0\020application/json\0"
#define AJP_500   "AB\0\x0b\x04\x01\xf4\0\003500\0\0\0"
#define AJP_403   "AB\0\x0b\x04\x01\x93\0\003403\0\0\0"
#define AJP_404   "AB\0\x0b\x04\x01\x94\0\003404\0\0\0"
#define AJP_FLUSH "AB\0\4\x03\0\0\0"
#define AJP_END   "AB\0\2\x05\1"
#define AJP_CLOSE "AB\0\2\x05\0"
#define AJP_BODY  "AB\0\x13\x03\0\x0f" LOCALE "\0"
#define AJP_PROPS "AB\0\x1d\x03\0\x19{\"build_version\":\"v12.2\"}\0"
#define AJP_STOCK "AB\0\x23\x03\0\x1f<title>HTTP Status 404 </title>\0"

#define LOCALE      "{\"locale\":\"en\"}"
#define HTTP_200    "HTTP/1.1 200 \r\nContent-Type: application/json\r\n"
#define HTTP_BODY   HTTP_200 "Content-Length: 15\r\n\r\n" LOCALE
#define HTTP_NONE   "HTTP/1.1 200 \r\nAllow: GET\r\nContent-Length: 0\r\n\r\n"
#define HTTP_PROPS  HTTP_200 "Content-Length: 25\r\n\r\n{\"build_version\":\"v12.2\"}"
#define TWICE(text) text text
#define EIGHT(text) TWICE(TWICE(TWICE(text)))
#define ENDLESS     EIGHT("................................................................")

#define ON(question, ...) .replies[OSB_ASK_##question] = {__VA_ARGS__}
#define PONG              ON(CONNECTOR, BYTES(AJP_PONG))

#define HEALTHY \
    .seen = OSB_SEEN_HEALTHY, .rung = OSB_ASK_DATABASE, .outcome = OSB_ANSWERED, .status = 200
#define AT(where, what, means) \
    .seen = OSB_SEEN_##means, .rung = OSB_ASK_##where, .outcome = OSB_##what
#define STATUS(code, means) AT(DATABASE, ANSWERED, means), .status = code
#define STALLED             .seen = OSB_SEEN_STALLED, .rung = OSB_ASK_DATABASE, .outcome = OSB_SILENT

static const struct probe_row {
    const char *says;
    enum osb_scheme scheme;
    struct peer_script script;
    const char *host; /* NULL: the peer's address */
    uint32_t ping_ms; /* for the connector; 0: as all the rest */
    bool fresh;       /* something speaks against the member */
    enum osb_seen seen;
    enum osb_question rung;
    enum osb_outcome outcome;
    unsigned status;
    unsigned webapp;      /* status of the webapp's question; 0: not asked, or no answer */
    bool waits;           /* for the deadline: nothing could be known before */
    const char *version;  /* NULL: the identity isn't known */
    unsigned connections; /* how many the peer saw; 0: as it comes */
} rows[] = {
    {"ajp: a healthy node names its build on the same connection",
     OSB_SCHEME_AJP,
     {PONG, ON(DATABASE, BYTES(AJP_200 AJP_BODY AJP_FLUSH AJP_END)),
      ON(IDENTITY, BYTES(AJP_200 AJP_PROPS AJP_END))},
     HEALTHY,
     .version = "v12.2",
     .connections = 1},
    {"ajp: an answer that comes byte by byte",
     OSB_SCHEME_AJP,
     {ON(CONNECTOR, BYTES(AJP_PONG), PEER_DRIBBLES),
      ON(DATABASE, BYTES(AJP_200 AJP_FLUSH AJP_BODY AJP_END), PEER_DRIBBLES),
      ON(IDENTITY, BYTES(AJP_200 AJP_PROPS AJP_END), PEER_DRIBBLES)},
     HEALTHY,
     .version = "v12.2",
     .connections = 1},
    {"ajp: a silent identity spoils nothing",
     OSB_SCHEME_AJP,
     {PONG, ON(DATABASE, BYTES(AJP_200 AJP_BODY AJP_END))},
     HEALTHY,
     .connections = 1},
    {"ajp: silence after the connection",
     OSB_SCHEME_AJP,
     {.late = false},
     AT(CONNECTOR, SILENT, SILENT),
     .waits = true,
     .connections = 1},
    {"ajp: silence in the middle of a packet",
     OSB_SCHEME_AJP,
     {ON(CONNECTOR, BYTES("AB\0"))},
     AT(CONNECTOR, SILENT, SILENT),
     .waits = true,
     .connections = 1},
    {"ajp: silence in the middle of an answer",
     OSB_SCHEME_AJP,
     {PONG, ON(DATABASE, BYTES(AJP_200 AJP_BODY))},
     AT(DATABASE, SILENT, SILENT),
     .waits = true,
     .connections = 2},
    {"ajp: a silent database beside a webapp that answers",
     OSB_SCHEME_AJP,
     {PONG, ON(WEBAPP, BYTES(AJP_200 AJP_END))},
     STALLED,
     .webapp = 200,
     .waits = true,
     .connections = 2},
    {"ajp: a silent database beside a webapp that is gone",
     OSB_SCHEME_AJP,
     {PONG, ON(WEBAPP, BYTES(AJP_404 AJP_STOCK AJP_END))},
     AT(WEBAPP, ANSWERED, NOT_DEPLOYED),
     .status = 404,
     .webapp = 404,
     .waits = true,
     .connections = 2},
    {"ajp: a database that answers late but in time",
     OSB_SCHEME_AJP,
     {PONG, ON(WEBAPP, BYTES(AJP_200 AJP_END)), ON(DATABASE, BYTES(AJP_200 AJP_BODY AJP_END)),
      ON(IDENTITY, BYTES(AJP_200 AJP_PROPS AJP_END)), .late = true},
     HEALTHY,
     .version = "v12.2",
     .connections = 2},
    {"ajp: the wrong secret",
     OSB_SCHEME_AJP,
     {PONG, ON(DATABASE, BYTES(AJP_403 AJP_CLOSE), PEER_CLOSES)},
     STATUS(403, FORBIDDEN),
     .connections = 1},
    {"ajp: a database that fails beside a webapp that answers, on the same connection",
     OSB_SCHEME_AJP,
     {PONG, ON(DATABASE, BYTES(AJP_500 AJP_BODY AJP_END)), ON(WEBAPP, BYTES(AJP_200 AJP_END))},
     STATUS(500, FAILING),
     .webapp = 200,
     .connections = 1},
    {"ajp: a database and a webapp that fail alike",
     OSB_SCHEME_AJP,
     {PONG, ON(DATABASE, BYTES(AJP_500 AJP_END)), ON(WEBAPP, BYTES(AJP_500 AJP_END))},
     STATUS(500, FAILING),
     .webapp = 500,
     .connections = 1},
    {"ajp: a database that fails, and a webapp that is silent then",
     OSB_SCHEME_AJP,
     {PONG, ON(DATABASE, BYTES(AJP_500 AJP_END))},
     STATUS(500, FAILING),
     .connections = 1},
    {"ajp: a database that fails and hangs up, so that no more can be asked",
     OSB_SCHEME_AJP,
     {PONG, ON(DATABASE, BYTES(AJP_500 AJP_CLOSE), PEER_CLOSES)},
     STATUS(500, FAILING),
     .connections = 1},
    {"ajp: the stock page",
     OSB_SCHEME_AJP,
     {PONG, ON(DATABASE, BYTES(AJP_404 AJP_STOCK AJP_END))},
     STATUS(404, NOT_DEPLOYED),
     .connections = 1},
    {"ajp: closed at CPING",
     OSB_SCHEME_AJP,
     {ON(CONNECTOR, .then = PEER_CLOSES)},
     AT(CONNECTOR, CLOSED, UNREACHABLE),
     .connections = 1},
    {"ajp: closed in the middle of an answer",
     OSB_SCHEME_AJP,
     {PONG, ON(DATABASE, BYTES(AJP_200 AJP_BODY), PEER_CLOSES)},
     AT(DATABASE, CLOSED, FAILING),
     .connections = 1},
    {"ajp: a web server on the port",
     OSB_SCHEME_AJP,
     {.greeting = {BYTES("HTTP/1.1 400 Bad Request\r\n\r\n"), PEER_CLOSES}},
     AT(CONNECTOR, GARBLED, FOREIGN),
     .connections = 1},
    {"ajp: an SSH server on the port",
     OSB_SCHEME_AJP,
     {.greeting = {BYTES("SSH-2.0-OpenSSH_9.2\r\n")}},
     AT(CONNECTOR, GARBLED, FOREIGN),
     .connections = 1},
    {"ajp: an answer to CPING that isn't CPONG",
     OSB_SCHEME_AJP,
     {ON(CONNECTOR, BYTES(AJP_END))},
     AT(CONNECTOR, GARBLED, FOREIGN),
     .connections = 1},
    {"ajp: a body before any headers",
     OSB_SCHEME_AJP,
     {PONG, ON(DATABASE, BYTES(AJP_BODY))},
     AT(DATABASE, GARBLED, FOREIGN),
     .connections = 1},
    {"ajp: headers twice",
     OSB_SCHEME_AJP,
     {PONG, ON(DATABASE, BYTES(AJP_200 AJP_200))},
     AT(DATABASE, GARBLED, FOREIGN),
     .connections = 1},
    {"ajp: a request for a body that we don't have",
     OSB_SCHEME_AJP,
     {PONG, ON(DATABASE, BYTES("AB\0\3\6\x1f\xfa"))},
     AT(DATABASE, GARBLED, FOREIGN),
     .connections = 1},
    {"ajp: CPONG instead of an answer",
     OSB_SCHEME_AJP,
     {PONG, ON(DATABASE, BYTES(AJP_PONG))},
     AT(DATABASE, GARBLED, FOREIGN),
     .connections = 1},
    {"ajp: a packet with our own direction's magic number",
     OSB_SCHEME_AJP,
     {PONG, ON(DATABASE, BYTES("\x12\x34\0\2\x05\1"))},
     AT(DATABASE, GARBLED, FOREIGN),
     .connections = 1},
    {"ajp: a packet without a type",
     OSB_SCHEME_AJP,
     {PONG, ON(DATABASE, BYTES("AB\0\0"))},
     AT(DATABASE, GARBLED, FOREIGN),
     .connections = 1},
    {"ajp: a packet of no known type",
     OSB_SCHEME_AJP,
     {PONG, ON(DATABASE, BYTES("AB\0\1\x63"))},
     AT(DATABASE, GARBLED, FOREIGN),
     .connections = 1},
    {"ajp: headers that end before their status",
     OSB_SCHEME_AJP,
     {PONG, ON(DATABASE, BYTES("AB\0\2\x04\0"))},
     AT(DATABASE, GARBLED, FOREIGN),
     .connections = 1},
    {"ajp: a reason longer than its packet",
     OSB_SCHEME_AJP,
     {PONG, ON(DATABASE, BYTES("AB\0\x0b\x04\0\xc8\x7f\377200\0\0\0"))},
     AT(DATABASE, GARBLED, FOREIGN),
     .connections = 1},
    {"ajp: more headers than their packet holds",
     OSB_SCHEME_AJP,
     {PONG, ON(DATABASE, BYTES("AB\0\x0b\x04\0\xc8\0\003200\0\xff\xff"))},
     AT(DATABASE, GARBLED, FOREIGN),
     .connections = 1},
    {"ajp: a piece of a body longer than its packet",
     OSB_SCHEME_AJP,
     {PONG, ON(DATABASE, BYTES(AJP_200 "AB\0\4\x03\xff\xff\0"))},
     AT(DATABASE, GARBLED, FOREIGN),
     .connections = 1},
    {"ajp: a packet longer than any may be",
     OSB_SCHEME_AJP,
     {PONG, ON(DATABASE, BYTES("AB\xff\xff\x03"))},
     AT(DATABASE, GARBLED, FOREIGN),
     .connections = 1},
    {"ajp: a packet of 32 kB that doesn't come",
     OSB_SCHEME_AJP,
     {PONG, ON(DATABASE, BYTES("AB\x7f\xff\x04"))},
     AT(DATABASE, SILENT, SILENT),
     .waits = true,
     .connections = 2},
    {"ajp: a byte each 50 ms without end",
     OSB_SCHEME_AJP,
     {PONG, ON(DATABASE, BYTES(AJP_200 AJP_FLUSH), PEER_DRIPS, sizeof AJP_200 - 1)},
     AT(DATABASE, SILENT, SILENT),
     .waits = true,
     .connections = 2},
    {"ajp: an endless body",
     OSB_SCHEME_AJP,
     {PONG, ON(DATABASE, BYTES(AJP_200 EIGHT(AJP_BODY)), PEER_REPEATS, sizeof AJP_200 - 1)},
     AT(DATABASE, OVERSIZED, FOREIGN),
     .connections = 1},
    {"ajp: flushes without end",
     OSB_SCHEME_AJP,
     {PONG, ON(DATABASE, BYTES(AJP_200 EIGHT(EIGHT(AJP_FLUSH))), PEER_REPEATS, sizeof AJP_200 - 1)},
     AT(DATABASE, OVERSIZED, FOREIGN),
     .connections = 1},

    {"http: a healthy node names its build on a second connection",
     OSB_SCHEME_HTTP,
     {ON(DATABASE, BYTES(HTTP_BODY)), ON(IDENTITY, BYTES(HTTP_PROPS))},
     HEALTHY,
     .version = "v12.2",
     .connections = 2},
    {"http: an answer in chunks, byte by byte",
     OSB_SCHEME_HTTP,
     {ON(DATABASE,
         BYTES(HTTP_200 "Transfer-Encoding: chunked\r\n\r\n4\r\n{\"lo\r\nb\r\ncale\":"
                        "\"en\"}\r\n0\r\n\r\n"),
         PEER_DRIBBLES),
      ON(IDENTITY, BYTES(HTTP_PROPS))},
     HEALTHY,
     .version = "v12.2",
     .connections = 2},
    {"http: an answer that ends with its connection",
     OSB_SCHEME_HTTP,
     {ON(DATABASE, BYTES(HTTP_200 "Connection: close\r\n\r\n" LOCALE), PEER_CLOSES)},
     HEALTHY,
     .connections = 2},
    {"http: silence after the connection",
     OSB_SCHEME_HTTP,
     {.late = false},
     AT(DATABASE, SILENT, SILENT),
     .waits = true,
     .connections = 2},
    {"http: silence in the middle of a body",
     OSB_SCHEME_HTTP,
     {ON(DATABASE, BYTES(HTTP_200 "Content-Length: 15\r\n\r\n{\"lo"))},
     AT(DATABASE, SILENT, SILENT),
     .waits = true,
     .connections = 2},
    {"http: a silent database beside a webapp that answers",
     OSB_SCHEME_HTTP,
     {ON(WEBAPP, BYTES(HTTP_200 "Content-Length: 2\r\n\r\n{}"))},
     STALLED,
     .webapp = 200,
     .waits = true,
     .connections = 2},
    {"http: a database that answers late but in time",
     OSB_SCHEME_HTTP,
     {ON(WEBAPP, BYTES(HTTP_200 "Content-Length: 2\r\n\r\n{}")), ON(DATABASE, BYTES(HTTP_BODY)),
      ON(IDENTITY, BYTES(HTTP_PROPS)), .late = true},
     HEALTHY,
     .version = "v12.2",
     .connections = 3},
    {"http: a redirect is not followed",
     OSB_SCHEME_HTTP,
     {ON(DATABASE, BYTES("HTTP/1.1 302 \r\nContent-Length: 0\r\n"
                         "Location: /openspecimen/rest/ng/config-settings/password\r\n\r\n"))},
     STATUS(302, FOREIGN),
     .connections = 1},
    {"http: a database that fails beside a webapp that answers",
     OSB_SCHEME_HTTP,
     {ON(DATABASE, BYTES("HTTP/1.1 500 \r\nContent-Length: 0\r\n\r\n")),
      ON(WEBAPP, BYTES(HTTP_200 "Content-Length: 2\r\n\r\n{}"))},
     STATUS(500, FAILING),
     .webapp = 200,
     .connections = 2},
    {"http: no webapp at all",
     OSB_SCHEME_HTTP,
     {ON(DATABASE,
         BYTES("HTTP/1.1 404 \r\nContent-Length: 31\r\n\r\n<title>HTTP Status 404 </title>"))},
     STATUS(404, NOT_DEPLOYED),
     .connections = 1},
    {"http: closed without an answer",
     OSB_SCHEME_HTTP,
     {ON(DATABASE, .then = PEER_CLOSES)},
     AT(DATABASE, CLOSED, UNREACHABLE),
     .connections = 1},
    {"http: closed in the middle of a body",
     OSB_SCHEME_HTTP,
     {ON(DATABASE, BYTES(HTTP_200 "Content-Length: 15\r\n\r\n{\"lo"), PEER_CLOSES)},
     AT(DATABASE, CLOSED, FAILING),
     .connections = 1},
    {"http: closed in the middle of a chunk",
     OSB_SCHEME_HTTP,
     {ON(DATABASE, BYTES(HTTP_200 "Transfer-Encoding: chunked\r\n\r\nff\r\n{"), PEER_CLOSES)},
     AT(DATABASE, CLOSED, FAILING),
     .connections = 1},
    {"http: a line that isn't HTTP",
     OSB_SCHEME_HTTP,
     {ON(DATABASE, BYTES("SSH-2.0-OpenSSH_9.2\r\n"), PEER_CLOSES)},
     AT(DATABASE, GARBLED, FOREIGN),
     .connections = 1},
    {"http: an endless body without a length",
     OSB_SCHEME_HTTP,
     {ON(DATABASE, BYTES(HTTP_200 "\r\n" ENDLESS), PEER_REPEATS, sizeof HTTP_200 + 1)},
     AT(DATABASE, OVERSIZED, FOREIGN),
     .connections = 1},
    {"http: a body that says it is too long",
     OSB_SCHEME_HTTP,
     {ON(DATABASE, BYTES(HTTP_200 "Content-Length: 4000000000\r\n\r\n" ENDLESS), PEER_REPEATS,
         sizeof HTTP_200 + 29)},
     AT(DATABASE, OVERSIZED, FOREIGN),
     .connections = 1},
    {"http: half a header, and silence",
     OSB_SCHEME_HTTP,
     {ON(DATABASE, BYTES("HTTP/1.1 200 \r\nContent-Ty"))},
     AT(DATABASE, SILENT, SILENT),
     .waits = true,
     .connections = 2},
    {"http: a body of 1 GB that doesn't come",
     OSB_SCHEME_HTTP,
     {ON(DATABASE, BYTES(HTTP_200 "Content-Length: 1073741824\r\n\r\n"))},
     AT(DATABASE, SILENT, SILENT),
     .waits = true,
     .connections = 2},
    {"http: a byte each 50 ms without end",
     OSB_SCHEME_HTTP,
     {ON(DATABASE, BYTES(HTTP_200 "X-Endless: 1\r\n"), PEER_DRIPS, sizeof HTTP_200 - 1)},
     AT(DATABASE, SILENT, SILENT),
     .waits = true,
     .connections = 2},
    {"http: a chunk of more bytes than there are numbers for",
     OSB_SCHEME_HTTP,
     {ON(DATABASE, BYTES(HTTP_200 "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n"))},
     AT(DATABASE, CLOSED, FAILING),
     .connections = 1},
    {"http: chunks without end",
     OSB_SCHEME_HTTP,
     {ON(DATABASE,
         BYTES(HTTP_200 "Transfer-Encoding: chunked\r\n\r\n" EIGHT(EIGHT("8\r\n........\r\n"))),
         PEER_REPEATS, sizeof HTTP_200 + 29)},
     AT(DATABASE, OVERSIZED, FOREIGN),
     .connections = 1},
    {"http: headers without end",
     OSB_SCHEME_HTTP,
     {ON(DATABASE, BYTES(HTTP_200 "X-Endless: " ENDLESS "\r\n"), PEER_REPEATS,
         sizeof HTTP_200 - 1)},
     AT(DATABASE, OVERSIZED, FOREIGN),
     .connections = 1},
    {"http: 1xx answers without end",
     OSB_SCHEME_HTTP,
     {ON(DATABASE, BYTES(EIGHT("HTTP/1.1 103 \r\n\r\n")), PEER_REPEATS)},
     AT(DATABASE, OVERSIZED, FOREIGN),
     .connections = 1},
    {"http: one header without end",
     OSB_SCHEME_HTTP,
     {ON(DATABASE, BYTES(HTTP_200 "X-Endless: " ENDLESS), PEER_REPEATS, sizeof HTTP_200 + 10)},
     AT(DATABASE, GARBLED, FOREIGN),
     .connections = 1},

    {"http: a connector that is silent too ends the check",
     OSB_SCHEME_HTTP,
     {.late = false},
     AT(CONNECTOR, SILENT, SILENT),
     .ping_ms = PING_MS,
     .connections = 2},
    {"http: it does so for a member that is known by its name",
     OSB_SCHEME_HTTP,
     {.late = false},
     .host = "localhost",
     AT(CONNECTOR, SILENT, SILENT),
     .ping_ms = PING_MS,
     .connections = 2},
    {"http: half an answer of the connector's is none",
     OSB_SCHEME_HTTP,
     {ON(CONNECTOR, BYTES("HTTP/1.1 200 \r\nAllow: GET\r\nContent-Le"))},
     AT(CONNECTOR, SILENT, SILENT),
     .ping_ms = PING_MS,
     .connections = 2},
    {"http: a gateway that swallows OPTIONS, beside a database that answers",
     OSB_SCHEME_HTTP,
     {ON(DATABASE, BYTES(HTTP_BODY)), ON(IDENTITY, BYTES(HTTP_PROPS))},
     .fresh = true,
     HEALTHY,
     .version = "v12.2",
     .ping_ms = LONG_PING_MS},
    {"http: a connector that answers leaves a silent database all the time",
     OSB_SCHEME_HTTP,
     {ON(CONNECTOR, BYTES(HTTP_NONE)), ON(WEBAPP, BYTES(HTTP_200 "Content-Length: 2\r\n\r\n{}"))},
     STALLED,
     .webapp = 200,
     .waits = true,
     .ping_ms = PING_MS,
     .connections = 3},
    {"http: so does one that refuses OPTIONS, with a page about it",
     OSB_SCHEME_HTTP,
     {ON(CONNECTOR, BYTES("HTTP/1.1 405 \r\nContent-Length: 2\r\n\r\nno")),
      ON(WEBAPP, BYTES(HTTP_200 "Content-Length: 2\r\n\r\n{}"))},
     STALLED,
     .webapp = 200,
     .waits = true,
     .ping_ms = PING_MS,
     .connections = 3},
    {"http: and one that closes the connection at OPTIONS",
     OSB_SCHEME_HTTP,
     {ON(CONNECTOR, .then = PEER_CLOSES),
      ON(WEBAPP, BYTES(HTTP_200 "Content-Length: 2\r\n\r\n{}"))},
     STALLED,
     .webapp = 200,
     .waits = true,
     .ping_ms = PING_MS,
     .connections = 3},
    {"http: a webapp that is silent beside its connector",
     OSB_SCHEME_HTTP,
     {ON(CONNECTOR, BYTES(HTTP_NONE))},
     AT(DATABASE, SILENT, SILENT),
     .waits = true,
     .ping_ms = PING_MS,
     .connections = 3},

    {"https: a plain web server on the port",
     OSB_SCHEME_HTTPS,
     {.greeting = {BYTES("HTTP/1.1 400 Bad Request\r\n\r\n"), PEER_CLOSES}},
     AT(CONNECT, NO_TLS, UNREACHABLE),
     .connections = 1},
    {"https: noise without end instead of a handshake",
     OSB_SCHEME_HTTPS,
     {.greeting = {BYTES(ENDLESS), PEER_REPEATS}},
     AT(CONNECT, NO_TLS, UNREACHABLE),
     .connections = 1},
    {"https: silence instead of a handshake",
     OSB_SCHEME_HTTPS,
     {.late = false},
     AT(CONNECT, SILENT, UNREACHABLE),
     .waits = true,
     .connections = 2},
    {"https: the same ends the check of a member in doubt, which is known by its name",
     OSB_SCHEME_HTTPS,
     {.late = false},
     .host = "localhost",
     .fresh = true,
     AT(CONNECT, SILENT, UNREACHABLE),
     .ping_ms = PING_MS,
     .connections = 2},
};

#define ROWS (sizeof rows / sizeof *rows)

struct result {
    bool is_done;
    struct osb_finding finding;
    char type[64];   /* the Content-Type of the database's answer */
    char words[96];  /* of the connection's answer */
    unsigned webapp; /* the status of the webapp's answer */
};

static void keep(void *baton, const struct osb_observation *observation)
{
    struct result *result = baton;

    assert_false(result->is_done);
    result->is_done = true;
    result->finding = osb_finding_read(observation);
    for (int i = 0; i < OSB_QUESTIONS; i++)
        assert_in_range(observation->answers[i].body_length, 0, OSB_BODY_MAX);
    snprintf(result->type, sizeof result->type, "%s", observation->answers[OSB_ASK_DATABASE].type);
    snprintf(result->words, sizeof result->words, "%s",
             observation->answers[OSB_ASK_CONNECT].words);
    result->webapp = observation->answers[OSB_ASK_WEBAPP].status;
}

static size_t allocated; /* the most that was, in bytes, beyond what was before the probes */

static void turn_until_all_are_done(struct osb_prober *prober, const struct result *results)
{
    uint64_t limit = osb_prober_now() + TIMEOUT_MS + GRACE_MS;
    size_t before = mallinfo2().uordblks;
    size_t done = 0;

    while (done < ROWS && osb_prober_now() < limit) {
        osb_prober_turn(prober, 1000);
        if (mallinfo2().uordblks > before + allocated)
            allocated = mallinfo2().uordblks - before;
        for (done = 0; done < ROWS && results[done].is_done; done++)
            ;
    }
}

static struct result results[ROWS];
static struct peers peers;

static void probe_all_rows(void)
{
    static struct osb_probe_spec specs[ROWS];
    struct osb_prober *prober = osb_prober_make();

    for (size_t i = 0; i < ROWS; i++) {
        struct peer *peer = peers_add(&peers, &rows[i].script);

        specs[i] = (struct osb_probe_spec){.scheme = rows[i].scheme,
                                           .site = "localhost",
                                           .host = rows[i].host ? rows[i].host : "127.0.0.1",
                                           .port = peer->port,
                                           .context = "/openspecimen",
                                           .secret = "the secret",
                                           .timeout_ms = TIMEOUT_MS,
                                           .ping_ms = rows[i].ping_ms,
                                           .fresh = rows[i].fresh,
                                           .identity = true};
    }
    peers_start(&peers);
    for (size_t i = 0; i < ROWS; i++)
        assert_true(osb_prober_start(prober, &specs[i], keep, &results[i]));
    turn_until_all_are_done(prober, results);
    osb_prober_free(prober);
    peers_end(&peers);
}

static void each_peer_is_seen_for_what_it_is(void **state)
{
    (void)state;
    probe_all_rows();
    FOR_EACH_ROW(row, rows)
    {
        const struct osb_finding *finding = &results[row - rows].finding;
        const struct peer *peer = &peers.peers[row - rows];

        assert_true(results[row - rows].is_done);
        assert_int_equal(finding->seen, row->seen);
        assert_int_equal(finding->rung, row->rung);
        assert_int_equal(finding->outcome, row->outcome);
        assert_int_equal(finding->status, row->status);
        assert_string_equal(finding->identity.version, row->version != NULL ? row->version : "");
        /* On a busy machine a quick answer may come after half of the time, when a second
         * connection was made in vain. */
        if (row->connections > 0 && (row->waits || finding->ms < TIMEOUT_MS / 2))
            assert_int_equal(peer->accepted, row->connections);
        if (row->waits)
            assert_in_range(finding->ms, TIMEOUT_MS - 50, TIMEOUT_MS + GRACE_MS);
        else
            assert_in_range(finding->ms, 0, TIMEOUT_MS - 1);
        if (row->ping_ms > 0 && row->outcome == OSB_SILENT)
            assert_true(finding->ms >= (row->fresh ? 1 : 2) * row->ping_ms);
        if (row->status == 302 || row->status == 403 || row->seen == OSB_SEEN_FOREIGN)
            assert_false(peer->webapp_asked);
        if (!row->script.late)
            assert_int_equal(results[row - rows].webapp, row->webapp);
        assert_true((results[row - rows].words[0] != '\0') == (row->outcome == OSB_NO_TLS));
        if (row->seen == OSB_SEEN_HEALTHY)
            assert_string_equal(results[row - rows].type, "application/json");
    }
}

/* Most peers are hostile, and many send as much as is taken. The peers themselves allocate nothing.
 */
static void no_peer_is_given_more_memory_than_an_answer_is_worth(void **state)
{
    (void)state;
#ifdef __SANITIZE_ADDRESS__
    skip(); /* its allocator keeps no such account */
#endif
    assert_in_range(allocated, 1, ROWS * MEMORY_MAX);
}

/* Whether TEXT stands in the request that the peer of row AT got. */
static bool request_has(size_t at, const char *text)
{
    const struct peer *peer = &peers.peers[at];

    return memmem(peer->request, peer->request_length, text, strlen(text)) != NULL;
}

static void a_request_says_what_it_must_and_no_more(void **state)
{
    unsigned looked = 0;

    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        bool is_http = rows[i].scheme == OSB_SCHEME_HTTP;

        if (peers.peers[i].request_length == 0)
            continue;
        looked++;
        assert_true(request_has(i, "application/json"));
        assert_true(request_has(i, "mod_os_balancer/"));
        assert_false(request_has(i, "X-OS-API-TOKEN"));
        assert_false(request_has(i, "osAuthToken"));
        assert_true(request_has(i, "the secret") == !is_http);
        if (is_http) {
            assert_true(
                request_has(i, "GET /openspecimen/rest/ng/config-settings/locale HTTP/1.1"));
            assert_true(request_has(i, "\r\nAccept-Language: en\r\n"));
        }
    }
    assert_in_range(looked, ROWS / 2, ROWS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_peer_is_seen_for_what_it_is),
        cmocka_unit_test(no_peer_is_given_more_memory_than_an_answer_is_worth),
        cmocka_unit_test(a_request_says_what_it_must_and_no_more),
    };

    /* A proxy of the environment is none of ours: nothing listens there. */
    setenv("http_proxy", "http://127.0.0.1:1/", 1);
    setenv("https_proxy", "http://127.0.0.1:1/", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
