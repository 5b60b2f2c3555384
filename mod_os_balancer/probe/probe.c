/* SPDX-License-Identifier: Apache-2.0 */
#include "probe.h"
#include "session.h"
#include "wire.h"
#include "core/finding.h"

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
    struct probe *next, **place;       /* in one of the prober's lists, and what points here */
    struct osb_prober *prober;         /* owner */
    const struct osb_probe_spec *spec; /* the caller's */
    osb_probe_done *done;              /* the caller's; NULL once told */
    void *baton;                       /* the caller's */
    uint64_t started;                  /* ms */
    uint64_t decided;   /* ms; when the database's question was settled; 0: not yet */
    bool resumed;       /* the ladder goes on with the connection of the check before */
    struct talk ladder; /* the ladder itself */
    struct talk *aside; /* the webapp's question beside a silent database's; NULL: not asked */
    bool aside_begun;   /* or tried in vain */
};

struct osb_prober {
    struct osb_wire *wire;
    struct probe *running; /* those under way */
    struct probe *ended;   /* told, and freed at the turn's end */
    uint64_t alarm;        /* ms; no clock of a running probe has anything to do before */
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
    prober->alarm = UINT64_MAX;
    return prober;
}

static void enlist(struct probe *probe, struct probe **list)
{
    probe->next = *list;
    probe->place = list;
    if (probe->next != NULL)
        probe->next->place = &probe->next;
    *list = probe;
}

static void delist(struct probe *probe)
{
    *probe->place = probe->next;
    if (probe->next != NULL)
        probe->next->place = probe->place;
}

static void end_talk(struct talk *talk)
{
    if (talk->session != NULL)
        talk->session->kind->close(talk->session);
    talk->session = NULL;
}

static void clear_talk(struct talk *talk)
{
    end_talk(talk);
    osb_transcript_clear(&talk->transcript);
}

static void free_probe(struct probe *probe)
{
    delist(probe);
    clear_talk(&probe->ladder);
    if (probe->aside != NULL)
        clear_talk(probe->aside);
    free(probe->aside);
    free(probe);
}

static void free_probes(struct probe *first)
{
    struct probe *next;

    for (struct probe *probe = first; probe != NULL; probe = next) {
        next = probe->next;
        free_probe(probe);
    }
}

void osb_prober_free(struct osb_prober *prober)
{
    if (prober == NULL)
        return;
    free_probes(prober->running);
    free_probes(prober->ended);
    osb_wire_free(prober->wire);
    free(prober);
}

/* A member that is well is asked on the same connection the next time. */
static void keep_connection(struct probe *probe)
{
    struct osb_kept *kept = probe->spec->kept;
    struct talk *talk = &probe->ladder;
    const struct osb_answer *answers = talk->transcript.observation.answers;

    if (kept == NULL || talk->session == NULL || talk->session->kind->keep == NULL ||
        answers[OSB_ASK_DATABASE].status != 200 || !talk->session->kind->keep(talk->session, kept))
        return;
    if (!probe->resumed)
        kept->opened = probe->started;
    kept->session = talk->session;
    talk->session = NULL;
}

/* What the second connection heard of the webapp, if the ladder didn't ask; and that the connector
 * is silent by now, whatever it said before. */
static void take_aside(struct probe *probe, struct osb_observation *seen)
{
    const struct osb_answer *answers = probe->aside->transcript.observation.answers;

    end_talk(probe->aside);
    osb_transcript_expire(&probe->aside->transcript);
    if (seen->answers[OSB_ASK_WEBAPP].outcome == OSB_NOT_ASKED)
        seen->answers[OSB_ASK_WEBAPP] = answers[OSB_ASK_WEBAPP];
    if (seen->answers[OSB_ASK_DATABASE].outcome == OSB_SILENT &&
        answers[OSB_ASK_CONNECTOR].outcome == OSB_SILENT)
        seen->answers[OSB_ASK_CONNECTOR] = answers[OSB_ASK_CONNECTOR];
}

/* Ends both talks, and tells the caller. The probe is freed at the turn's end, since a session's
 * own event may be what led here. */
