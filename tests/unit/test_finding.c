/* SPDX-License-Identifier: Apache-2.0 */
/* The OpenSpecimen reader: what each kind of answer means, and how it is put into words. */
#include "unit.h"

#include "core/finding.h"
#include "guarded.h"

#define WORDS_MAX 160

#define LOCALE "{\"deBeDateFmt\":\"dd-MM-yyyy\",\"utcOffset\":0,\"locale\":\"en_US\"}"
#define STOCK(language, title) \
    "<!doctype html><html lang=\"" language "\"><head><title>" title "</title></head></html>"
#define STOCK_404        STOCK("en", "HTTP Status 404 – Not Found")
#define ERROR_BODY(code) "[{\"code\":\"" code "\",\"message\":\"Please report this error.\"}]"

/* An answer that came whole, one with a status and a body, one without a body, and one that
 * didn't come. */
#define WHOLE                   \
    {                           \
        .outcome = OSB_ANSWERED \
    }
#define SAYS(code, text)                                                                       \
    {                                                                                          \
        .outcome = OSB_ANSWERED, .status = code, .body = text, .body_length = sizeof(text) - 1 \
    }
#define BARE(code)                              \
    {                                           \
        .outcome = OSB_ANSWERED, .status = code \
    }
#define NONE(what)      \
    {                   \
        .outcome = what \
    }
#define BROKEN(...)                        \
    {                                      \
        .outcome = OSB_CLOSED, __VA_ARGS__ \
    }
/* Observations, by the rung that they ended on. */
#define CONNECT(answer)            \
    {                              \
        [OSB_ASK_CONNECT] = answer \
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
     OSB_ASK_CONNECT, "", "its TLS certificate or handshake is not accepted"},
    {"nothing was asked", CONNECT(NONE(OSB_NOT_ASKED)), OSB_SEEN_UNREACHABLE, OSB_ASK_CONNECT, "",
     "it was not asked"},
    {"a connection is closed as soon as it is made", CONNECT(NONE(OSB_CLOSED)),
     OSB_SEEN_UNREACHABLE, OSB_ASK_CONNECT, "", "it closes connections without an answer"},
    {"Tomcat starts, or hangs: CPING is silent", CONNECTOR(NONE(OSB_SILENT)), OSB_SEEN_SILENT,
     OSB_ASK_CONNECTOR, "", "it accepts connections, but not even CPING is answered"},
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

/* Lets the one body of OBSERVATION end at a page that nobody may touch. */
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

static const struct identity_row {
    const char *says;
    struct osb_answer answer;
    struct osb_identity identity;
} identities[] = {
    {"app-props names the build",
     SAYS(200, "{\"build_version\":\"v12.2\",\"build_commit_revision\":\"0a1b2c\","
               "\"build_date\":\"1717171717171\",\"deploy_env\":\"prod\",\"plugins\":[]}"),
     {.known = true,
      .version = "v12.2",
      .commit = "0a1b2c",
      .date = "1717171717171",
      .environment = "prod"}},
    {"what is missing stays empty",
     SAYS(200, "{\"build_version\":\"v12.2\"}"),
     {.known = true, .version = "v12.2"}},
    {"what is of another type stays empty",
     SAYS(200, "{\"build_version\":\"v12.2\",\"build_date\":1717171717171,\"deploy_env\":null}"),
     {.known = true, .version = "v12.2"}},
    {"texts are cut to their fields",
     SAYS(200, "{\"build_version\":\"v23456789_123456789_123456789_123456789_\","
               "\"build_date\":\"123456789_123456789_1234\"}"),
     {.known = true,
      .version = "v23456789_123456789_123456789_123456789",
      .date = "123456789_123456789_123"}},
    {"control characters are not taken over",
     SAYS(200, "{\"build_version\":\"v1\\n\\u001b[31m\\u0085\"}"),
     {.known = true, .version = "v1??[31m??"}},
    {"without a version nothing is known",
     SAYS(200, "{\"deploy_env\":\"prod\"}"),
     {.known = false}},
    {"a version that is no text says nothing",
     SAYS(200, "{\"build_version\":12.2}"),
     {.known = false}},
    {"an array says nothing", SAYS(200, "[{\"build_version\":\"v12.2\"}]"), {.known = false}},
    {"half of the JSON says nothing", SAYS(200, "{\"build_version\":\"v12.2\""), {.known = false}},
    {"an error says nothing", SAYS(500, "{\"build_version\":\"v12.2\"}"), {.known = false}},
    {"an answer without a body says nothing", BARE(200), {.known = false}},
    {"silence says nothing", NONE(OSB_SILENT), {.known = false}},
};

/* The member is healthy in every row: who it is changes nothing about how it is. */
static void the_identity_is_what_app_props_says(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, identities)
    {
        struct osb_observation observation = {.answers = DATABASE(SAYS(200, LOCALE))};
        struct osb_finding finding;

        observation.answers[OSB_ASK_IDENTITY] = row->answer;
        finding = osb_finding_read(&observation);
        assert_int_equal(finding.seen, OSB_SEEN_HEALTHY);
        assert_int_equal(finding.identity.known, row->identity.known);
        assert_string_equal(finding.identity.version, row->identity.version);
        assert_string_equal(finding.identity.commit, row->identity.commit);
        assert_string_equal(finding.identity.date, row->identity.date);
        assert_string_equal(finding.identity.environment, row->identity.environment);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_answer_is_read_for_what_it_is),
        cmocka_unit_test(every_finding_has_its_words),
        cmocka_unit_test(no_words_are_empty_cut_or_more_than_one_line_of_ascii),
        cmocka_unit_test(words_are_cut_to_a_small_buffer),
        cmocka_unit_test(json_that_is_nested_without_end_is_only_foreign),
        cmocka_unit_test(the_identity_is_what_app_props_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
