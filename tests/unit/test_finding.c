/* SPDX-License-Identifier: Apache-2.0 */
/* The OpenSpecimen reader: what each kind of answer means, and how it is put into words. */
#include "unit.h"

#include "core/finding.h"
#include "answers.h"
#include "guarded.h"

#define WORDS_MAX 160

#define LOCALE "{\"deBeDateFmt\":\"dd-MM-yyyy\",\"utcOffset\":0,\"locale\":\"en_US\"}"
#define STOCK(language, title) \
    "<!doctype html><html lang=\"" language "\"><head><title>" title "</title></head></html>"
#define STOCK_404        STOCK("en", "HTTP Status 404 – Not Found")
#define ERROR_BODY(code) "[{\"code\":\"" code "\",\"message\":\"Please report this error.\"}]"

/* An answer that came whole, of which nothing else counts, and one that broke off. */
#define WHOLE                   \
    {                           \
        .outcome = OSB_ANSWERED \
    }
#define BROKEN(...)                        \
    {                                      \
        .outcome = OSB_CLOSED, __VA_ARGS__ \
    }
/* Observations, by the rung that they ended on. */
#define CONNECT(...)                    \
    {                                   \
        [OSB_ASK_CONNECT] = __VA_ARGS__ \
    }
#define CONNECTOR(answer)                                       \
    {                                                           \
        [OSB_ASK_CONNECT] = WHOLE, [OSB_ASK_CONNECTOR] = answer \
    }
#define DATABASE(...)                                                                            \
    {                                                                                            \
        [OSB_ASK_CONNECT] = WHOLE, [OSB_ASK_CONNECTOR] = WHOLE, [OSB_ASK_DATABASE] = __VA_ARGS__ \
    }
#define HTTP(answer)                                           \
    {                                                          \
        [OSB_ASK_CONNECT] = WHOLE, [OSB_ASK_DATABASE] = answer \
    }
#define ASIDE(answer)                                                                      \
    {                                                                                      \
        [OSB_ASK_CONNECT] = WHOLE, [OSB_ASK_CONNECTOR] = WHOLE, [OSB_ASK_WEBAPP] = answer, \
        [OSB_ASK_DATABASE] = NONE(OSB_SILENT)                                              \
    }
#define BESIDE(answer, webapp)                                                             \
    {                                                                                      \
        [OSB_ASK_CONNECT] = WHOLE, [OSB_ASK_CONNECTOR] = WHOLE, [OSB_ASK_WEBAPP] = webapp, \
        [OSB_ASK_DATABASE] = answer                                                        \
    }

#define TEN "123456789_"

