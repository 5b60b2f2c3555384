/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions over HTTP and HTTPS: each is a GET on a connection of its own, but for the connector's,
 * which is OPTIONS *. libcurl connects as a part of it, so the connection's own outcome is read off
 * the first one.
 */
#include "session.h"
#include "wire.h"
#include "core/text.h"
#include "core/vocabulary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct http_session {
    struct osb_session base; /* first, so that the one is the other */
    struct osb_line *line;   /* the GET under way, or NULL */
    enum osb_question asked; /* what it asks */
};

static struct osb_session *open_session(struct osb_session setup)
{
    struct http_session *session = calloc(1, sizeof *session);

    if (session == NULL)
        return NULL;
    session->base = setup;
    osb_transcript_ask(setup.transcript, OSB_ASK_CONNECT);
    return &session->base;
}

static bool take_body(void *baton, const char *bytes, size_t length)
{
    struct http_session *session = baton;

    return osb_transcript_add_body(session->base.transcript, session->asked, bytes, length);
}

/* The connection came about, or else the GET's failure is its failure. */
static void settle_connection(struct http_session *session, const struct osb_line_end *end)
{
    struct osb_transcript *transcript = session->base.transcript;
    bool connected = osb_line_has_connected(session->line);

    if (!connected)
        osb_transcript_say(transcript, OSB_ASK_CONNECT, end->outcome, end->words);
    osb_transcript_answer(transcript, OSB_ASK_CONNECT, connected ? OSB_ANSWERED : end->outcome, 0);
}

static void finish(void *baton, const struct osb_line_end *end)
{
    struct http_session *session = baton;
    struct osb_answer *answer = &session->base.transcript->observation.answers[session->asked];
    enum osb_outcome outcome = end->outcome;
    unsigned status = end->status;

    settle_connection(session, end);
    osb_transcript_say(session->base.transcript, session->asked, outcome, end->words);
    osb_text_copy(answer->type, sizeof answer->type, end->type);
    osb_line_close(session->line);
    session->line = NULL;
    osb_session_settle(&session->base, session->asked, outcome, status);
}

static const struct osb_line_events events = {.body = take_body, .finished = finish};

static void ask(struct osb_session *base, enum osb_question question)
{
#define LINE(name, value) name ": " value,
    char host[320];
    const char *const headers[] = {host, OSB_PROBE_HEADERS(LINE)};
#undef LINE
    struct http_session *session = (struct http_session *)base;
    const struct osb_probe_spec *spec = base->spec;
    bool tls = spec->scheme == OSB_SCHEME_HTTPS;
    char authority[300], target[OSB_TARGET_MAX], url[1024];

    osb_wire_authority(authority, sizeof authority, spec->host, spec->port);
    /* Tomcat refuses a Host that isn't whom the TLS handshake asked for. */
    snprintf(host, sizeof host, "Host: %s", tls ? authority : spec->site);
    snprintf(url, sizeof url, "%s://%s%s", tls ? "https" : "http", authority,
             osb_session_target(base, question, target));
    session->asked = question;
    osb_transcript_ask(base->transcript, question);
    session->line = osb_wire_get(base->wire,
                                 &(const struct osb_wire_get){
                                     .url = url,
                                     .headers = headers,
                                     .header_count = sizeof headers / sizeof *headers,
                                     .tls_ca = spec->tls_ca,
                                     .options = question == OSB_ASK_CONNECTOR,
                                     .limit_ms = base->limit_ms,
                                 },
                                 &events, session);
    if (session->line == NULL) {
        osb_transcript_answer(base->transcript, OSB_ASK_CONNECT, OSB_LOCAL, 0);
        osb_session_settle(base, question, OSB_LOCAL, 0);
    }
}

/* The lookup of its name is none of the member's doing. */
static uint64_t waits_since(const struct osb_session *base)
{
    const struct http_session *session = (const struct http_session *)base;

    if (!osb_line_has_address(session->line))
        return osb_wire_now();
    return base->transcript->asked_at[OSB_ASK_CONNECTOR] + osb_line_lookup_ms(session->line);
}

static void close_session(struct osb_session *base)
{
    struct http_session *session = (struct http_session *)base;

    if (session->line != NULL && osb_line_has_connected(session->line))
        osb_transcript_answer(base->transcript, OSB_ASK_CONNECT, OSB_ANSWERED, 0);
    else if (session->line != NULL && !osb_line_has_address(session->line))
        osb_transcript_answer(base->transcript, OSB_ASK_CONNECT, OSB_UNRESOLVED, 0);
    osb_line_close(session->line);
    free(session);
}

const struct osb_session_kind osb_session_http = {
    .open = open_session, .ask = ask, .waits_since = waits_since, .close = close_session};
