/* SPDX-License-Identifier: Apache-2.0 */
#include "statefile_fields.h"
#include "statefile.h"

#define STATUS_MAX 999

static const char *state_name(unsigned value)
{
    return osb_state_name((enum osb_state)value);
}

static const char *seen_name(unsigned value)
{
    return osb_seen_name((enum osb_seen)value);
}

static const char *rung_name(unsigned value)
{
    return osb_question_name((enum osb_question)value);
}

static const char *outcome_name(unsigned value)
{
    return osb_outcome_name((enum osb_outcome)value);
}

static const char *kind_name(unsigned value)
{
    return osb_event_name((enum osb_event_kind)value);
}

/* Rows: FIELD_ of the struct TYPE_ stands at KEY_. */
#define ROW(key_, kind_, type_, field_, ...)                                                     \
    {                                                                                            \
        .key = (key_), .type = OSB_FIELD_##kind_, .offset = offsetof(type_, field_), __VA_ARGS__ \
    }
#define SIZE(type_, field_) sizeof(((type_ *)0)->field_)

#define BOOL(type_, field_, key_)        ROW(key_, BOOL, type_, field_, .max = 1)
#define TEXT(type_, field_, key_)        ROW(key_, TEXT, type_, field_, .max = SIZE(type_, field_))
#define WORD(type_, field_, key_, max_)  ROW(key_, WORD, type_, field_, .max = (max_))
#define COUNT(type_, field_, key_, max_) ROW(key_, COUNT, type_, field_, .max = (max_))
#define NAME(type_, field_, key_, name_, count_) \
    ROW(key_, NAME, type_, field_, .max = (count_), .name = (name_))
#define OBJECT(type_, field_, key_, rows_) ROW(key_, OBJECT, type_, field_, .fields = (rows_))

static const struct osb_field identity_fields[] = {
    BOOL(struct osb_identity, known, "known"),
    TEXT(struct osb_identity, version, "version"),
    TEXT(struct osb_identity, commit, "commit"),
    TEXT(struct osb_identity, date, "date"),
    TEXT(struct osb_identity, environment, "environment"),
    TEXT(struct osb_identity, plugins, "plugins"),
    WORD(struct osb_identity, digest, "digest", UINT32_MAX),
    {.key = NULL},
};

static const struct osb_field verdict_fields[] = {
    NAME(struct osb_verdict, state, "state", state_name, OSB_STATES),
    COUNT(struct osb_verdict, since, "since", OSB_COUNT_MAX),
    WORD(struct osb_verdict, streak, "streak", UINT32_MAX),
    BOOL(struct osb_verdict, good, "good"),
    BOOL(struct osb_verdict, booting, "booting"),
    {.key = NULL},
};

static const struct osb_field finding_fields[] = {
    NAME(struct osb_finding, seen, "seen", seen_name, OSB_SEEN_KINDS),
    NAME(struct osb_finding, rung, "rung", rung_name, OSB_QUESTIONS),
    NAME(struct osb_finding, outcome, "outcome", outcome_name, OSB_OUTCOMES),
    WORD(struct osb_finding, status, "status", STATUS_MAX),
    WORD(struct osb_finding, ms, "ms", UINT32_MAX),
    WORD(struct osb_finding, beside, "beside", STATUS_MAX),
    TEXT(struct osb_finding, code, "code"),
    TEXT(struct osb_finding, said, "said"),
    OBJECT(struct osb_finding, identity, "identity", identity_fields),
    {.key = NULL},
};

const struct osb_field osb_statefile_member_fields[] = {
    ROW("key", TEXT, struct osb_saved_member, key, .max = OSB_KEY_MAX, .whole = true),
    OBJECT(struct osb_saved_member, record.verdict, "verdict", verdict_fields),
    OBJECT(struct osb_saved_member, record.finding, "finding", finding_fields),
    OBJECT(struct osb_saved_member, record.build, "build", identity_fields),
    COUNT(struct osb_saved_member, record.checked, "checked", OSB_COUNT_MAX),
    COUNT(struct osb_saved_member, record.identified, "identified", OSB_COUNT_MAX),
    COUNT(struct osb_saved_member, record.checks, "checks", OSB_COUNT_MAX),
    COUNT(struct osb_saved_member, record.failures, "failures", OSB_COUNT_MAX),
    COUNT(struct osb_saved_member, record.late, "late", OSB_COUNT_MAX),
    COUNT(struct osb_saved_member, record.hinted, "hinted", OSB_COUNT_MAX),
    {.key = NULL},
};

const struct osb_field osb_statefile_event_fields[] = {
    COUNT(struct osb_event, number, "number", OSB_COUNT_MAX),
    COUNT(struct osb_event, at, "at", OSB_COUNT_MAX),
    NAME(struct osb_event, kind, "kind", kind_name, OSB_EVENT_KINDS),
    BOOL(struct osb_event, over, "over"),
    NAME(struct osb_event, from, "from", state_name, OSB_STATES),
    NAME(struct osb_event, to, "to", state_name, OSB_STATES),
    COUNT(struct osb_event, lasted, "lasted", OSB_COUNT_MAX),
    TEXT(struct osb_event, server, "server"),
    TEXT(struct osb_event, balancer, "balancer"),
    TEXT(struct osb_event, member, "member"),
    TEXT(struct osb_event, words, "words"),
    {.key = NULL},
};

const struct osb_field osb_statefile_summary_fields[] = {
    COUNT(struct osb_statefile_summary, members, "members", OSB_SAVED_MEMBERS_MAX),
    COUNT(struct osb_statefile_summary, events, "events", OSB_SAVED_EVENTS_MAX),
    COUNT(struct osb_statefile_summary, notified, "notified", OSB_COUNT_MAX),
    {.key = NULL},
};
