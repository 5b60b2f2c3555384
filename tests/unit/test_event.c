/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of the journal: their words, and the document that programs get. */
#include "unit.h"

#include "core/event.h"
#include "core/json.h"

#include <stdlib.h>

#define NOW 1795417385000

static const struct osb_event_place member = {.server = "test.openspecimen.org:80",
                                              .balancer = "balancer://os-cluster",
                                              .member = "ajp://os1:8009/openspecimen"};
static const struct osb_event_place balancer = {
    .server = "test.openspecimen.org:80", .balancer = "balancer://os-cluster", .member = ""};

static const struct osb_transition fell = {
    .happened = true, .from = OSB_STATE_UP, .to = OSB_STATE_FAILING, .lasted = 7200000};
static const struct osb_finding failing = {.seen = OSB_SEEN_FAILING,
                                           .rung = OSB_ASK_DATABASE,
                                           .outcome = OSB_ANSWERED,
                                           .status = 500,
                                           .code = "internal_error"};

static void a_change_of_state_says_what_the_finding_says(void **state)
{
    struct osb_event event = osb_event_of_state(&member, &fell, &failing, NOW);
    char words[160];

    (void)state;
    assert_int_equal(event.number, 0);
    assert_int_equal(event.at, NOW);
    assert_int_equal(event.kind, OSB_EVENT_STATE);
    assert_int_equal(event.from, OSB_STATE_UP);
    assert_int_equal(event.to, OSB_STATE_FAILING);
    assert_int_equal(event.lasted, 7200000);
    assert_string_equal(event.server, member.server);
    assert_string_equal(event.balancer, member.balancer);
    assert_string_equal(event.member, member.member);
    assert_string_equal(event.words, osb_finding_words(&failing, words, sizeof words));
}

static void names_of_any_origin_are_cleaned_and_cut(void **state)
{
    char url[600] = "ajp://os1\r\n\x1b";
    const struct osb_event_place place = {.server = "a\xff", .balancer = "b\nc", .member = url};
    struct osb_event event;

    (void)state;
    memset(url + 12, 'x', 500);
    event = osb_event_of_state(&place, &fell, &failing, NOW);
    assert_string_equal(event.server, "a?");
    assert_string_equal(event.balancer, "b?c");
    assert_int_equal(strlen(event.member), sizeof event.member - 1);
    assert_memory_equal(event.member, "ajp://os1???xx", 14);
}

#define BUILD(version_, commit_, plugins_)                                         \
    {                                                                              \
        .known = true, .version = version_, .commit = commit_, .plugins = plugins_ \
    }

static const struct build_row {
    const char *says;
    struct osb_identity before;
    struct osb_identity after;
    const char *words;
} build_rows[] = {
    {"another version", BUILD("v12.1", "77aa", "le 4.1"), BUILD("v12.2", "9f3a", "le 4.2"),
     "v12.1 (77aa) -> v12.2 (9f3a)"},
    {"another commit of a version", BUILD("v12.2", "77aa", ""), BUILD("v12.2", "9f3a", ""),
     "v12.2 (77aa) -> v12.2 (9f3a)"},
    {"no commit", BUILD("v12.1", "", ""), BUILD("v12.2", "", ""), "v12.1 -> v12.2"},
    {"the build before isn't known",
     {.known = false},
     BUILD("v12.2", "9f3a", ""),
     "an unknown build -> v12.2 (9f3a)"},
    {"a plugin is added", BUILD("v12.2", "9f3a", ""), BUILD("v12.2", "9f3a", "le 4.1"),
     "v12.2 (9f3a) with other plugins, le 4.1 new"},
    {"a plugin is gone", BUILD("v12.2", "9f3a", "ab 1, le 4.1, os 2"),
     BUILD("v12.2", "9f3a", "ab 1, os 2"), "v12.2 (9f3a) with other plugins, le 4.1 gone"},
    {"a plugin has another version", BUILD("v12.2", "9f3a", "le 4.1, os 2"),
     BUILD("v12.2", "9f3a", "le 4.2, os 2"),
     "v12.2 (9f3a) with other plugins, le 4.1 gone, le 4.2 new"},
    {"a plugin whose name begins like another's", BUILD("v12.2", "9f3a", "le"),
     BUILD("v12.2", "9f3a", "le, le-x"), "v12.2 (9f3a) with other plugins, le-x new"},
    {"a difference beyond what is kept of the plugins", BUILD("v12.2", "9f3a", "le 4.1"),
     BUILD("v12.2", "9f3a", "le 4.1"), "v12.2 (9f3a) with other plugins"},
};

static void another_build_is_named_by_what_differs(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, build_rows)
    {
        struct osb_event event = osb_event_of_build(&member, &row->before, &row->after, NOW);

        assert_int_equal(event.kind, OSB_EVENT_BUILD);
        assert_string_equal(event.member, member.member);
        assert_string_equal(event.words, row->words);
    }
}

/* Behind the cut, both may well have the same. */
static void plugins_of_a_list_that_was_cut_are_not_compared(void **state)
{
    struct osb_identity before = BUILD("v12.2", "9f3a", "aa 1, "),
                        after = BUILD("v12.2", "9f3a", "ab 10, ");
    struct osb_event event;

    (void)state;
    memset(before.plugins + 6, 'x', sizeof before.plugins - 7);
    memset(after.plugins + 7, 'x', sizeof after.plugins - 8);
    event = osb_event_of_build(&member, &before, &after, NOW);
    assert_string_equal(event.words, "v12.2 (9f3a) with other plugins");
}

