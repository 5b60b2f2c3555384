/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A session asks one member one question after another; how, is its kind's business. Private to
 * probe/.
 */
#ifndef OSB_SESSION_H
#define OSB_SESSION_H

#include "probe.h"
#include "transcript.h"
#include "core/settings.h"

struct osb_wire;
struct osb_session;

struct osb_session_kind {
    /* Begins; tells `answered` of OSB_ASK_CONNECT then or later. NULL if out of memory. */
    struct osb_session *(*open)(struct osb_session setup);
    /* Asks, when the question before is answered. */
    void (*ask)(struct osb_session *session, enum osb_question question);
    /* Leaves the session without an owner but KEPT, until `resume`. False if that can't be: it may
     * be in the middle of something. NULL where no kind of session is kept. */
    bool (*keep)(struct osb_session *session, struct osb_kept *kept);
    /* Gives a session that was kept to SETUP's owner. The connection counts as answered. */
    void (*resume)(struct osb_session *session, struct osb_session setup);
    /* Since when the answer to OSB_ASK_CONNECTOR, which is under way, is waited for: not for what
     * may take long and isn't the member's doing. NULL: since it was asked. */
    uint64_t (*waits_since)(const struct osb_session *session);
    /* Frees the session; an answer that is still missing stays pending in the transcript. */
    void (*close)(struct osb_session *session);
};

/* The part that every kind of session begins with. */
struct osb_session {
    const struct osb_session_kind *kind;
    struct osb_wire *wire;             /* carries it */
    const struct osb_probe_spec *spec; /* whom to ask */
    struct osb_transcript *transcript; /* where answers are written down */
    uint32_t limit_ms;                 /* until the probe's deadline */
    /* A question has its outcome in the transcript. The session may be closed from here. */
    void (*answered)(void *baton, struct osb_session *session, enum osb_question question);
    void *baton;
};

extern const struct osb_session_kind osb_session_ajp;
extern const struct osb_session_kind osb_session_http;

/* Where the answer to a question that is a GET lies, "/openspecimen/rest/..." */
#define OSB_TARGET_MAX (OSB_CONTEXT_MAX + OSB_WARMUP_MAX)
char *osb_session_target(const struct osb_session *session, enum osb_question question,
                         char target[OSB_TARGET_MAX]);

/* The header lines of every GET, each as a name and a value: JSON, in English whatever the server's
 * locale, and none of the tokens that would make a public path ask for sign-in. */
#define OSB_PROBE_HEADERS(X)        \
    X("Accept", "application/json") \
    X("Accept-Language", "en")      \
    X("User-Agent", "mod_os_balancer/" OSB_VERSION)

/* Settles a question and tells the session's owner. */
void osb_session_settle(struct osb_session *session, enum osb_question question,
                        enum osb_outcome outcome, unsigned status);

#endif