static void finish(struct probe *probe)
{
    struct osb_observation *seen = &probe->ladder.transcript.observation;
    osb_probe_done *done = probe->done;
    uint64_t end = probe->decided > 0 ? probe->decided : osb_wire_now();

    keep_connection(probe);
    end_talk(&probe->ladder);
    osb_transcript_expire(&probe->ladder.transcript);
    if (probe->aside != NULL)
        take_aside(probe, seen);
    seen->ms = (uint32_t)(end - probe->started);
    probe->done = NULL;
    delist(probe);
    enlist(probe, &probe->prober->ended);
    done(probe->baton, seen);
}

static bool aside_has_answer(const struct probe *probe)
{
    return probe->aside != NULL &&
           probe->aside->transcript.observation.answers[OSB_ASK_WEBAPP].outcome == OSB_ANSWERED;
}

/* The database's question was answered: what else is worth knowing? Of a failure, whether the
 * webapp fails too, unless the failure has told so by itself or the second connection asks it. */
static enum osb_question question_beyond(const struct probe *probe)
{
    const struct osb_observation *seen = &probe->ladder.transcript.observation;
    unsigned status = seen->answers[OSB_ASK_DATABASE].status;
    enum osb_seen meaning;

    if (status == 200)
        return probe->spec->identity ? OSB_ASK_IDENTITY : OSB_QUESTIONS;
    if (status < 400 || aside_has_answer(probe))
        return OSB_QUESTIONS;
    meaning = osb_finding_read(seen).seen;
    return meaning == OSB_SEEN_FORBIDDEN || meaning == OSB_SEEN_NOT_DEPLOYED ? OSB_QUESTIONS
                                                                             : OSB_ASK_WEBAPP;
}

/* The first GET. */
static enum osb_question first_question(const struct osb_probe_spec *spec)
{
    return spec->path != NULL ? OSB_ASK_WEBAPP : OSB_ASK_DATABASE;
}

/* What the ladder asks after a question that was answered; OSB_QUESTIONS: nothing more. */
static enum osb_question next_question(const struct probe *probe, enum osb_question answered)
{
    if (probe->ladder.transcript.observation.answers[answered].outcome != OSB_ANSWERED)
        return OSB_QUESTIONS;
    switch (answered) {
    case OSB_ASK_CONNECT:
        return OSB_ASK_CONNECTOR;
    case OSB_ASK_CONNECTOR:
        return first_question(probe->spec);
    case OSB_ASK_DATABASE:
        return question_beyond(probe);
    default:
        return OSB_QUESTIONS;
    }
}

static bool is_http(const struct probe *probe)
{
    return schemes[probe->spec->scheme].session == &osb_session_http;
}

static uint64_t waits_since(const struct talk *talk)
{
    return talk->session->kind->waits_since != NULL
               ? talk->session->kind->waits_since(talk->session)
               : talk->transcript.asked_at[OSB_ASK_CONNECTOR];
}

/* When the connector must have shown a sign of life in this talk; UINT64_MAX: it has, or has all
 * the time. Over HTTP a question and its connection are one. */
static uint64_t ping_deadline(const struct probe *probe, const struct talk *talk)
{
    const struct osb_probe_spec *spec = probe->spec;
    const struct osb_transcript *transcript = &talk->transcript;

    if (spec->ping_ms == 0)
        return UINT64_MAX;
    if (transcript->pending[OSB_ASK_CONNECTOR])
        return waits_since(talk) + spec->ping_ms;
    if (transcript->pending[OSB_ASK_CONNECT] && !is_http(probe) && osb_wire_is_address(spec->host))
        return transcript->asked_at[OSB_ASK_CONNECT] + spec->ping_ms;
    return UINT64_MAX;
}

static uint64_t sooner(uint64_t one, uint64_t other)
{
    return one < other ? one : other;
}

static uint64_t deadline(const struct probe *probe)
{
    uint64_t end = probe->started + probe->spec->timeout_ms;

    if (probe->aside != NULL && probe->decided == 0)
        end = sooner(end, ping_deadline(probe, probe->aside));
    return sooner(end, ping_deadline(probe, &probe->ladder));
}