static const struct reading_row {
    const char *says;
    struct osb_answer answers[OSB_QUESTIONS];
    enum osb_seen seen;
    enum osb_question rung;
    const char *code;
    const char *words;
} readings[] = {
    {"Tomcat isn't running: the connection is refused", CONNECT(NONE(OSB_REFUSED)),
     OSB_SEEN_UNREACHABLE, OSB_ASK_CONNECT, "",
     "the connection is refused, nobody listens on its port"},
    {"the host drops packets", CONNECT(NONE(OSB_SILENT)), OSB_SEEN_UNREACHABLE, OSB_ASK_CONNECT, "",
     "no connection within the time limit"},
    {"the host is on no network of ours", CONNECT(NONE(OSB_NO_ROUTE)), OSB_SEEN_UNREACHABLE,
     OSB_ASK_CONNECT, "", "the network has no route to its host"},
    {"the host's name is unknown", CONNECT(NONE(OSB_UNKNOWN_NAME)), OSB_SEEN_UNREACHABLE,
     OSB_ASK_CONNECT, "", "its host name has no address"},
    {"the certificate isn't trusted", CONNECT(NONE(OSB_UNTRUSTED)), OSB_SEEN_UNREACHABLE,
     OSB_ASK_CONNECT, "", "its TLS certificate is not accepted"},
    {"TLS doesn't come about", CONNECT(NONE(OSB_NO_TLS)), OSB_SEEN_UNREACHABLE, OSB_ASK_CONNECT, "",
     "the TLS handshake fails"},
    {"nothing was asked", CONNECT(NONE(OSB_NOT_ASKED)), OSB_SEEN_UNREACHABLE, OSB_ASK_CONNECT, "",
     "it was not asked"},
    {"a connection is closed as soon as it is made", CONNECT(NONE(OSB_CLOSED)),
     OSB_SEEN_UNREACHABLE, OSB_ASK_CONNECT, "", "it closes connections without an answer"},
    {"Tomcat starts, or hangs: CPING is silent", CONNECTOR(NONE(OSB_SILENT)), OSB_SEEN_SILENT,
     OSB_ASK_CONNECTOR, "", "it accepts connections, but not even its connector answers"},
    {"CPING is answered by a closed connection", CONNECTOR(NONE(OSB_CLOSED)), OSB_SEEN_UNREACHABLE,
     OSB_ASK_CONNECTOR, "", "it closes connections without an answer"},
    {"CPING is answered by a web server", CONNECTOR(NONE(OSB_GARBLED)), OSB_SEEN_FOREIGN,
     OSB_ASK_CONNECTOR, "", "it answers bytes that are not the protocol's"},

    {"up, over AJP", DATABASE(SAYS(200, LOCALE)), OSB_SEEN_HEALTHY, OSB_ASK_DATABASE, "",
     "OpenSpecimen answers"},
    {"up, over HTTP", HTTP(SAYS(200, LOCALE)), OSB_SEEN_HEALTHY, OSB_ASK_DATABASE, "",
     "OpenSpecimen answers"},
    {"the webapp failed to start, or was undeployed", DATABASE(SAYS(404, STOCK_404)),
     OSB_SEEN_NOT_DEPLOYED, OSB_ASK_DATABASE, "",
     "Tomcat answers, but OpenSpecimen is not deployed or failed to start"},
    {"the stock page in French is not known, which is why probes ask for English",
     DATABASE(SAYS(404, STOCK("fr", "État HTTP 404 – Non trouvé"))), OSB_SEEN_FAILING,
     OSB_ASK_DATABASE, "", "it answers 404"},
    {"the webapp's own 404", DATABASE(SAYS(404, "<html><title>Not found</title></html>")),
     OSB_SEEN_FAILING, OSB_ASK_DATABASE, "", "it answers 404"},
    {"a 404 without a body", DATABASE(SAYS(404, "")), OSB_SEEN_FAILING, OSB_ASK_DATABASE, "",
     "it answers 404"},
    {"the database refuses connections", DATABASE(SAYS(500, ERROR_BODY("COMMON_DB_CONN_ERROR"))),
     OSB_SEEN_DATABASE_DOWN, OSB_ASK_DATABASE, "COMMON_DB_CONN_ERROR",
     "OpenSpecimen gets no connection to its database"},
    {"the database's code with another status is no proof",
     DATABASE(SAYS(503, ERROR_BODY("COMMON_DB_CONN_ERROR"))), OSB_SEEN_FAILING, OSB_ASK_DATABASE,
     "COMMON_DB_CONN_ERROR", "it answers 503 COMMON_DB_CONN_ERROR"},
    {"SQL failed midway", DATABASE(SAYS(500, ERROR_BODY("COMMON_SQL_EXCEPTION"))), OSB_SEEN_FAILING,
     OSB_ASK_DATABASE, "COMMON_SQL_EXCEPTION", "it answers 500 COMMON_SQL_EXCEPTION"},
    {"an exception", DATABASE(SAYS(500, ERROR_BODY("internal_error"))), OSB_SEEN_FAILING,
     OSB_ASK_DATABASE, "internal_error", "it answers 500 internal_error"},
    {"another exception", DATABASE(SAYS(500, ERROR_BODY("COMMON_SERVER_ERROR"))), OSB_SEEN_FAILING,
     OSB_ASK_DATABASE, "COMMON_SERVER_ERROR", "it answers 500 COMMON_SERVER_ERROR"},
    {"the wrong AJP secret", DATABASE(SAYS(403, STOCK("en", "HTTP Status 403 – Forbidden"))),
     OSB_SEEN_FORBIDDEN, OSB_ASK_DATABASE, "",
     "it answers 403: the AJP secret is wrong or missing, or an access rule refuses us"},
    {"sign-in is asked for", DATABASE(SAYS(401, "")), OSB_SEEN_FAILING, OSB_ASK_DATABASE, "",
     "it answers 401"},
    {"a proxy in between has no node", HTTP(SAYS(502, "<html>Bad Gateway</html>")),
     OSB_SEEN_FAILING, OSB_ASK_DATABASE, "", "it answers 502"},

    {"the database is a black hole", ASIDE(SAYS(200, "{}")), OSB_SEEN_STALLED, OSB_ASK_DATABASE, "",
     "OpenSpecimen answers, but not where it needs its database"},
    {"the webapp is silent too", ASIDE(NONE(OSB_SILENT)), OSB_SEEN_SILENT, OSB_ASK_DATABASE, "",
     "it accepts connections, but answers no request"},
    {"the webapp wasn't asked in time", ASIDE(NONE(OSB_NOT_ASKED)), OSB_SEEN_SILENT,
     OSB_ASK_DATABASE, "", "it accepts connections, but answers no request"},
    {"beside the silence the webapp is gone", ASIDE(SAYS(404, STOCK_404)), OSB_SEEN_NOT_DEPLOYED,
     OSB_ASK_WEBAPP, "", "Tomcat answers, but OpenSpecimen is not deployed or failed to start"},
    {"beside the silence the webapp fails", ASIDE(SAYS(500, ERROR_BODY("internal_error"))),
     OSB_SEEN_FAILING, OSB_ASK_WEBAPP, "internal_error", "it answers 500 internal_error"},
    {"beside the silence there is a redirect", ASIDE(SAYS(302, "")), OSB_SEEN_FOREIGN,
     OSB_ASK_WEBAPP, "", "it answers 302, but not as OpenSpecimen does"},

    {"200 with HTML", DATABASE(SAYS(200, "<html>Welcome to nginx!</html>")), OSB_SEEN_FOREIGN,
     OSB_ASK_DATABASE, "", "it answers 200, but not as OpenSpecimen does"},
    {"200 without a body", DATABASE(BARE(200)), OSB_SEEN_FOREIGN, OSB_ASK_DATABASE, "",
     "it answers 200, but not as OpenSpecimen does"},
    {"200 with half of the JSON", DATABASE(SAYS(200, "{\"locale\":\"en_US\",\"timeFmt")),
     OSB_SEEN_FOREIGN, OSB_ASK_DATABASE, "", "it answers 200, but not as OpenSpecimen does"},
    {"200 with more after the JSON", DATABASE(SAYS(200, LOCALE "x")), OSB_SEEN_FOREIGN,
     OSB_ASK_DATABASE, "", "it answers 200, but not as OpenSpecimen does"},
    {"200 with JSON that has no locale", DATABASE(SAYS(200, "{\"status\":\"UP\"}")),
     OSB_SEEN_FOREIGN, OSB_ASK_DATABASE, "", "it answers 200, but not as OpenSpecimen does"},
    {"200 with a locale that is no text", DATABASE(SAYS(200, "{\"locale\":{\"id\":1}}")),
     OSB_SEEN_FOREIGN, OSB_ASK_DATABASE, "", "it answers 200, but not as OpenSpecimen does"},
    {"200 with a JSON array", DATABASE(SAYS(200, "[" LOCALE "]")), OSB_SEEN_FOREIGN,
     OSB_ASK_DATABASE, "", "it answers 200, but not as OpenSpecimen does"},
    {"200 with bytes that aren't UTF-8", DATABASE(SAYS(200, "{\"locale\":\"\xff\"}")),
     OSB_SEEN_FOREIGN, OSB_ASK_DATABASE, "", "it answers 200, but not as OpenSpecimen does"},
    {"200 with a NUL in the JSON", DATABASE(SAYS(200, "{\"locale\":\"en\0US\"}")), OSB_SEEN_FOREIGN,
     OSB_ASK_DATABASE, "", "it answers 200, but not as OpenSpecimen does"},
    {"the right body with 203", DATABASE(SAYS(203, LOCALE)), OSB_SEEN_FOREIGN, OSB_ASK_DATABASE, "",
     "it answers 203, but not as OpenSpecimen does"},
    {"no content", DATABASE(SAYS(204, "")), OSB_SEEN_FOREIGN, OSB_ASK_DATABASE, "",
     "it answers 204, but not as OpenSpecimen does"},
    {"a redirect to a sign-in page", DATABASE(SAYS(302, "")), OSB_SEEN_FOREIGN, OSB_ASK_DATABASE,
     "", "it answers 302, but not as OpenSpecimen does"},
    {"an endless body", DATABASE(NONE(OSB_OVERSIZED)), OSB_SEEN_FOREIGN, OSB_ASK_DATABASE, "",
     "it answers more than any OpenSpecimen would"},
    {"the connection is closed instead of an answer", DATABASE(NONE(OSB_CLOSED)),
     OSB_SEEN_UNREACHABLE, OSB_ASK_DATABASE, "", "it closes connections without an answer"},
    {"the answer breaks off in its body", DATABASE(BROKEN(.body = "{\"lo", .body_length = 4)),
     OSB_SEEN_FAILING, OSB_ASK_DATABASE, "",
     "it closed the connection in the middle of its answer"},
    {"the answer breaks off after its headers", DATABASE(BROKEN(.type = "application/json")),
     OSB_SEEN_FAILING, OSB_ASK_DATABASE, "",
     "it closed the connection in the middle of its answer"},
    {"the answer is garbage", HTTP(NONE(OSB_GARBLED)), OSB_SEEN_FOREIGN, OSB_ASK_DATABASE, "",
     "it answers bytes that are not the protocol's"},

    {"a code ends at a line break", DATABASE(SAYS(500, ERROR_BODY("BAD\\nerror: all is well"))),
     OSB_SEEN_FAILING, OSB_ASK_DATABASE, "BAD", "it answers 500 BAD"},
    {"a code that is markup is none", DATABASE(SAYS(500, ERROR_BODY("<script>alert(1)</script>"))),
     OSB_SEEN_FAILING, OSB_ASK_DATABASE, "", "it answers 500"},
    {"a code in other letters ends where they begin", DATABASE(SAYS(500, ERROR_BODY("ERR_É"))),
     OSB_SEEN_FAILING, OSB_ASK_DATABASE, "ERR_", "it answers 500 ERR_"},
    {"a code that is too long is cut",
     DATABASE(SAYS(500, ERROR_BODY("A23456789_123456789_123456789_123456789_123456789_"))),
     OSB_SEEN_FAILING, OSB_ASK_DATABASE, "A23456789_123456789_123456789_123456789_1234567",
     "it answers 500 A23456789_123456789_123456789_123456789_1234567"},
    {"a code that is a number is none", DATABASE(SAYS(500, "[{\"code\":7}]")), OSB_SEEN_FAILING,
     OSB_ASK_DATABASE, "", "it answers 500"},
    {"an error that is no array has no code",
     DATABASE(SAYS(500, "{\"code\":\"COMMON_DB_CONN_ERROR\"}")), OSB_SEEN_FAILING, OSB_ASK_DATABASE,
     "", "it answers 500"},
    {"an empty array has no code", DATABASE(SAYS(500, "[]")), OSB_SEEN_FAILING, OSB_ASK_DATABASE,
     "", "it answers 500"},
    {"the code's name in other text is no proof",
     DATABASE(SAYS(500, "<html>COMMON_DB_CONN_ERROR</html>")), OSB_SEEN_FAILING, OSB_ASK_DATABASE,
     "", "it answers 500"},
};

