/* SPDX-License-Identifier: Apache-2.0 */
#include "finding.h"
#include "json.h"
#include "text.h"

#include <stdio.h>
#include <string.h>

/* What OpenSpecimen says when it gets no connection to its database (its source,
 * CommonErrorCode). */
#define DATABASE_CODE "COMMON_DB_CONN_ERROR"

/* How the page begins that Tomcat makes itself for a path in no webapp (ErrorReportValve). A probe
 * asks for English, so that this holds in every locale of the server. */
#define STOCK_404 "<title>HTTP Status 404 "

static bool body_contains(const struct osb_answer *answer, const char *text)
{
    return answer->body != NULL &&
           memmem(answer->body, answer->body_length, text, strlen(text)) != NULL;
}

/* The first code of OpenSpecimen's error body, an array of {code, message}. Characters that no
 * code has end it. */
static void read_code(const struct osb_answer *answer, char *code, size_t size)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
    osb_json *errors = answer->body ? osb_json_parse(answer->body, answer->body_length) : NULL;
    const char *text = osb_json_text(osb_json_at(errors, 0), "code");

    code[0] = '\0';
    if (text != NULL)
        snprintf(code, size, "%.*s", (int)strspn(text, letters), text);
    osb_json_free(errors);
}

/* locale answers an object of formats; the locale itself is in it in every version. */
static bool is_locale(const struct osb_answer *answer)
{
    osb_json *locale = answer->body ? osb_json_parse(answer->body, answer->body_length) : NULL;
    bool is = osb_json_text(locale, "locale") != NULL;

    osb_json_free(locale);
    return is;
}

static enum osb_seen read_error_status(const struct osb_answer *answer, struct osb_finding *finding)
{
    if (answer->status == 403)
        return OSB_SEEN_FORBIDDEN;
    if (answer->status == 404 && body_contains(answer, STOCK_404))
        return OSB_SEEN_NOT_DEPLOYED;
    read_code(answer, finding->code, sizeof finding->code);
    if (answer->status == 500 && strcmp(finding->code, DATABASE_CODE) == 0)
        return OSB_SEEN_DATABASE_DOWN;
    return OSB_SEEN_FAILING;
}

/* What a whole answer with a status says. WANTED tells whether 200 with this body is right. */
static enum osb_seen read_status(const struct osb_answer *answer, bool wanted,
                                 struct osb_finding *finding)
{
    if (answer->status >= 400)
        return read_error_status(answer, finding);
    return answer->status == 200 && wanted ? OSB_SEEN_HEALTHY : OSB_SEEN_FOREIGN;
}

/* What it says that no whole answer came. */
static enum osb_seen read_failure(enum osb_question rung, const struct osb_answer *answer)
{
    bool nothing_came = answer->body_length == 0 && answer->type[0] == '\0';

    switch (answer->outcome) {
    case OSB_GARBLED:
    case OSB_OVERSIZED:
        return OSB_SEEN_FOREIGN;
    case OSB_CLOSED:
        return nothing_came ? OSB_SEEN_UNREACHABLE : OSB_SEEN_FAILING;
    case OSB_SILENT:
        return rung == OSB_ASK_CONNECT ? OSB_SEEN_UNREACHABLE : OSB_SEEN_SILENT;
    default:
        return OSB_SEEN_UNREACHABLE;
    }
}

/* The database's question was asked, but isn't answered: what the webapp says without it. */
static enum osb_seen read_beside_silence(const struct osb_answer *webapp,
                                         struct osb_finding *finding)
{
    enum osb_seen seen;

    if (webapp->outcome != OSB_ANSWERED)
        return OSB_SEEN_SILENT;
    seen = read_status(webapp, true, finding);
    if (seen == OSB_SEEN_HEALTHY)
        return OSB_SEEN_STALLED;
    finding->rung = OSB_ASK_WEBAPP;
    return seen;
}

static enum osb_seen read_rung(const struct osb_observation *observation,
                               struct osb_finding *finding)
{
    const struct osb_answer *answer = &observation->answers[finding->rung];

    if (finding->rung == OSB_ASK_DATABASE) {
        if (answer->outcome == OSB_ANSWERED)
            return read_status(answer, is_locale(answer), finding);
        if (answer->outcome == OSB_SILENT)
            return read_beside_silence(&observation->answers[OSB_ASK_WEBAPP], finding);
    }
    return read_failure(finding->rung, answer);
}

/* The lowest rung that failed, or the database's, which is the top of what decides. */
static enum osb_question deciding_rung(const struct osb_observation *observation)
{
    static const enum osb_question below[] = {OSB_ASK_CONNECT, OSB_ASK_CONNECTOR};

    for (size_t i = 0; i < sizeof below / sizeof *below; i++) {
        enum osb_outcome outcome = observation->answers[below[i]].outcome;

        if (outcome != OSB_ANSWERED && (outcome != OSB_NOT_ASKED || below[i] == OSB_ASK_CONNECT))
            return below[i];
    }
    return OSB_ASK_DATABASE;
}

/* Takes over one byte after another, and of blanks and control characters in a row one blank. */
static size_t squeeze(const char *bytes, size_t length, char *text, size_t size)
{
    size_t used = 0;

    for (size_t i = 0; i < length && used < size; i++) {
        bool blank = (unsigned char)bytes[i] <= ' ' || bytes[i] == 0x7f;

        if (!blank)
            text[used++] = bytes[i];
        else if (used > 0 && text[used - 1] != ' ')
            text[used++] = ' ';
    }
    while (used > 0 && text[used - 1] == ' ')
        used--;
    return used;
}

/* The body may hold any bytes and has no terminator; of TEXT more is taken than fits into the
 * field, so that it is osb_text_copy that cuts, and never within a character. */
static void read_said(const struct osb_answer *answer, struct osb_finding *finding)
{
    char text[2 * OSB_SAID_MAX];
    size_t used;

    if (osb_finding_is_good(finding))
        return;
    if (answer->outcome == OSB_UNTRUSTED || answer->outcome == OSB_NO_TLS)
        used = squeeze(answer->words, strlen(answer->words), text, sizeof text - 1);
    else
        used = squeeze(answer->body, answer->body ? answer->body_length : 0, text, sizeof text - 1);
    text[used] = '\0';
    osb_text_copy(finding->said, sizeof finding->said, text);
}

/* The database's question failed: does it fail where there is no database too? */
static void read_beside(const struct osb_answer *webapp, struct osb_finding *finding)
{
    bool failed = finding->rung == OSB_ASK_DATABASE && !osb_finding_is_good(finding);

    if (failed && webapp->outcome == OSB_ANSWERED)
        finding->beside = webapp->status;
}

struct osb_finding osb_finding_read(const struct osb_observation *observation)
{
    struct osb_finding finding = {.rung = deciding_rung(observation), .ms = observation->ms};
    const struct osb_answer *answer;

    finding.seen = read_rung(observation, &finding);
    answer = &observation->answers[finding.rung];
    finding.outcome = answer->outcome;
    finding.status = answer->status;
    read_said(answer, &finding);
    read_beside(&observation->answers[OSB_ASK_WEBAPP], &finding);
    finding.identity = osb_identity_read(&observation->answers[OSB_ASK_IDENTITY]);
    return finding;
}