static bool wants_aside(const struct probe *probe)
{
    return !probe->aside_begun && probe->ladder.transcript.pending[OSB_ASK_DATABASE];
}

/* When it is time for the second connection, beside a database that is silent so far: halfway to
 * the deadline, or as soon as a connector would have answered. Over HTTP the ladder itself doesn't
 * ask that, so that a member in doubt is asked at once. */
static uint64_t aside_due(const struct probe *probe)
{
    const struct osb_probe_spec *spec = probe->spec;
    uint64_t halfway = probe->started + spec->timeout_ms / 2;
    uint64_t asked = probe->ladder.transcript.asked_at[OSB_ASK_DATABASE];

    if (!wants_aside(probe))
        return UINT64_MAX;
    if (spec->ping_ms == 0)
        return halfway;
    return is_http(probe) && spec->fresh ? asked : sooner(halfway, asked + spec->ping_ms);
}

/* For the next thing that the clock decides. */
static void set_next_alarm(const struct probe *probe)
{
    uint64_t when = sooner(deadline(probe), aside_due(probe));

    probe->prober->alarm = sooner(when, probe->prober->alarm);
}

static void begin_anew(struct probe *probe);

/* Whether the connection that was kept had come to its end before it was asked again: nothing at
 * all was heard on it. */
static bool was_lost(const struct probe *probe, enum osb_question answered)
{
    const struct osb_answer *answer = &probe->ladder.transcript.observation.answers[answered];

    return probe->resumed && answered == OSB_ASK_DATABASE && answer->outcome == OSB_CLOSED &&
           answer->type[0] == '\0' && answer->body_length == 0;
}

static void climb(void *baton, struct osb_session *session, enum osb_question answered)
{
    struct probe *probe = baton;
    enum osb_question next = next_question(probe, answered);

    if (was_lost(probe, answered)) {
        begin_anew(probe);
        return;
    }
    if (answered == OSB_ASK_DATABASE)
        probe->decided = osb_wire_now();
    if (next == OSB_QUESTIONS) {
        finish(probe);
        return;
    }
    session->kind->ask(session, next);
    set_next_alarm(probe);
}

/* The second connection asks for a sign of the connector's and the webapp's; what it hears waits
 * for the deadline or the database's answer. Over HTTP the webapp's question doesn't depend on what
 * came of the connector's: a gateway may close the connection at that. */
static void ask_aside(void *baton, struct osb_session *session, enum osb_question answered)
{
    struct probe *probe = baton;
    enum osb_outcome outcome = probe->aside->transcript.observation.answers[answered].outcome;

    if (answered == OSB_ASK_WEBAPP || (outcome != OSB_ANSWERED && !is_http(probe)))
        return;
    session->kind->ask(session, answered == OSB_ASK_CONNECT ? OSB_ASK_CONNECTOR : OSB_ASK_WEBAPP);
    set_next_alarm(probe);
}

static struct osb_session set_up(struct probe *probe, struct talk *talk,
                                 void (*answered)(void *, struct osb_session *, enum osb_question))
{
    uint64_t gone = osb_wire_now() - probe->started;
    uint32_t limit_ms = probe->spec->timeout_ms;

    return (struct osb_session){
        .kind = schemes[probe->spec->scheme].session,
        .wire = probe->prober->wire,
        .spec = probe->spec,
        .transcript = &talk->transcript,
        .limit_ms = gone < limit_ms ? limit_ms - (uint32_t)gone : 1,
        .answered = answered,
        .baton = probe,
    };
}

/* Opens a talk. An AJP session asks FIRST when it is connected; HTTP asks it at once, since it
 * connects with the question. */
static bool begin_talk(struct probe *probe, struct talk *talk, enum osb_question first,
                       void (*answered)(void *, struct osb_session *, enum osb_question))
{
    const struct osb_session setup = set_up(probe, talk, answered);

    talk->session = setup.kind->open(setup);
    if (talk->session == NULL)
        return false;
    if (setup.kind == &osb_session_http)
        setup.kind->ask(talk->session, first);
    return true;
}

