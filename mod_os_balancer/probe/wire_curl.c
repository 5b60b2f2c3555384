/* SPDX-License-Identifier: Apache-2.0 */
#include "wire_private.h"

#include <curl/curl.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* More connections than any site has members: libcurl closes the oldest idle connection when a
 * handle has more than this, and a raw one counts as idle until it is taken over. */
#define MOST_CONNECTIONS 1000000L
/* So long authorities that were read count. */
#define AUTHORITIES_S 60L
/* libcurl receives into a buffer of this size; an answer to a check is about as long. */
#define RECEIVE_SIZE 1024L

bool osb_wire_prepare(void)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

/* ---- what libcurl calls ---------------------------------------------------------------------- */

static int watch_socket(CURL *easy, curl_socket_t fd, int what, void *baton, void *unused)
{
    (void)easy;
    (void)unused;
    osb_wire_watch(baton, fd,
                   what == CURL_POLL_REMOVE ? 0
                                            : (what & CURL_POLL_IN ? (uint32_t)EPOLLIN : 0) |
                                                  (what & CURL_POLL_OUT ? (uint32_t)EPOLLOUT : 0));
    return 0;
}

/* A ms is added, since the clock cuts its own: libcurl isn't called too early. */
static int set_timer(CURLM *multi, long wait_ms, void *baton)
{
    struct osb_wire *wire = baton;

    (void)multi;
    if (wait_ms < 0)
        wire->timer = UINT64_MAX;
    else
        wire->timer = osb_wire_now() + (uint64_t)wait_ms + (wait_ms > 0);
    return 0;
}

/* The process runs programs, which are to get none of a probe's sockets. That there is no socket to
 * be had, libcurl tells as if the member refused. */
static curl_socket_t open_socket(void *baton, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct osb_line *line = baton;
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);

    (void)purpose;
    if (fd < 0 && errno != EAFNOSUPPORT)
        line->want = errno;
    return fd;
}

