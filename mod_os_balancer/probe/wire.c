/* SPDX-License-Identifier: Apache-2.0 */
#include "wire.h"

#include <curl/curl.h>

#include <errno.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* More connections than any site has members. libcurl closes the oldest idle connection when a
 * handle has more than this, and a raw line counts as idle. */
#define MOST_CONNECTIONS 1000000L

enum kind { RAW, GET };
enum phase { WORKING, OPEN, CLOSED };

struct osb_line {
    struct osb_line *next;                /* in the wire's list */
    struct osb_wire *wire;                /* owner */
    CURL *easy;                           /* connection or transfer */
    struct curl_slist *headers;           /* of a GET */
    size_t head_length;                   /* bytes of the answer's header lines so far */
    enum kind kind;                       /* which events it tells */
    enum phase phase;                     /* libcurl works; a raw line is open; swept next turn */
    size_t poll_place;                    /* of an open raw line in the last poll */
    const struct osb_line_events *events; /* its owner's */
    void *baton;                          /* its owner */
};

struct osb_wire {
    CURLM *multi;
    struct osb_line *lines;  /* all, closed ones until the end of the turn */
    struct curl_waitfd *fds; /* sockets of open raw lines, made anew each turn */
    size_t fds_room;         /* how many fds has room for */
    size_t fds_used;         /* in the last poll */
};

bool osb_wire_prepare(void)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

struct osb_wire *osb_wire_make(void)
{
    struct osb_wire *wire = calloc(1, sizeof *wire);

    if (wire == NULL || (wire->multi = curl_multi_init()) == NULL) {
        free(wire);
        return NULL;
    }
    curl_multi_setopt(wire->multi, CURLMOPT_MAXCONNECTS, MOST_CONNECTIONS);
    return wire;
}

static void free_line(struct osb_line *line)
{
    if (line->easy != NULL) {
        curl_multi_remove_handle(line->wire->multi, line->easy);
        curl_easy_cleanup(line->easy);
    }
    curl_slist_free_all(line->headers);
    free(line);
}

static void sweep(struct osb_wire *wire, bool all)
{
    struct osb_line **place = &wire->lines;

    while (*place != NULL) {
        struct osb_line *line = *place;

        if (all || line->phase == CLOSED) {
            *place = line->next;
            free_line(line);
        } else {
            place = &line->next;
        }
    }
}

void osb_wire_free(struct osb_wire *wire)
{
    if (wire == NULL)
        return;
    sweep(wire, true);
    curl_multi_cleanup(wire->multi);
    free(wire->fds);
    free(wire);
}

static size_t take_body(char *bytes, size_t one, size_t length, void *baton)
{
    struct osb_line *line = baton;

    if (line->phase == CLOSED || !line->events->body(line->baton, bytes, one * length))
        return 0;
    return one * length;
}

/* Header lines are not kept, but they are bounded, 1xx answers and trailers among them. */
static size_t take_header(char *bytes, size_t one, size_t length, void *baton)
{
    struct osb_line *line = baton;

    (void)bytes;
    line->head_length += one * length;
    return line->head_length <= OSB_BODY_MAX ? one * length : 0;
}

/* What holds for every line: no signals in a threaded server, no proxy from the environment, a
 * deadline, and no wait for a lookup that outlives it. */