/* Lets the one body of OBSERVATION, or the last of them, end at a page that nobody may touch. */
static void guard_body(struct osb_observation *observation)
{
    static uint8_t *end;

    if (end == NULL)
        end = guarded_end(OSB_BODY_MAX);
    for (int i = 0; i < OSB_QUESTIONS; i++) {
        struct osb_answer *answer = &observation->answers[i];

        if (answer->body != NULL)
            answer->body = (char *)guarded_copy(end, answer->body, answer->body_length);
    }
}

static void every_answer_is_read_for_what_it_is(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, readings)
    {
        struct osb_observation observation = {.ms = 12};
        struct osb_finding finding;

        memcpy(observation.answers, row->answers, sizeof row->answers);
        guard_body(&observation);
        finding = osb_finding_read(&observation);
        assert_int_equal(finding.seen, row->seen);
        assert_int_equal(finding.rung, row->rung);
        assert_int_equal(finding.outcome, row->answers[row->rung].outcome);
        assert_int_equal(finding.status, row->answers[row->rung].status);
        assert_int_equal(finding.ms, 12);
        assert_string_equal(finding.code, row->code);
        assert_int_equal(osb_finding_is_good(&finding), row->seen == OSB_SEEN_HEALTHY);
        assert_false(finding.identity.known);
    }
}

