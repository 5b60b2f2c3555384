/* SPDX-License-Identifier: Apache-2.0 */
#include "probe.h"
#include "session.h"
#include "wire.h"

#include <stdlib.h>
#include <string.h>

static const struct scheme_row {
    const char *name;
    const struct osb_session_kind *session;
} schemes[OSB_SCHEMES] = {
    [OSB_SCHEME_AJP] = {"ajp", &osb_session_ajp},
    [OSB_SCHEME_HTTP] = {"http", &osb_session_http},
    [OSB_SCHEME_HTTPS] = {"https", &osb_session_http},
};

/* A session and what it heard. */
struct talk {
    struct osb_session *session; /* NULL: not begun, or over */
    struct osb_transcript transcript;
};

struct probe {
    struct probe *next;                /* in the prober's list */
    struct osb_prober *prober;         /* owner */
    const struct osb_probe_spec *spec; /* the caller's */
    osb_probe_done *done;              /* the caller's; NULL once told, the probe is then freed */
    void *baton;                       /* the caller's */
    uint64_t started;                  /* ms */
    uint64_t decided;   /* ms; when the database's question was settled; 0: not yet */
    struct talk ladder; /* the ladder itself */
    struct talk aside;  /* the webapp's question beside a silent database's */
};

struct osb_prober {
    struct osb_wire *wire;
    struct probe *probes;
};

bool osb_scheme_find(const char *name, enum osb_scheme *scheme)
{
    for (int i = 0; i < OSB_SCHEMES; i++) {
        if (strcmp(schemes[i].name, name) == 0) {
            *scheme = (enum osb_scheme)i;
            return true;
        }
    }
    return false;
}

bool osb_prober_prepare(void)
{
    return osb_wire_prepare();
}

struct osb_prober *osb_prober_make(void)
{
    struct osb_prober *prober = calloc(1, sizeof *prober);

    if (prober == NULL || (prober->wire = osb_wire_make()) == NULL) {
        free(prober);
        return NULL;
    }
    return prober;
}

static void end_talk(struct talk *talk)
{
    if (talk->session != NULL)
        talk->session->kind->close(talk->session);
    talk->session = NULL;
}

static void free_probe(struct probe *probe)
{
    end_talk(&probe->ladder);
    end_talk(&probe->aside);
    osb_transcript_clear(&probe->ladder.transcript);
    osb_transcript_clear(&probe->aside.transcript);
    free(probe);
}

void osb_prober_free(struct osb_prober *prober)
{
    if (prober == NULL)
        return;
    while (prober->probes != NULL) {
        struct probe *probe = prober->probes;

        prober->probes = probe->next;
        free_probe(probe);
    }
    osb_wire_free(prober->wire);
    free(prober);
}

/* Ends both talks, and tells the caller. The probe is freed at the turn's end, since a session's
 * own event may be what led here. */
static void finish(struct probe *probe)
{
    struct osb_observation *seen = &probe->ladder.transcript.observation;
    osb_probe_done *done = probe->done;
    uint64_t end = probe->decided > 0 ? probe->decided : osb_wire_now();

    end_talk(&probe->ladder);
    end_talk(&probe->aside);
    osb_transcript_expire(&probe->ladder.transcript);
    osb_transcript_expire(&probe->aside.transcript);
    seen->answers[OSB_ASK_WEBAPP] = probe->aside.transcript.observation.answers[OSB_ASK_WEBAPP];
    seen->ms = (uint32_t)(end - probe->started);
    probe->done = NULL;
    done(probe->baton, seen);
}

/* What the ladder asks after a question that was answered; OSB_QUESTIONS: nothing more. */
static enum osb_question next_question(const struct probe *probe, enum osb_question answered)
{
    const struct osb_answer *answer = &probe->ladder.transcript.observation.answers[answered];

    if (answer->outcome != OSB_ANSWERED)
        return OSB_QUESTIONS;
    switch (answered) {
    case OSB_ASK_CONNECT:
        return OSB_ASK_CONNECTOR;
    case OSB_ASK_CONNECTOR:
        return OSB_ASK_DATABASE;
    case OSB_ASK_DATABASE:
        return probe->spec->identity && answer->status == 200 ? OSB_ASK_IDENTITY : OSB_QUESTIONS;
    default:
        return OSB_QUESTIONS;
    }
}