static void the_longest_words_are_cut(void **state)
{
    struct osb_identity before = BUILD("v12.2", "9f3a", ""), after = before;
    struct osb_event event;

    (void)state;
    for (int i = 0; i < 60; i++)
        strcat(before.plugins, i > 0 ? ", x" : "x");
    event = osb_event_of_build(&member, &before, &after, NOW);
    assert_int_equal(strlen(event.words), sizeof event.words - 1);
}

static const struct alarm_row {
    const char *says;
    enum osb_event_kind kind;
    bool over;
    const char *words;
} alarm_rows[] = {
    {"the database goes", OSB_EVENT_DATABASE, false,
     "no member has its database: it is down or does not answer; the members stay in, so that "
     "users see OpenSpecimen's own message"},
    {"the database comes back", OSB_EVENT_DATABASE, true,
     "the database is back, or no longer the only cause"},
    {"builds differ", OSB_EVENT_SKEW, false, "members run different builds on one database"},
    {"builds are one again", OSB_EVENT_SKEW, true,
     "builds no longer differ, or are no longer compared"},
};

static void an_alarm_begins_and_ends_in_words(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, alarm_rows)
    {
        struct osb_event event = osb_event_of_alarm(&balancer, row->kind, row->over, NOW);

        assert_true(osb_event_is_alarm(row->kind));
        assert_int_equal(event.kind, row->kind);
        assert_int_equal(event.over, row->over);
        assert_string_equal(event.member, "");
        assert_string_equal(event.words, row->words);
    }
    assert_false(osb_event_is_alarm(OSB_EVENT_STATE));
    assert_false(osb_event_is_alarm(OSB_EVENT_BUILD));
}

static void a_program_gets_a_document_with_the_change(void **state)
{
    struct osb_event event = osb_event_of_state(&member, &fell, &failing, NOW);
    struct osb_buffer buffer = {.bytes = NULL};
    const struct osb_sink sink = osb_buffer_sink(&buffer);

    (void)state;
    event.number = 7;
    osb_event_write(&event, "lb1", &sink);
    assert_string_equal(buffer.bytes, "{\n"
                                      "  \"schema\": 1,\n"
                                      "  \"software\": \"mod_os_balancer/0.1.0\",\n"
                                      "  \"host\": \"lb1\",\n"
                                      "  \"event\": {\n"
                                      "    \"number\": 7,\n"
                                      "    \"time\": \"2026-11-23T07:03:05Z\",\n"
                                      "    \"kind\": \"state\",\n"
                                      "    \"from\": \"up\",\n"
                                      "    \"to\": \"failing\",\n"
                                      "    \"lasted_ms\": 7200000,\n"
                                      "    \"server\": \"test.openspecimen.org:80\",\n"
                                      "    \"balancer\": \"balancer://os-cluster\",\n"
                                      "    \"member\": \"ajp://os1:8009/openspecimen\",\n"
                                      "    \"words\": \"it answers 500 internal_error\"\n"
                                      "  }\n"
                                      "}\n");
    free(buffer.bytes);
}

static void a_program_gets_null_for_what_an_alarm_does_not_have(void **state)
{
    const struct osb_event event = osb_event_of_alarm(&balancer, OSB_EVENT_SKEW, true, NOW);
    struct osb_buffer buffer = {.bytes = NULL};
    const struct osb_sink sink = osb_buffer_sink(&buffer);

    (void)state;
    osb_event_write(&event, "lb1", &sink);
    assert_non_null(strstr(buffer.bytes, "\"kind\": \"skew\",\n    \"over\": true,\n"
                                         "    \"from\": null,\n    \"to\": null,\n"
                                         "    \"lasted_ms\": null,\n"));
    assert_non_null(strstr(buffer.bytes, "\"member\": null,\n"));
    free(buffer.bytes);
}

static void nothing_lasted_before_the_first_check(void **state)
{
    static const struct osb_transition first = {
        .happened = true, .from = OSB_STATE_UNVERIFIED, .to = OSB_STATE_FAILING};
    const struct osb_event event = osb_event_of_state(&member, &first, &failing, NOW);
    struct osb_buffer buffer = {.bytes = NULL};
    const struct osb_sink sink = osb_buffer_sink(&buffer);

    (void)state;
    osb_event_write(&event, "lb1", &sink);
    assert_non_null(strstr(buffer.bytes, "\"from\": \"unverified\",\n    \"to\": \"failing\",\n"
                                         "    \"lasted_ms\": null,\n"));
    free(buffer.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_of_state_says_what_the_finding_says),
        cmocka_unit_test(names_of_any_origin_are_cleaned_and_cut),
        cmocka_unit_test(another_build_is_named_by_what_differs),
        cmocka_unit_test(plugins_of_a_list_that_was_cut_are_not_compared),
        cmocka_unit_test(the_longest_words_are_cut),
        cmocka_unit_test(an_alarm_begins_and_ends_in_words),
        cmocka_unit_test(a_program_gets_a_document_with_the_change),
        cmocka_unit_test(a_program_gets_null_for_what_an_alarm_does_not_have),
        cmocka_unit_test(nothing_lasted_before_the_first_check),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
