/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions over AJP13: CPING and GETs, one after another on one connection.
 *
 * Trap: settling a question tells the owner, who may ask the next one or close the session. So
 * whoever settles touches the session no more and returns at once.
 */
#include "session.h"
#include "wire.h"
#include "core/ajp.h"
#include "core/text.h"
#include "core/vocabulary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The buffer's first size: a usual answer is shorter. It doubles for a larger packet. */
#define FIRST_ROOM 1024

/* More bytes than this are not received for one question: the longest body, and as much again for
 * headers and for packets without a body. A container may flush as often as it likes. */
#define MOST_HEARD ((size_t)2 * OSB_BODY_MAX)

struct ajp_session {
    struct osb_session base; /* first, so that the one is the other */
    struct osb_line *line;   /* the connection */
    enum osb_question asked; /* what is under way */
    unsigned status;         /* of the answer under way; 0 before its SEND_HEADERS */
    uint8_t *bytes;          /* received, not decoded yet */
    size_t used;             /* of bytes */
    size_t heard;            /* bytes received for the question under way */
    size_t room;             /* in bytes */
    bool used_up;            /* the container closes the connection after this answer */
    struct osb_kept *kept;   /* nobody's but this; NULL: a probe's */
};

static void settle(struct ajp_session *session, enum osb_outcome outcome)
{
    osb_session_settle(&session->base, session->asked, outcome, session->status);
}

static void connected(void *baton, const struct osb_line_end *end)
{
    struct ajp_session *session = baton;

    osb_transcript_say(session->base.transcript, OSB_ASK_CONNECT, end->outcome, end->words);
    settle(session, end->outcome);
}

/* Content-Type, cut to its field. */
static void read_headers(struct ajp_session *session, const struct osb_ajp_packet *packet)
{
    struct osb_answer *answer = &session->base.transcript->observation.answers[session->asked];
    struct osb_ajp_headers rest = packet->headers;
    struct osb_ajp_text name, value;
    char type[sizeof answer->type];

    session->status = packet->status;
    while (osb_ajp_next_header(&rest, &name, &value)) {
        if (name.length == 12 && strncasecmp(name.bytes, "Content-Type", 12) == 0) {
            snprintf(type, sizeof type, "%.*s", (int)value.length, value.bytes);
            osb_text_copy(answer->type, sizeof answer->type, type);
        }
    }
}

/* Whether the packet is one that may come now, in answer to the question under way. */
static bool is_expected(const struct ajp_session *session, enum osb_ajp_kind kind)
{
    if (session->asked == OSB_ASK_CONNECTOR)
        return kind == OSB_AJP_CPONG;
    if (session->status == 0)
        return kind == OSB_AJP_SEND_HEADERS;
    return kind == OSB_AJP_SEND_BODY_CHUNK || kind == OSB_AJP_END_RESPONSE;
}

/* Takes one packet in. True if the question was settled by it. */
static bool take_packet(struct ajp_session *session, const struct osb_ajp_packet *packet)
{
    enum osb_outcome outcome = OSB_ANSWERED;

    if (!is_expected(session, packet->kind)) {
        outcome = OSB_GARBLED;
    } else if (packet->kind == OSB_AJP_SEND_HEADERS) {
        read_headers(session, packet);
        return false;
    } else if (packet->kind == OSB_AJP_SEND_BODY_CHUNK) {
        if (osb_transcript_add_body(session->base.transcript, session->asked, packet->body.bytes,
                                    packet->body.length))
            return false;
        outcome = OSB_OVERSIZED;
    } else if (packet->kind == OSB_AJP_END_RESPONSE) {
        session->used_up = !packet->reuse;
    }
    settle(session, outcome);
    return true;
}

/* Decodes what has come. True if the question was settled. */
static bool take_bytes(struct ajp_session *session)
{
    struct osb_ajp_packet packet;
    size_t at = 0;
    ptrdiff_t taken;

    while ((taken = osb_ajp_decode(session->bytes + at, session->used - at, &packet)) > 0) {
        at += (size_t)taken;
        if (packet.kind == OSB_AJP_END_RESPONSE || packet.kind == OSB_AJP_CPONG) {
            /* The last packet of an answer: the buffer is put in order before anybody is told. */
            session->used -= at;
            memmove(session->bytes, session->bytes + at, session->used);
            return take_packet(session, &packet);
        }
        if (take_packet(session, &packet))
            return true;
    }
    if (taken == OSB_AJP_BAD) {
        settle(session, OSB_GARBLED);
        return true;
    }
    session->used -= at;
    memmove(session->bytes, session->bytes + at, session->used);
    return false;
}

static bool make_room(struct ajp_session *session)
{
    size_t wanted = session->room > 0 ? session->room * 2 : FIRST_ROOM;
    uint8_t *larger;

    if (session->used < session->room)
        return true;
    larger = wanted <= OSB_AJP_PACKET_MAX ? realloc(session->bytes, wanted) : NULL;
    if (larger == NULL)
        return false;
    session->bytes = larger;
    session->room = wanted;
    return true;
}