static void every_finding_has_its_words(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, readings)
    {
        struct osb_observation observation = {.ms = 12};
        struct osb_finding finding;
        char words[WORDS_MAX];

        memcpy(observation.answers, row->answers, sizeof row->answers);
        finding = osb_finding_read(&observation);
        assert_ptr_equal(osb_finding_words(&finding, words, sizeof words), words);
        assert_string_equal(words, row->words);
    }
}

static void assert_words_are_fit_to_print(const struct osb_observation *observation)
{
    struct osb_finding finding = osb_finding_read(observation);
    char words[WORDS_MAX];
    size_t length = strlen(osb_finding_words(&finding, words, sizeof words));

    assert_in_range(length, 1, sizeof words - 2);
    for (size_t at = 0; at < length; at++)
        assert_in_range(words[at], ' ', '~');
    assert_true(words[length - 1] != '.');
}

/* Whatever came of each of the four questions that decide, and with each kind of answer. */
static void no_words_are_empty_cut_or_more_than_one_line_of_ascii(void **state)
{
    static const struct osb_answer kinds[] = {
        SAYS(200, LOCALE), SAYS(302, "x"), SAYS(404, STOCK_404),
        SAYS(999, ERROR_BODY("A23456789_123456789_123456789_123456789_123456789_")), BARE(0)};
    const unsigned count = OSB_OUTCOMES + sizeof kinds / sizeof *kinds;

    (void)state;
    for (unsigned i = 0; i < count * count * count * count; i++) {
        struct osb_observation observation = {.ms = UINT32_MAX};
        unsigned rest = i;

        for (int question = 0; question < OSB_ASK_IDENTITY; question++, rest /= count) {
            unsigned kind = rest % count;

            observation.answers[question] =
                kind < OSB_OUTCOMES ? (struct osb_answer){.outcome = (enum osb_outcome)kind}
                                    : kinds[kind - OSB_OUTCOMES];
        }
        assert_words_are_fit_to_print(&observation);
    }
}