static size_t take_body(char *bytes, size_t one, size_t length, void *baton)
{
    struct osb_line *line = baton;

    if (line->phase == OSB_LINE_CLOSED || !line->events->body(line->baton, bytes, one * length))
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

/* ---- handles --------------------------------------------------------------------------------- */

bool osb_curl_begin(struct osb_wire *wire)
{
    wire->multi = curl_multi_init();
    if (wire->multi == NULL)
        return false;
    curl_multi_setopt(wire->multi, CURLMOPT_MAXCONNECTS, MOST_CONNECTIONS);
    curl_multi_setopt(wire->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
    curl_multi_setopt(wire->multi, CURLMOPT_SOCKETDATA, wire);
    curl_multi_setopt(wire->multi, CURLMOPT_TIMERFUNCTION, set_timer);
    curl_multi_setopt(wire->multi, CURLMOPT_TIMERDATA, wire);
    return true;
}

void osb_curl_end(struct osb_wire *wire)
{
    curl_multi_cleanup(wire->multi);
}

/* Of a line that was closed before it was told of its connection: libcurl may keep that, and closes
 * it when it sees its end. */
static void end_untold_connection(const struct osb_line *line)
{
    curl_socket_t fd = CURL_SOCKET_BAD;

    if (curl_easy_getinfo(line->easy, CURLINFO_ACTIVESOCKET, &fd) == CURLE_OK &&
        fd != CURL_SOCKET_BAD)
        shutdown(fd, SHUT_RDWR);
}

void osb_curl_release(struct osb_line *line)
{
    if (line->easy == NULL)
        return;
    if (line->kind == OSB_LINE_RAW && line->phase == OSB_LINE_CLOSED)
        end_untold_connection(line);
    curl_multi_remove_handle(line->wire->multi, line->easy);
    curl_easy_cleanup(line->easy);
    curl_slist_free_all(line->headers);
    curl_slist_free_all(line->at);
    free(line->error);
    line->easy = NULL;
    line->headers = NULL;
    line->at = NULL;
    line->error = NULL;
}

/* What holds for every line: no signals in a threaded server, no proxy from the environment, a
 * deadline, no wait for a lookup that outlives it, and each lookup asked of the system, whose
 * resolver knows how long an answer holds. */
static void set_common(struct osb_line *line, uint32_t limit_ms)
{
    curl_easy_setopt(line->easy, CURLOPT_PRIVATE, line);
    curl_easy_setopt(line->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(line->easy, CURLOPT_PROXY, "");
    curl_easy_setopt(line->easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(line->easy, CURLOPT_TIMEOUT_MS, (long)limit_ms);
    curl_easy_setopt(line->easy, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
    curl_easy_setopt(line->easy, CURLOPT_BUFFERSIZE, RECEIVE_SIZE);
    curl_easy_setopt(line->easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(line->easy, CURLOPT_OPENSOCKETDATA, line);
#if LIBCURL_VERSION_NUM >= 0x075700
    curl_easy_setopt(line->easy, CURLOPT_QUICK_EXIT, 1L);
#endif
}

static struct osb_line *make_line(struct osb_wire *wire, enum osb_line_kind kind, const char *url,
                                  uint32_t limit_ms, const struct osb_line_events *events,
                                  void *baton)
{
    struct osb_line *line = osb_line_make(wire, kind, events, baton);

    if (line == NULL)
        return NULL;
    line->easy = curl_easy_init();
    if (line->easy == NULL) {
        osb_line_free(line);
        return NULL;
    }
    set_common(line, limit_ms);
    curl_easy_setopt(line->easy, CURLOPT_URL, url);
    return line;
}

/* Hands a line to libcurl, or frees it. */
static struct osb_line *begin(struct osb_line *line)
{
    if (curl_multi_add_handle(line->wire->multi, line->easy) == CURLM_OK)
        return line;
    osb_line_free(line);
    return NULL;
}

struct osb_line *osb_curl_connect(struct osb_wire *wire, const char *host, unsigned port,
                                  uint32_t limit_ms, const struct osb_line_events *events,
                                  void *baton)
{
    struct osb_line *line;
    char authority[300], url[512];

    snprintf(url, sizeof url, "http://%s/",
             osb_wire_authority(authority, sizeof authority, host, port));
    line = make_line(wire, OSB_LINE_RAW, url, limit_ms, events, baton);
    if (line == NULL)
        return NULL;
    curl_easy_setopt(line->easy, CURLOPT_CONNECT_ONLY, 1L);
    return begin(line);
}

/* libcurl verifies the certificate's chain and name unless told not to. The system's folder of
 * authorities would count beside the file. Authorities are read anew now and then, and not once a
 * day, so that somebody who renews them isn't left with the old ones. */
static void set_tls(struct osb_line *line, const struct osb_wire_get *get)
{
#if LIBCURL_VERSION_NUM >= 0x075700
    curl_easy_setopt(line->easy, CURLOPT_CA_CACHE_TIMEOUT, AUTHORITIES_S);
#endif
    if (get->unverified) {
        curl_easy_setopt(line->easy, CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(line->easy, CURLOPT_SSL_VERIFYHOST, 0L);
    }
    if (get->tls_ca == NULL || get->tls_ca[0] == '\0')
        return;
    curl_easy_setopt(line->easy, CURLOPT_CAINFO, get->tls_ca);
    curl_easy_setopt(line->easy, CURLOPT_CAPATH, NULL);
}

/* The port stays the URL's, and so does the name that TLS and the Host header have. */
static void set_address(struct osb_line *line, const char *at)
{
    char text[300];

    if (at == NULL)
        return;
    snprintf(text, sizeof text, "::%s:", at);
    line->at = curl_slist_append(NULL, text);
    curl_easy_setopt(line->easy, CURLOPT_CONNECT_TO, line->at);
}

/* An answer to OPTIONS may have a body, as one to GET. */
static void set_options(struct osb_line *line)
{
    curl_easy_setopt(line->easy, CURLOPT_CUSTOMREQUEST, "OPTIONS");
    curl_easy_setopt(line->easy, CURLOPT_REQUEST_TARGET, "*");
}

struct osb_line *osb_wire_get(struct osb_wire *wire, const struct osb_wire_get *get,
                              const struct osb_line_events *events, void *baton)
{
    struct osb_line *line = make_line(wire, OSB_LINE_GET, get->url, get->limit_ms, events, baton);

    if (line == NULL)
        return NULL;
    for (size_t i = 0; i < get->header_count; i++) {
        struct curl_slist *longer = curl_slist_append(line->headers, get->headers[i]);

        line->headers = longer != NULL ? longer : line->headers;
    }
    line->error = calloc(1, CURL_ERROR_SIZE);
    set_tls(line, get);
    set_address(line, get->at);
    if (get->options)
        set_options(line);
    curl_easy_setopt(line->easy, CURLOPT_ERRORBUFFER, line->error);
    curl_easy_setopt(line->easy, CURLOPT_HTTPHEADER, line->headers);
    curl_easy_setopt(line->easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(line->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(line->easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(line->easy, CURLOPT_HEADERDATA, line);
    curl_easy_setopt(line->easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(line->easy, CURLOPT_WRITEDATA, line);
    return begin(line);
}

/* In us; 0: it hasn't ended. */
static curl_off_t lookup_time(const struct osb_line *line)
{
    curl_off_t looked_up = 1;

    if (line->easy != NULL)
        curl_easy_getinfo(line->easy, CURLINFO_NAMELOOKUP_TIME_T, &looked_up);
    return looked_up;
}

bool osb_line_has_address(const struct osb_line *line)
{
    return lookup_time(line) > 0;
}

uint64_t osb_line_lookup_ms(const struct osb_line *line)
{
    return (uint64_t)lookup_time(line) / 1000;
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

/* ---- results --------------------------------------------------------------------------------- */

static int connect_errno(const struct osb_line *line)
{
    long number = 0;

    curl_easy_getinfo(line->easy, CURLINFO_OS_ERRNO, &number);
    return number != 0 ? (int)number : ENETUNREACH;
}

/* A name isn't found either where the resolver gets no socket: then there is none for us. */
static void look_for_descriptor(struct osb_line *line)
{
    int fd = fcntl(line->wire->epoll, F_DUPFD_CLOEXEC, 0);

    if (fd < 0)
        line->want = errno;
    else
        close(fd);
}

static enum osb_outcome outcome_of(struct osb_line *line, CURLcode code)
{
    static const struct code_row {
        CURLcode code;
        enum osb_outcome outcome;
    } rows[] = {
        {CURLE_OK, OSB_ANSWERED},
        {CURLE_COULDNT_RESOLVE_HOST, OSB_UNKNOWN_NAME},
        {CURLE_OPERATION_TIMEDOUT, OSB_SILENT},
        {CURLE_WRITE_ERROR, OSB_OVERSIZED},
        {CURLE_PEER_FAILED_VERIFICATION, OSB_UNTRUSTED},
        {CURLE_SSL_ISSUER_ERROR, OSB_UNTRUSTED},
        {CURLE_SSL_CONNECT_ERROR, OSB_NO_TLS},
        {CURLE_GOT_NOTHING, OSB_CLOSED},
        {CURLE_PARTIAL_FILE, OSB_CLOSED},
        {CURLE_RECV_ERROR, OSB_CLOSED},
        {CURLE_SEND_ERROR, OSB_CLOSED},
        {CURLE_SSL_CACERT_BADFILE, OSB_LOCAL},
        {CURLE_FAILED_INIT, OSB_LOCAL},
    };

    if (code == CURLE_COULDNT_RESOLVE_HOST)
        look_for_descriptor(line);
    if (line->want != 0 && code != CURLE_OK)
        return OSB_LOCAL;
    if (code == CURLE_OPERATION_TIMEDOUT && !osb_line_has_address(line))
        return OSB_UNRESOLVED;
    if (code == CURLE_COULDNT_CONNECT)
        return osb_socket_outcome(line, connect_errno(line));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].code == code)
            return rows[i].outcome;
    }
    return OSB_GARBLED;
}

/* Why, in libcurl's or the system's words. */
static const char *words_of(const struct osb_line *line)
{
    if (line->want != 0)
        return strerror(line->want);
    return line->error != NULL ? line->error : "";
}

static void tell_finished(struct osb_line *line, CURLcode code)
{
    struct osb_line_end end = {.outcome = outcome_of(line, code), .words = words_of(line)};
    long status = 0;
    char *type = NULL;

    curl_easy_getinfo(line->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(line->easy, CURLINFO_CONTENT_TYPE, &type);
    /* libcurl takes HTTP/0.9 and other odd beginnings for failures; a status out of range too. */
    if (end.outcome == OSB_ANSWERED && (status < 100 || status > 999))
        end.outcome = OSB_GARBLED;
    end.status = end.outcome == OSB_ANSWERED ? (unsigned)status : 0;
    end.type = type != NULL ? type : "";
    line->events->finished(line->baton, &end);
}

/* Takes an open connection over from libcurl, which needs far more memory for it than a socket. */
static bool take_over(struct osb_line *line)
{
    curl_socket_t fd = CURL_SOCKET_BAD;
    int own;

    curl_easy_getinfo(line->easy, CURLINFO_ACTIVESOCKET, &fd);
    own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (own < 0)
        line->want = errno;
    osb_curl_release(line);
    return osb_socket_take_over(line, own);
}

static void tell_connected(struct osb_line *line, CURLcode code)
{
    struct osb_line_end end = {.outcome = outcome_of(line, code), .type = ""};

    if (end.outcome == OSB_ANSWERED && !take_over(line))
        end.outcome = OSB_LOCAL;
    end.words = words_of(line);
    line->events->connected(line->baton, &end);
}

/* Messages are taken one by one and acted upon outside of libcurl's own functions, so that events
 * may open and close lines. */
bool osb_curl_tell_results(struct osb_wire *wire)
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
        if (line->phase == OSB_LINE_CLOSED)
            continue;
        told = true;
        if (line->kind == OSB_LINE_RAW)
            tell_connected(line, code);
        else
            tell_finished(line, code);
    }
    return told;
}

void osb_curl_take_event(struct osb_wire *wire, int fd, uint32_t events)
{
    int what = (events & EPOLLIN ? CURL_CSELECT_IN : 0) |
               (events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
               (events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
    int running;

    curl_multi_socket_action(wire->multi, fd, what, &running);
}

void osb_curl_take_time(struct osb_wire *wire)
{
    int running;

    wire->timer = UINT64_MAX;
    curl_multi_socket_action(wire->multi, CURL_SOCKET_TIMEOUT, 0, &running);
}