static void close_session(struct osb_session *base);

/* Nothing is to come to a session that is kept but the connection's end. */
static void lose(struct ajp_session *session)
{
    struct osb_kept *kept = session->kept;

    kept->session = NULL;
    close_session(&session->base);
    kept->lost(kept->baton);
}

static void readable(void *baton)
{
    struct ajp_session *session = baton;

    if (session->kept != NULL) {
        lose(session);
        return;
    }
    for (;;) {
        ptrdiff_t received = -1;

        if (make_room(session))
            received = osb_line_receive(session->line, session->bytes + session->used,
                                        session->room - session->used);
        if (received == 0)
            return;
        if (received < 0) {
            /* Or its end would be told again and again while the session stays. */
            osb_line_close(session->line);
            session->line = NULL;
            settle(session, OSB_CLOSED);
            return;
        }
        session->used += (size_t)received;
        session->heard += (size_t)received;
        if (take_bytes(session))
            return;
        if (session->heard > MOST_HEARD) {
            settle(session, OSB_OVERSIZED);
            return;
        }
    }
}

static const struct osb_line_events events = {.connected = connected, .readable = readable};

static struct osb_session *open_session(struct osb_session setup)
{
    struct ajp_session *session = calloc(1, sizeof *session);

    if (session == NULL)
        return NULL;
    session->base = setup;
    session->asked = OSB_ASK_CONNECT;
    osb_transcript_ask(setup.transcript, OSB_ASK_CONNECT);
    session->line = osb_wire_connect(setup.wire, setup.spec->host, setup.spec->port, setup.limit_ms,
                                     &events, session);
    if (session->line == NULL) {
        free(session);
        return NULL;
    }
    return &session->base;
}

static size_t encode_get(const struct osb_session *session, enum osb_question question,
                         uint8_t *packet, size_t size)
{
    const struct osb_probe_spec *spec = session->spec;
#define HEADER(header, text) {.name = (header), .value = (text)},
    const struct osb_ajp_header headers[] = {{.name = "Host", .value = spec->site},
                                             OSB_PROBE_HEADERS(HEADER)};
#undef HEADER
    char target[OSB_TARGET_MAX];
    const char *uri = osb_session_target(session, question, target);
    char *query = strchr(target, '?');
    const struct osb_ajp_request request = {
        .method = OSB_AJP_METHOD_GET,
        .protocol = "HTTP/1.1",
        .uri = uri,
        .query = query != NULL ? query + 1 : NULL,
        .remote_addr = "127.0.0.1",
        .server_name = spec->site,
        .server_port = 80,
        .headers = headers,
        .header_count = sizeof headers / sizeof *headers,
        .secret = spec->secret != NULL && spec->secret[0] != '\0' ? spec->secret : NULL,
    };

    if (query != NULL)
        *query = '\0';
    return osb_ajp_encode_request(&request, packet, size);
}

/* A packet of a question is far smaller than a socket's buffer, and nothing else waits in it: if
 * the network doesn't take it at once, the connection is as good as lost. */
static void ask(struct osb_session *base, enum osb_question question)
{
    struct ajp_session *session = (struct ajp_session *)base;
    uint8_t packet[2048];
    size_t length = question == OSB_ASK_CONNECTOR
                        ? osb_ajp_encode_cping(packet, sizeof packet)
                        : encode_get(base, question, packet, sizeof packet);

    session->asked = question;
    session->status = 0;
    session->heard = 0;
    osb_transcript_ask(base->transcript, question);
    if (length == 0 || osb_line_send(session->line, packet, length) != (ptrdiff_t)length)
        settle(session, OSB_CLOSED);
}

/* The buffer is far larger than all the rest of it. */
static bool keep(struct osb_session *base, struct osb_kept *kept)
{
    struct ajp_session *session = (struct ajp_session *)base;

    if (session->line == NULL || session->used_up || session->used > 0 ||
        base->transcript->pending[session->asked])
        return false;
    free(session->bytes);
    session->bytes = NULL;
    session->room = 0;
    session->kept = kept;
    return true;
}

static void resume(struct osb_session *base, struct osb_session setup)
{
    struct ajp_session *session = (struct ajp_session *)base;

    *base = setup;
    session->kept = NULL;
    osb_transcript_ask(setup.transcript, OSB_ASK_CONNECT);
    osb_transcript_answer(setup.transcript, OSB_ASK_CONNECT, OSB_ANSWERED, 0);
}

static void close_session(struct osb_session *base)
{
    struct ajp_session *session = (struct ajp_session *)base;

    if (session->line != NULL && !osb_line_has_address(session->line))
        osb_transcript_answer(base->transcript, OSB_ASK_CONNECT, OSB_UNRESOLVED, 0);
    osb_line_close(session->line);
    free(session->bytes);
    free(session);
}

const struct osb_session_kind osb_session_ajp = {
    .open = open_session, .ask = ask, .keep = keep, .resume = resume, .close = close_session};