static void words_are_cut_to_a_small_buffer(void **state)
{
    const struct osb_finding finding = {.seen = OSB_SEEN_HEALTHY};
    char words[5];

    (void)state;
    assert_string_equal(osb_finding_words(&finding, words, sizeof words), "Open");
}

static void json_that_is_nested_without_end_is_only_foreign(void **state)
{
    static char body[OSB_BODY_MAX];
    struct osb_observation observation = {.answers = DATABASE(NONE(OSB_ANSWERED))};
    struct osb_answer *answer = &observation.answers[OSB_ASK_DATABASE];

    (void)state;
    memset(body, '[', sizeof body);
    answer->body = body;
    answer->body_length = sizeof body;
    answer->status = 200;
    assert_int_equal(osb_finding_read(&observation).seen, OSB_SEEN_FOREIGN);
    answer->status = 500;
    assert_int_equal(osb_finding_read(&observation).seen, OSB_SEEN_FAILING);
}

static const struct evidence_row {
    const char *says;
    struct osb_answer answers[OSB_QUESTIONS];
    const char *said;
    unsigned beside;
    const char *words; /* NULL: no matter */
} evidence[] = {
    {"a good answer needs no evidence", DATABASE(SAYS(200, LOCALE)), "", 0, NULL},
    {"how a bad answer begins", DATABASE(SAYS(502, "<h1>Bad Gateway</h1>")), "<h1>Bad Gateway</h1>",
     0, NULL},
    {"what isn't OpenSpecimen's", DATABASE(SAYS(200, "It works!")), "It works!", 0, NULL},
    {"blanks and line ends in a row are one blank, and none at either end",
     DATABASE(SAYS(500, "\r\n\t <p>\n\n  a  b\v\f</p> \n")), "<p> a b </p>", 0, NULL},
    {"so are control characters", DATABASE(SAYS(500, "a\0\x1b[31m\x7f\1b\0")), "a [31m b", 0, NULL},
    {"bytes that aren't UTF-8", DATABASE(SAYS(500, "\xff\xe9t\xc3")), "??t?", 0, NULL},
    {"other letters", DATABASE(SAYS(404, "Non trouvé – ページ")), "Non trouvé – ページ", 0, NULL},
    {"nothing but blanks", DATABASE(SAYS(500, " \n \0 ")), "", 0, NULL},
    {"a body that fits",
     DATABASE(SAYS(500, TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "1234567")),
     TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "1234567", 0, NULL},
    {"a body that is longer is cut",
     DATABASE(SAYS(500, TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "12345678")),
     TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "1234567", 0, NULL},
    {"but not within a character",
     DATABASE(SAYS(500, TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "123456é")),
     TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "123456", 0, NULL},
    {"half an answer is evidence too", DATABASE(BROKEN(.body = "{\"lo", .body_length = 4)), "{\"lo",
     0, NULL},
    {"of a silent database the answer that decided is told",
     ASIDE(SAYS(404, STOCK("en", "HTTP Status 404 – Not Found"))), STOCK_404, 0, NULL},
    {"nothing came", CONNECT(NONE(OSB_REFUSED)), "", 0, NULL},

    {"a certificate, in the TLS library's words",
     CONNECT({.outcome = OSB_UNTRUSTED, .words = "certificate has expired"}),
     "certificate has expired", 0, "its TLS certificate is not accepted: certificate has expired"},
    {"a handshake, in the TLS library's words",
     CONNECT({.outcome = OSB_NO_TLS, .words = "wrong version number\n"}), "wrong version number", 0,
     "the TLS handshake fails: wrong version number"},
    {"words that end in a full stop lose it",
     CONNECT({.outcome = OSB_UNTRUSTED, .words = "Not trusted.. "}), "Not trusted..", 0,
     "its TLS certificate is not accepted: Not trusted"},
    {"words in other letters are told, but words are ASCII",
     CONNECT({.outcome = OSB_UNTRUSTED, .words = "abgelaufen: für é"}), "abgelaufen: für é", 0,
     "its TLS certificate is not accepted: abgelaufen: f??r ??"},
    {"without words", CONNECT({.outcome = OSB_NO_TLS}), "", 0, "the TLS handshake fails"},
    {"other outcomes have no words of their own", CONNECT({.outcome = OSB_REFUSED, .words = "x"}),
     "", 0, "the connection is refused, nobody listens on its port"},

    {"it fails where it needs its database",
     BESIDE(SAYS(500, ERROR_BODY("COMMON_SQL_EXCEPTION")), BARE(200)),
     ERROR_BODY("COMMON_SQL_EXCEPTION"), 200,
     "it answers 500 COMMON_SQL_EXCEPTION where it needs its database"},
    {"it fails elsewhere too", BESIDE(SAYS(500, ERROR_BODY("internal_error")), BARE(500)),
     ERROR_BODY("internal_error"), 500, "it answers 500 internal_error"},
    {"nobody knows whether it fails elsewhere",
     BESIDE(SAYS(500, ERROR_BODY("internal_error")), NONE(OSB_SILENT)),
     ERROR_BODY("internal_error"), 0, "it answers 500 internal_error"},
    {"half an answer from elsewhere tells nothing",
     BESIDE(SAYS(500, ERROR_BODY("internal_error")), BROKEN(.status = 200)),
     ERROR_BODY("internal_error"), 0, "it answers 500 internal_error"},
    {"the database refuses connections, and the webapp is well",
     BESIDE(SAYS(500, ERROR_BODY("COMMON_DB_CONN_ERROR")), BARE(200)),
     ERROR_BODY("COMMON_DB_CONN_ERROR"), 200, "OpenSpecimen gets no connection to its database"},
    {"the database stalls, and the webapp is well", ASIDE(SAYS(200, "{}")), "", 200,
     "OpenSpecimen answers, but not where it needs its database"},
    {"beside an answer that is right nothing matters", BESIDE(SAYS(200, LOCALE), BARE(500)), "", 0,
     "OpenSpecimen answers"},
    {"where the webapp itself decides there is nothing beside", ASIDE(SAYS(500, "x")), "x", 0,
     "it answers 500"},
};