static void set_common(struct osb_line *line, uint32_t limit_ms)
{
    curl_easy_setopt(line->easy, CURLOPT_PRIVATE, line);
    curl_easy_setopt(line->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(line->easy, CURLOPT_PROXY, "");
    curl_easy_setopt(line->easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(line->easy, CURLOPT_TIMEOUT_MS, (long)limit_ms);
    curl_easy_setopt(line->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)limit_ms);
#if LIBCURL_VERSION_NUM >= 0x075700
    curl_easy_setopt(line->easy, CURLOPT_QUICK_EXIT, 1L);
#endif
}

static struct osb_line *make_line(struct osb_wire *wire, enum kind kind, uint32_t limit_ms,
                                  const struct osb_line_events *events, void *baton)
{
    struct osb_line *line = calloc(1, sizeof *line);

    if (line == NULL)
        return NULL;
    *line = (struct osb_line){
        .wire = wire, .easy = curl_easy_init(), .kind = kind, .events = events, .baton = baton};
    if (line->easy == NULL) {
        free(line);
        return NULL;
    }
    set_common(line, limit_ms);
    return line;
}

/* Hands a line to libcurl, or frees it. */
static struct osb_line *begin(struct osb_line *line)
{
    struct osb_wire *wire = line->wire;

    if (curl_multi_add_handle(wire->multi, line->easy) != CURLM_OK) {
        free_line(line);
        return NULL;
    }
    line->next = wire->lines;
    wire->lines = line;
    return line;
}

struct osb_line *osb_wire_connect(struct osb_wire *wire, const char *host, unsigned port,
                                  uint32_t limit_ms, const struct osb_line_events *events,
                                  void *baton)
{
    struct osb_line *line = make_line(wire, RAW, limit_ms, events, baton);
    bool bare_v6 = strchr(host, ':') != NULL && host[0] != '[';
    char url[512];

    if (line == NULL)
        return NULL;
    snprintf(url, sizeof url, bare_v6 ? "http://[%s]:%u/" : "http://%s:%u/", host, port);
    curl_easy_setopt(line->easy, CURLOPT_URL, url);
    curl_easy_setopt(line->easy, CURLOPT_CONNECT_ONLY, 1L);
    return begin(line);
}

struct osb_line *osb_wire_get(struct osb_wire *wire, const char *url, const char *const *headers,
                              size_t count, uint32_t limit_ms, const struct osb_line_events *events,
                              void *baton)
{
    struct osb_line *line = make_line(wire, GET, limit_ms, events, baton);

    if (line == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        struct curl_slist *longer = curl_slist_append(line->headers, headers[i]);

        line->headers = longer != NULL ? longer : line->headers;
    }
    curl_easy_setopt(line->easy, CURLOPT_URL, url);
    curl_easy_setopt(line->easy, CURLOPT_HTTPHEADER, line->headers);
    curl_easy_setopt(line->easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(line->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(line->easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(line->easy, CURLOPT_HEADERDATA, line);
    curl_easy_setopt(line->easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(line->easy, CURLOPT_WRITEDATA, line);
    return begin(line);
}

bool osb_line_has_connected(const struct osb_line *line)
{
    curl_off_t connected = 0, handshaken = 0;
    char *scheme = NULL;

    curl_easy_getinfo(line->easy, CURLINFO_CONNECT_TIME_T, &connected);
    curl_easy_getinfo(line->easy, CURLINFO_APPCONNECT_TIME_T, &handshaken);
    curl_easy_getinfo(line->easy, CURLINFO_SCHEME, &scheme);
    return connected > 0 && (handshaken > 0 || scheme == NULL || strcasecmp(scheme, "https") != 0);
}

ptrdiff_t osb_line_send(struct osb_line *line, const void *bytes, size_t length)
{
    size_t sent = 0;
    CURLcode code = curl_easy_send(line->easy, bytes, length, &sent);

    return code == CURLE_OK || code == CURLE_AGAIN ? (ptrdiff_t)sent : -1;
}

ptrdiff_t osb_line_receive(struct osb_line *line, void *buffer, size_t size)
{
    size_t received = 0;
    CURLcode code = curl_easy_recv(line->easy, buffer, size, &received);

    if (code == CURLE_AGAIN)
        return 0;
    return code == CURLE_OK && received > 0 ? (ptrdiff_t)received : -1;
}

void osb_line_close(struct osb_line *line)
{
    if (line != NULL)
        line->phase = CLOSED;
}

/* A connect fails for one of a few reasons that an operator acts on differently. */
static enum osb_outcome connect_outcome(CURL *easy)
{
    long number = 0;

    curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &number);
    switch (number) {
    case ECONNREFUSED:
        return OSB_REFUSED;
    case ETIMEDOUT:
        return OSB_SILENT;
    case ECONNRESET: /* it came about, and was closed before libcurl looked */
        return OSB_CLOSED;
    default:
        return OSB_NO_ROUTE;
    }
}

static enum osb_outcome outcome_of(CURL *easy, CURLcode code)
{
    switch (code) {
    case CURLE_OK:
        return OSB_ANSWERED;
    case CURLE_COULDNT_RESOLVE_HOST:
        return OSB_UNKNOWN_NAME;
    case CURLE_COULDNT_CONNECT:
        return connect_outcome(easy);
    case CURLE_OPERATION_TIMEDOUT:
        return OSB_SILENT;
    case CURLE_WRITE_ERROR:
        return OSB_OVERSIZED;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
        return OSB_UNTRUSTED;
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
        return OSB_CLOSED;
    default:
        return OSB_GARBLED;
    }
}

static void tell_finished(struct osb_line *line, CURLcode code)
{
    enum osb_outcome outcome = outcome_of(line->easy, code);
    long status = 0;
    char *type = NULL;

    curl_easy_getinfo(line->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(line->easy, CURLINFO_CONTENT_TYPE, &type);
    /* libcurl takes HTTP/0.9 and other odd beginnings for failures; a status out of range too. */
    if (outcome == OSB_ANSWERED && (status < 100 || status > 999))
        outcome = OSB_GARBLED;
    line->events->finished(line->baton, outcome, outcome == OSB_ANSWERED ? (unsigned)status : 0,
                           type != NULL ? type : "");
}

static void tell_connected(struct osb_line *line, CURLcode code)
{
    if (code == CURLE_OK)
        line->phase = OPEN;
    line->events->connected(line->baton, outcome_of(line->easy, code));
}

/* libcurl's messages are taken one by one and acted upon outside its own functions, so that events
 * may open and close lines. True if there were any. */
static bool tell_results(struct osb_wire *wire)
{
    CURLMsg *message;
    bool told = false;
    int left;

    while ((message = curl_multi_info_read(wire->multi, &left)) != NULL) {
        CURLcode code = message->data.result;
        struct osb_line *line = NULL;

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&line);
        if (line->phase == CLOSED)
            continue;
        told = true;
        if (line->kind == RAW)
            tell_connected(line, code);
        else
            tell_finished(line, code);
    }
    return told;
}

static bool make_room(struct osb_wire *wire, size_t wanted)
{
    struct curl_waitfd *fds;

    if (wanted <= wire->fds_room)
        return true;
    fds = realloc(wire->fds, wanted * 2 * sizeof *fds);
    if (fds == NULL)
        return false;
    wire->fds = fds;
    wire->fds_room = wanted * 2;
    return true;
}

static void gather_sockets(struct osb_wire *wire)
{
    wire->fds_used = 0;
    for (struct osb_line *line = wire->lines; line != NULL; line = line->next) {
        curl_socket_t fd = CURL_SOCKET_BAD;

        line->poll_place = SIZE_MAX;
        if (line->phase != OPEN || !make_room(wire, wire->fds_used + 1))
            continue;
        curl_easy_getinfo(line->easy, CURLINFO_ACTIVESOCKET, &fd);
        if (fd == CURL_SOCKET_BAD)
            continue;
        line->poll_place = wire->fds_used;
        wire->fds[wire->fds_used++] = (struct curl_waitfd){.fd = fd, .events = CURL_WAIT_POLLIN};
    }
}

static void tell_readable(struct osb_wire *wire)
{
    for (struct osb_line *line = wire->lines; line != NULL; line = line->next) {
        if (line->phase == OPEN && line->poll_place < wire->fds_used &&
            wire->fds[line->poll_place].revents != 0)
            line->events->readable(line->baton);
    }
}

void osb_wire_turn(struct osb_wire *wire, uint32_t wait_ms)
{
    int running;

    sweep(wire, false);
    curl_multi_perform(wire->multi, &running);
    if (tell_results(wire))
        wait_ms = 0;
    sweep(wire, false);
    gather_sockets(wire);
    curl_multi_poll(wire->multi, wire->fds, (unsigned)wire->fds_used, (int)wait_ms, NULL);
    tell_readable(wire);
    curl_multi_perform(wire->multi, &running);
    tell_results(wire);
    sweep(wire, false);
}

uint64_t osb_wire_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
