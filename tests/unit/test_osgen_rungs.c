/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "ask/rungs.h"
#include "core/finding.h"

#define BODY(text) .body = (text), .body_length = sizeof(text) - 1
#define ANSWER(...)                          \
    {                                        \
        .outcome = OSB_ANSWERED, __VA_ARGS__ \
    }
#define LOCALE      ANSWER(.status = 200, BODY("{\"locale\":\"en\"}"))
#define NO_DATABASE ANSWER(.status = 500, BODY("[{\"code\":\"COMMON_DB_CONN_ERROR\"}]"))
#define STOCK_404   ANSWER(.status = 404, BODY("<title>HTTP Status 404 "))

static const struct row {
    const char *says;
    struct osb_answer connect, connector, webapp, database;
    struct osg_rungs rungs;
} rows[] = {
    {"a node that is well is asked for its webapp by the same question",
     ANSWER(0),
     ANSWER(0),
     {0},
     LOCALE,
     {"ok", "ok", "ok"}},
    {"HTTP has no connector to ask", ANSWER(0), {0}, {0}, LOCALE, {"ok", "ok", "ok"}},
    {"a connection that is refused is the last thing that is known",
     {.outcome = OSB_REFUSED},
     {0},
     {0},
     {0},
     {"refused", "-", "-"}},
    {"over HTTP the question fails with its connection, and says no more",
     {.outcome = OSB_UNKNOWN_NAME},
     {0},
     {0},
     {.outcome = OSB_UNKNOWN_NAME},
     {"unknown-name", "-", "-"}},
    {"CPING that isn't answered",
     ANSWER(0),
     {.outcome = OSB_SILENT},
     {0},
     {0},
     {"silent", "-", "-"}},
    {"a database that is silent beside its webapp",
     ANSWER(0),
     ANSWER(0),
     ANSWER(.status = 200),
     {.outcome = OSB_SILENT},
     {"ok", "ok", "silent"}},
    {"both are silent",
     ANSWER(0),
     ANSWER(0),
     {.outcome = OSB_SILENT},
     {.outcome = OSB_SILENT},
     {"ok", "silent", "silent"}},
    {"a database that refuses",
     ANSWER(0),
     ANSWER(0),
     ANSWER(.status = 200),
     NO_DATABASE,
     {"ok", "ok", "500"}},
    {"an error with the database and without",
     ANSWER(0),
     ANSWER(0),
     ANSWER(.status = 503),
     ANSWER(.status = 503),
     {"ok", "503", "503"}},
    {"Tomcat's own 404 says nothing of a database",
     ANSWER(0),
     ANSWER(0),
     {0},
     STOCK_404,
     {"ok", "404", "-"}},
    {"so does its 403", ANSWER(0), ANSWER(0), {0}, ANSWER(.status = 403), {"ok", "403", "-"}},
    {"so does another application",
     ANSWER(0),
     ANSWER(0),
     {0},
     ANSWER(.status = 200, BODY("<html>")),
     {"ok", "foreign", "-"}},
    {"a redirect is another's",
     ANSWER(0),
     ANSWER(0),
     {0},
     ANSWER(.status = 302),
     {"ok", "302", "-"}},
    {"half an answer",
     ANSWER(0),
     ANSWER(0),
     {0},
     {.outcome = OSB_CLOSED, .type = "application/json"},
     {"ok", "-", "closed"}},
};

static void a_check_is_shown_as_far_as_it_came(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, rows)
    {
        const struct osb_observation seen = {.answers = {[OSB_ASK_CONNECT] = row->connect,
                                                         [OSB_ASK_CONNECTOR] = row->connector,
                                                         [OSB_ASK_WEBAPP] = row->webapp,
                                                         [OSB_ASK_DATABASE] = row->database}};
        struct osb_finding finding = osb_finding_read(&seen);
        struct osg_rungs rungs = osg_rungs_read(&seen, &finding);

        assert_string_equal(rungs.connector, row->rungs.connector);
        assert_string_equal(rungs.webapp, row->rungs.webapp);
        assert_string_equal(rungs.database, row->rungs.database);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_check_is_shown_as_far_as_it_came)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