static void what_was_said_and_what_was_beside_is_kept(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, evidence)
    {
        struct osb_observation observation = {.ms = 12};
        struct osb_finding finding;
        char words[WORDS_MAX];

        memcpy(observation.answers, row->answers, sizeof row->answers);
        guard_body(&observation);
        finding = osb_finding_read(&observation);
        assert_string_equal(finding.said, row->said);
        assert_int_equal(finding.beside, row->beside);
        if (row->words != NULL)
            assert_string_equal(osb_finding_words(&finding, words, sizeof words), row->words);
    }
}

/* As much of a body as is ever read, with nothing to show before its last byte. */
static void a_body_of_blanks_ends_where_it_ends(void **state)
{
    static char body[OSB_BODY_MAX];
    struct osb_observation observation = {.answers = DATABASE(BARE(500))};
    struct osb_answer *answer = &observation.answers[OSB_ASK_DATABASE];

    (void)state;
    memset(body, ' ', sizeof body);
    body[sizeof body - 1] = 'x';
    answer->body = body;
    answer->body_length = sizeof body;
    guard_body(&observation);
    assert_string_equal(osb_finding_read(&observation).said, "x");
}

static void words_too_long_to_add_are_left_out(void **state)
{
    struct osb_finding finding = {.seen = OSB_SEEN_UNREACHABLE, .outcome = OSB_UNTRUSTED};
    char words[WORDS_MAX];

    (void)state;
    memset(finding.said, 'a', sizeof finding.said - 1);
    assert_string_equal(osb_finding_words(&finding, words, sizeof words),
                        "its TLS certificate is not accepted");
    finding.said[sizeof((struct osb_answer *)0)->words - 1] = '\0';
    assert_int_equal(strlen(osb_finding_words(&finding, words, sizeof words)),
                     strlen("its TLS certificate is not accepted: ") + strlen(finding.said));
}

