/* SPDX-License-Identifier: Apache-2.0 */
/* Which answers prove the member bad. */
#include "unit.h"

#include "core/failover.h"

#define PAGE(language, title) \
    "<!doctype html><html lang=\"" language "\"><head><title>" title "</title><style>"
#define ENGLISH  PAGE("en", "HTTP Status 404 \xe2\x80\x93 Not Found")
#define FRENCH   PAGE("fr", "\xc3\x89tat HTTP 404 \xe2\x80\x93 Non trouv\xc3\xa9")
#define DATABASE "[{\"code\":\"COMMON_DB_CONN_ERROR\",\"message\":\"The database"
#define OTHER    "[{\"code\":\"SYS_ERROR\",\"message\":\"COMMON_DB_CONN_ERROR\"}]"

static const struct proof_row {
    const char *says;
    struct osb_beginning beginning;
    enum osb_proof proof;
} rows[] = {
    {"200 is an answer", {.status = 200, .is_whole = true}, OSB_PROOF_NONE},
    {"so is a redirect", {.status = 302}, OSB_PROOF_NONE},
    {"403 is the application's or an operator's business", {.status = 403}, OSB_PROOF_NONE},
    {"501 is meant", {.status = 501}, OSB_PROOF_NONE},
    {"502 needs no body", {.status = 502}, OSB_PROOF_STATUS},
    {"nor does 503", {.status = 503}, OSB_PROOF_STATUS},
    {"nor 504", {.status = 504}, OSB_PROOF_STATUS},
    {"505 is meant", {.status = 505}, OSB_PROOF_NONE},

    {"404 without a language is the application's", {.status = 404}, OSB_PROOF_NONE},
    {"404 with one may be Tomcat's", {.status = 404, .is_localised = true}, OSB_PROOF_OPEN},
    {"it is, in English",
     {.status = 404, .is_localised = true, .body = ENGLISH},
     OSB_PROOF_NOT_DEPLOYED},
    {"and in French",
     {.status = 404, .is_localised = true, .body = FRENCH},
     OSB_PROOF_NOT_DEPLOYED},
    {"the page without a language isn't",
     {.status = 404, .is_whole = true, .body = ENGLISH},
     OSB_PROOF_NONE},
    {"half of its title leaves it open",
     {.status = 404,
      .is_localised = true,
      .body = "<!doctype html><html lang=\"en\"><head><title>HTTP"},
     OSB_PROOF_OPEN},
    {"a whole one that says something else settles it",
     {.status = 404, .is_localised = true, .is_whole = true, .body = PAGE("en", "Not here")},
     OSB_PROOF_NONE},
    {"a number after the title is none in it",
     {.status = 404, .is_localised = true, .is_whole = true, .body = PAGE("en", "Gone") "404"},
     OSB_PROOF_NONE},
    {"another page of the same status",
     {.status = 404, .is_localised = true, .is_whole = true, .body = "<html><title>404</title>"},
     OSB_PROOF_NONE},
    {"a HEAD has nothing but its head",
     {.status = 404, .is_localised = true, .is_head = true},
     OSB_PROOF_NOT_DEPLOYED},
    {"which tells the application's too", {.status = 404, .is_head = true}, OSB_PROOF_NONE},

    {"500 may be the database", {.status = 500}, OSB_PROOF_OPEN},
    {"it is", {.status = 500, .body = DATABASE}, OSB_PROOF_DATABASE},
    {"another 500 is the application's",
     {.status = 500, .is_whole = true, .body = "[{\"code\":\"SYS_ERROR\"}]"},
     OSB_PROOF_NONE},
    {"even if its message names the code",
     {.status = 500, .is_whole = true, .body = OTHER},
     OSB_PROOF_NONE},
    {"500 without a body too", {.status = 500, .is_whole = true}, OSB_PROOF_NONE},
    {"the same code under another status means nothing",
     {.status = 400, .body = DATABASE},
     OSB_PROOF_NONE},
};

static void an_answer_is_seen_for_what_it_proves(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, rows)
    {
        struct osb_beginning beginning = row->beginning;

        beginning.length = beginning.body != NULL ? strlen(beginning.body) : 0;
        assert_int_equal(osb_proof_find(&beginning), row->proof);
    }
}

/* A byte at a time: it is open until it is proved, and proved from then on. */
static void a_proof_comes_once_and_stays(void **state)
{
    static const struct {
        unsigned status;
        const char *body;
        enum osb_proof proof;
    } answers[] = {{404, FRENCH, OSB_PROOF_NOT_DEPLOYED}, {500, DATABASE, OSB_PROOF_DATABASE}};

    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct osb_beginning beginning = {
            .status = answers[i].status, .is_localised = true, .body = answers[i].body};
        enum osb_proof before = OSB_PROOF_OPEN;

        for (; beginning.length <= strlen(answers[i].body); beginning.length++) {
            enum osb_proof now = osb_proof_find(&beginning);

            assert_true(now == before || (before == OSB_PROOF_OPEN && now == answers[i].proof));
            before = now;
        }
        assert_int_equal(before, answers[i].proof);
    }
}

static void no_more_than_a_prefix_is_waited_for(void **state)
{
    char body[OSB_PROOF_LENGTH];
    struct osb_beginning beginning = {.is_localised = true, .body = body};
    static const unsigned statuses[] = {404, 500};

    (void)state;
    memset(body, 'x', sizeof body);
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        beginning.status = statuses[i];
        beginning.length = sizeof body - 1;
        assert_int_equal(osb_proof_find(&beginning), OSB_PROOF_OPEN);
        beginning.length = sizeof body;
        assert_int_equal(osb_proof_find(&beginning), OSB_PROOF_NONE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_seen_for_what_it_proves),
        cmocka_unit_test(a_proof_comes_once_and_stays),
        cmocka_unit_test(no_more_than_a_prefix_is_waited_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