/* Without a time limit for the connector, its answer over HTTP would tell nothing more than the
 * webapp's. */
static void begin_aside(struct probe *probe)
{
    probe->aside_begun = true;
    probe->aside = calloc(1, sizeof *probe->aside);
    if (probe->aside != NULL)
        begin_talk(probe, probe->aside,
                   probe->spec->ping_ms > 0 ? OSB_ASK_CONNECTOR : OSB_ASK_WEBAPP, ask_aside);
}

static void begin_anew(struct probe *probe)
{
    clear_talk(&probe->ladder);
    probe->resumed = false;
    if (begin_talk(probe, &probe->ladder, first_question(probe->spec), climb)) {
        set_next_alarm(probe);
        return;
    }
    osb_transcript_ask(&probe->ladder.transcript, OSB_ASK_CONNECT);
    osb_transcript_answer(&probe->ladder.transcript, OSB_ASK_CONNECT, OSB_LOCAL, 0);
    finish(probe);
}

/* Goes on with the connection of the check before. False if there is none, or it may not. */
static bool resume_talk(struct probe *probe)
{
    struct osb_kept *kept = probe->spec->kept;
    struct talk *talk = &probe->ladder;

    if (kept == NULL || kept->session == NULL)
        return false;
    if (probe->spec->fresh || probe->started - kept->opened >= OSB_KEPT_MS) {
        osb_kept_close(kept);
        return false;
    }
    talk->session = kept->session;
    kept->session = NULL;
    probe->resumed = true;
    talk->session->kind->resume(talk->session, set_up(probe, talk, climb));
    talk->session->kind->ask(talk->session, OSB_ASK_DATABASE);
    return true;
}

void osb_kept_close(struct osb_kept *kept)
{
    if (kept->session != NULL)
        kept->session->kind->close(kept->session);
    kept->session = NULL;
}

bool osb_prober_start(struct osb_prober *prober, const struct osb_probe_spec *spec,
                      osb_probe_done *done, void *baton)
{
    struct probe *probe = calloc(1, sizeof *probe);

    if (probe == NULL)
        return false;
    *probe = (struct probe){
        .prober = prober, .spec = spec, .done = done, .baton = baton, .started = osb_wire_now()};
    enlist(probe, &prober->running);
    if (!resume_talk(probe) &&
        !begin_talk(probe, &probe->ladder, first_question(probe->spec), climb)) {
        free_probe(probe);
        return false;
    }
    set_next_alarm(probe);
    return true;
}

/* Does what it is time for, and sets the next alarm. */
static void look_at_clock(struct probe *probe, uint64_t now)
{
    if (now >= deadline(probe)) {
        finish(probe);
        return;
    }
    if (now >= aside_due(probe))
        begin_aside(probe);
    set_next_alarm(probe);
}

/* Looks at the clocks if it is time for one of them. */
static void run_clocks(struct osb_prober *prober)
{
    uint64_t now = osb_wire_now();
    struct probe *next;

    if (now < prober->alarm)
        return;
    prober->alarm = UINT64_MAX;
    for (struct probe *probe = prober->running; probe != NULL; probe = next) {
        next = probe->next;
        look_at_clock(probe, now);
    }
}

/* How long the clocks leave to wait: not at all when a caller was told something, who may want to
 * act upon it. */
static uint32_t time_to_wait(const struct osb_prober *prober, uint32_t wait_ms)
{
    uint64_t now = osb_wire_now();

    if (prober->ended != NULL || prober->alarm <= now)
        return 0;
    return prober->alarm - now < wait_ms ? (uint32_t)(prober->alarm - now) : wait_ms;
}

/* What has come is taken before the clocks are looked at: a thread that gets no processor for a
 * while must not call a member silent whose answer lies there. */
void osb_prober_turn(struct osb_prober *prober, uint32_t wait_ms)
{
    osb_wire_turn(prober->wire, time_to_wait(prober, wait_ms));
    run_clocks(prober);
    free_probes(prober->ended);
}

uint64_t osb_prober_now(void)
{
    return osb_wire_now();
}