static void climb(void *baton, struct osb_session *session, enum osb_question answered)
{
    struct probe *probe = baton;
    enum osb_question next = next_question(probe, answered);

    if (answered == OSB_ASK_DATABASE)
        probe->decided = osb_wire_now();
    if (next == OSB_QUESTIONS)
        finish(probe);
    else
        session->kind->ask(session, next);
}

/* The second connection asks one thing; its answer waits for the deadline or the database's. */
static void ask_aside(void *baton, struct osb_session *session, enum osb_question answered)
{
    struct probe *probe = baton;

    if (answered == OSB_ASK_CONNECT &&
        probe->aside.transcript.observation.answers[answered].outcome == OSB_ANSWERED)
        session->kind->ask(session, OSB_ASK_WEBAPP);
}

/* Opens a talk. An AJP session asks FIRST when it is connected; HTTP asks it at once, since it
 * connects with the question. */
static bool begin_talk(struct probe *probe, struct talk *talk, enum osb_question first,
                       void (*answered)(void *, struct osb_session *, enum osb_question))
{
    const struct osb_session_kind *kind = schemes[probe->spec->scheme].session;
    uint64_t gone = osb_wire_now() - probe->started;
    uint32_t limit_ms = probe->spec->timeout_ms;
    const struct osb_session setup = {
        .kind = kind,
        .wire = probe->prober->wire,
        .spec = probe->spec,
        .transcript = &talk->transcript,
        .limit_ms = gone < limit_ms ? limit_ms - (uint32_t)gone : 1,
        .answered = answered,
        .baton = probe,
    };

    talk->session = kind->open(setup);
    if (talk->session == NULL)
        return false;
    if (kind == &osb_session_http)
        kind->ask(talk->session, first);
    return true;
}

bool osb_prober_start(struct osb_prober *prober, const struct osb_probe_spec *spec,
                      osb_probe_done *done, void *baton)
{
    struct probe *probe = calloc(1, sizeof *probe);

    if (probe == NULL)
        return false;
    *probe = (struct probe){
        .prober = prober, .spec = spec, .done = done, .baton = baton, .started = osb_wire_now()};
    if (!begin_talk(probe, &probe->ladder, OSB_ASK_DATABASE, climb)) {
        free_probe(probe);
        return false;
    }
    probe->next = prober->probes;
    prober->probes = probe;
    return true;
}

static uint64_t deadline(const struct probe *probe)
{
    return probe->started + probe->spec->timeout_ms;
}

/* Halfway to the deadline: time to ask the webapp beside a database that is silent so far. */
static uint64_t halfway(const struct probe *probe)
{
    return probe->started + probe->spec->timeout_ms / 2;
}

static bool wants_aside(const struct probe *probe)
{
    return probe->aside.session == NULL && probe->ladder.transcript.pending[OSB_ASK_DATABASE];
}

static void look_at_clock(struct probe *probe, uint64_t now)
{
    if (now >= deadline(probe))
        finish(probe);
    else if (now >= halfway(probe) && wants_aside(probe))
        begin_talk(probe, &probe->aside, OSB_ASK_WEBAPP, ask_aside);
}

/* When look_at_clock has something to do next. */
static uint64_t next_alarm(const struct probe *probe, uint64_t now)
{
    return now < halfway(probe) ? halfway(probe) : deadline(probe);
}

static void sweep(struct osb_prober *prober)
{
    struct probe **place = &prober->probes;

    while (*place != NULL) {
        struct probe *probe = *place;

        if (probe->done == NULL) {
            *place = probe->next;
            free_probe(probe);
        } else {
            place = &probe->next;
        }
    }
}

/* Looks at every probe's clock, and returns how long the next one leaves to wait: not at all when a
 * caller was told something, who may want to act upon it. */
static uint32_t run_clocks(struct osb_prober *prober, uint32_t wait_ms)
{
    uint64_t now = osb_wire_now();
    uint64_t until = now + wait_ms;

    for (struct probe *probe = prober->probes; probe != NULL; probe = probe->next) {
        if (probe->done == NULL)
            continue;
        look_at_clock(probe, now);
        if (probe->done == NULL)
            until = now;
        else if (next_alarm(probe, now) < until)
            until = next_alarm(probe, now);
    }
    return (uint32_t)(until - now);
}

void osb_prober_turn(struct osb_prober *prober, uint32_t wait_ms)
{
    wait_ms = run_clocks(prober, wait_ms);
    osb_wire_turn(prober->wire, wait_ms);
    run_clocks(prober, 0);
    sweep(prober);
}

uint64_t osb_prober_now(void)
{
    return osb_wire_now();
}