/* Names are keys in files: a table here of its own, so that none changes unseen. */
static void all_kinds_have_their_names(void **state)
{
    static const char *const seen[OSB_SEEN_KINDS] = {
        [OSB_SEEN_HEALTHY] = "healthy",
        [OSB_SEEN_SILENT] = "silent",
        [OSB_SEEN_STALLED] = "stalled",
        [OSB_SEEN_NOT_DEPLOYED] = "not-deployed",
        [OSB_SEEN_DATABASE_DOWN] = "database-down",
        [OSB_SEEN_FAILING] = "failing",
        [OSB_SEEN_UNREACHABLE] = "unreachable",
        [OSB_SEEN_FORBIDDEN] = "forbidden",
        [OSB_SEEN_FOREIGN] = "foreign",
    };
    static const char *const questions[OSB_QUESTIONS] = {"connect", "connector", "webapp",
                                                         "database", "identity"};
    static const char *const outcomes[OSB_OUTCOMES] = {
        "not-asked", "answered", "silent", "refused", "no-route",  "unknown-name", "unresolved",
        "untrusted", "no-tls",   "closed", "garbled", "oversized", "local"};

    (void)state;
    for (int i = 0; i < OSB_SEEN_KINDS; i++)
        assert_string_equal(osb_seen_name((enum osb_seen)i), seen[i]);
    for (int i = 0; i < OSB_QUESTIONS; i++)
        assert_string_equal(osb_question_name((enum osb_question)i), questions[i]);
    for (int i = 0; i < OSB_OUTCOMES; i++)
        assert_string_equal(osb_outcome_name((enum osb_outcome)i), outcomes[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_answer_is_read_for_what_it_is),
        cmocka_unit_test(every_finding_has_its_words),
        cmocka_unit_test(no_words_are_empty_cut_or_more_than_one_line_of_ascii),
        cmocka_unit_test(words_are_cut_to_a_small_buffer),
        cmocka_unit_test(json_that_is_nested_without_end_is_only_foreign),
        cmocka_unit_test(what_was_said_and_what_was_beside_is_kept),
        cmocka_unit_test(a_body_of_blanks_ends_where_it_ends),
        cmocka_unit_test(words_too_long_to_add_are_left_out),
        cmocka_unit_test(all_kinds_have_their_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
