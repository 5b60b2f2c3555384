/* SPDX-License-Identifier: Apache-2.0 */
/* What of a state file is believed. */
#include "unit.h"

#include "core/message.h"
#include "core/statefile.h"
#include "guarded.h"

#include <stdlib.h>

/* Distinct values in every field; what isn't set is zero, so that records compare as bytes. */
static void fill_identity(struct osb_identity *identity, const char *version, uint32_t digest)
{
    identity->known = true;
    identity->digest = digest;
    strcpy(identity->version, version);
    strcpy(identity->commit, "9f3ac01");
    strcpy(identity->date, "1795417385000");
    strcpy(identity->environment, "production \"é\"");
    strcpy(identity->plugins, "le 4.1, os-extras 12.2");
}

static void fill_finding(struct osb_finding *finding)
{
    finding->seen = OSB_SEEN_DATABASE_DOWN;
    finding->rung = OSB_ASK_DATABASE;
    finding->outcome = OSB_ANSWERED;
    finding->status = 500;
    finding->ms = 4294967295;
    finding->beside = 200;
    strcpy(finding->code, "COMMON_DB_CONN_ERROR");
    strcpy(finding->said, "[{\"code\":\"COMMON_DB_CONN_ERROR\"}] \\");
    fill_identity(&finding->identity, "v12.3", 3);
}

static void fill_member(struct osb_saved_member *member, const char *key)
{
    struct osb_record *record = &member->record;

    memset(member, 0, sizeof *member);
    strcpy(member->key, key);
    record->verdict.state = OSB_STATE_NOT_DEPLOYED;
    record->verdict.since = 1795417385001;
    record->verdict.streak = 4294967295;
    record->verdict.good = true;
    record->verdict.booting = true;
    record->verdict.restored = true;
    fill_finding(&record->finding);
    fill_identity(&record->build, "v12.4", 4294967295);
    record->checked = 1795417385002;
    record->identified = 1795417385003;
    record->checks = (UINT64_C(1) << 53) - 1;
    record->failures = 17;
    record->late = 18;
    record->hinted = 19;
}

static void fill_event(struct osb_event *event, uint64_t number, enum osb_event_kind kind)
{
    memset(event, 0, sizeof *event);
    event->number = number;
    event->at = 1795417385004;
    event->kind = kind;
    event->over = true;
    event->from = OSB_STATE_STARTING;
    event->to = OSB_STATE_FOREIGN;
    event->lasted = 20;
    strcpy(event->server, "test.openspecimen.org:80");
    strcpy(event->balancer, "balancer://os-cluster");
    strcpy(event->member, "ajp://os1:8009/openspecimen");
    strcpy(event->words, "it answers 200, but not as OpenSpecimen does");
}

static struct osb_saved_member members[2];
static struct osb_event events[3];
static const struct osb_saved sample = {
    .members = members, .member_count = 2, .events = events, .event_count = 3, .notified = 8};

static int fill_sample(void **state)
{
    (void)state;
    fill_member(&members[0], "test:80 balancer://os-cluster ajp://os1:8009/openspecimen");
    fill_member(&members[1], "test:80 balancer://os-cluster ajp://os2:8009/openspecimen");
    memset(&members[1].record, 0, sizeof members[1].record);
    members[1].record.verdict.restored = true;
    fill_event(&events[0], 7, OSB_EVENT_STATE);
    fill_event(&events[1], 8, OSB_EVENT_DATABASE);
    fill_event(&events[2], 11, OSB_EVENT_SKEW);
    return 0;
}

static char *encode(const struct osb_saved *saved, size_t *length)
{
    char *bytes = osb_statefile_encode(saved, length);

    assert_non_null(bytes);
    return bytes;
}

static void assert_refused(const char *bytes, size_t length, const char *why)
{
    struct osb_message message = {.text = ""};
    struct osb_saved saved = {.notified = 1};

    if (osb_statefile_decode(bytes, length, &saved, &message))
        fail_msg("%zu bytes were taken for a state file", length);
    assert_null(saved.members);
    assert_null(saved.events);
    assert_int_equal(saved.member_count + saved.event_count + saved.notified, 0);
    if (strstr(message.text, why) == NULL)
        fail_msg("\"%s\" doesn't say \"%s\"", message.text, why);
}

static void every_field_comes_back(void **state)
{
    struct osb_message why = {.text = ""};
    struct osb_saved saved;
    size_t length;
    char *bytes = encode(&sample, &length);

    (void)state;
    if (!osb_statefile_decode(bytes, length, &saved, &why))
        fail_msg("%s", why.text);
    assert_int_equal(saved.member_count, 2);
    assert_int_equal(saved.event_count, 3);
    assert_int_equal(saved.notified, 8);
    assert_memory_equal(saved.members, members, sizeof members);
    assert_memory_equal(saved.events, events, sizeof events);
    osb_saved_free(&saved);
    free(bytes);
}

static void nothing_comes_back_as_nothing(void **state)
{
    const struct osb_saved empty = {.members = NULL};
    struct osb_saved saved;
    size_t length;
    char *bytes = encode(&empty, &length);

    (void)state;
    assert_true(osb_statefile_decode(bytes, length, &saved, NULL));
    assert_int_equal(saved.member_count + saved.event_count + saved.notified, 0);
    osb_saved_free(&saved);
    free(bytes);
}

static void every_state_and_kind_comes_back_by_its_name(void **state)
{
    struct osb_saved_member member;
    struct osb_event event;
    const struct osb_saved one = {
        .members = &member, .member_count = 1, .events = &event, .event_count = 1};

    (void)state;
    fill_member(&member, "key");
    for (unsigned i = 0; i < OSB_STATES || i < OSB_SEEN_KINDS || i < OSB_OUTCOMES; i++) {
        struct osb_saved saved;
        size_t length;
        char *bytes;

        fill_event(&event, 1, (enum osb_event_kind)(i % OSB_EVENT_KINDS));
        event.from = event.to = member.record.verdict.state = (enum osb_state)(i % OSB_STATES);
        member.record.finding.seen = (enum osb_seen)(i % OSB_SEEN_KINDS);
        member.record.finding.rung = (enum osb_question)(i % OSB_QUESTIONS);
        member.record.finding.outcome = (enum osb_outcome)(i % OSB_OUTCOMES);
        bytes = encode(&one, &length);
        assert_true(osb_statefile_decode(bytes, length, &saved, NULL));
        assert_memory_equal(saved.members, &member, sizeof member);
        assert_memory_equal(saved.events, &event, sizeof event);
        osb_saved_free(&saved);
        free(bytes);
    }
}

/* Texts of the greatest length, of characters that JSON escapes or that take four bytes. */
static void the_longest_texts_come_back(void **state)
{
    struct osb_saved_member member;
    const struct osb_saved one = {.members = &member, .member_count = 1};
    struct osb_finding *finding = &member.record.finding;
    struct osb_saved saved;
    size_t length;
    char *bytes;

    (void)state;
    fill_member(&member, "");
    memset(member.key, '"', sizeof member.key - 1);
    memset(finding->said, '\\', sizeof finding->said - 1);
    memset(finding->identity.plugins, '\\', sizeof finding->identity.plugins - 1);
    for (size_t i = 0; i + 4 < sizeof member.record.build.plugins; i += 4)
        memcpy(member.record.build.plugins + i, "𝄞", 4);
    bytes = encode(&one, &length);
    assert_true(osb_statefile_decode(bytes, length, &saved, NULL));
    assert_memory_equal(saved.members, &member, sizeof member);
    osb_saved_free(&saved);
    free(bytes);
}

static void a_key_that_no_file_can_name_is_left_out(void **state)
{
    struct osb_saved_member three[3];
    const struct osb_saved some = {.members = three, .member_count = 3};
    struct osb_saved saved;
    size_t length;
    char *bytes;

    (void)state;
    fill_member(&three[0], "broken \xff");
    fill_member(&three[1], "broken \x1b");
    fill_member(&three[2], "whole");
    bytes = encode(&some, &length);
    assert_true(osb_statefile_decode(bytes, length, &saved, NULL));
    assert_int_equal(saved.member_count, 1);
    assert_string_equal(saved.members[0].key, "whole");
    osb_saved_free(&saved);
    free(bytes);
}

static void of_too_many_events_the_latest_are_kept(void **state)
{
    static struct osb_event many[OSB_SAVED_EVENTS_MAX + 1];
    const struct osb_saved some = {.events = many, .event_count = OSB_SAVED_EVENTS_MAX + 1};
    struct osb_saved saved;
    size_t length;
    char *bytes;

    (void)state;
    for (uint64_t i = 0; i <= OSB_SAVED_EVENTS_MAX; i++)
        fill_event(&many[i], i + 1, OSB_EVENT_BUILD);
    bytes = encode(&some, &length);
    assert_true(osb_statefile_decode(bytes, length, &saved, NULL));
    assert_int_equal(saved.event_count, OSB_SAVED_EVENTS_MAX);
    assert_int_equal(saved.events[0].number, 2);
    osb_saved_free(&saved);
    free(bytes);
}

/* Each prefix ends at a page that nobody may touch. */
static void a_file_that_was_cut_is_refused_wherever_it_ends(void **state)
{
    size_t length;
    char *bytes = encode(&sample, &length);
    uint8_t *end = guarded_end(length);

    (void)state;
    for (size_t cut = 0; cut < length; cut++)
        assert_refused((const char *)guarded_copy(end, bytes, cut), cut, "it is");
    free(bytes);
}

static void a_file_with_any_bit_turned_is_refused(void **state)
{
    size_t length;
    char *bytes = encode(&sample, &length);

    (void)state;
    for (size_t bit = 0; bit < length * 8; bit++) {
        bytes[bit / 8] ^= (char)(1 << bit % 8);
        assert_refused(bytes, length, "it ");
        bytes[bit / 8] ^= (char)(1 << bit % 8);
    }
    free(bytes);
}

#define BYTES(literal) literal, sizeof(literal) - 1

static const struct foreign_row {
    const char *says;
    const char *bytes;
    size_t length;
    const char *why;
} foreign_rows[] = {
    {"an empty file", BYTES(""), "not a state file"},
    {"a line feed", BYTES("\n"), "not a state file"},
    {"NULs", BYTES("\0\0\0\0\n"), "not a state file"},
    {"a program",
     BYTES("\x7f"
           "ELF\x02\x01\x01\n"),
     "not a state file"},
    {"a script", BYTES("#!/bin/sh\necho\n"), "not a state file"},
    {"JSON of another kind", BYTES("{\"balancers\": []}\n"), "not a state file"},
    {"one long line",
     BYTES("os_balancer-state 1 0                                                             \n"),
     "not a state file"},
    {"a first line that ends early", BYTES("os_balancer-state 1\n"), "not a state file"},
    {"no version", BYTES("os_balancer-state one 0 cbf29ce484222325\n"), "not a state file"},
    {"a newer version", BYTES("os_balancer-state 2 0 cbf29ce484222325\n"),
     "written by a newer version: its format is 2, not 1"},
    {"a newer version's rest isn't looked at", BYTES("os_balancer-state 12 99 \xff\n\xff"),
     "newer version"},
    {"version 0", BYTES("os_balancer-state 0 0 cbf29ce484222325\n"), "damaged"},
    {"a wrong length", BYTES("os_balancer-state 1 5 cbf29ce484222325\n{}\n"),
     "3 bytes follow its first line, which says 5"},
    {"a wrong checksum", BYTES("os_balancer-state 1 0 cbf29ce484222326\n"), "checksum is wrong"},
    {"the right checksum in other letters", BYTES("os_balancer-state 1 0 CBF29CE484222325\n"),
     "checksum is wrong"},
    {"more blanks than there should be", BYTES("os_balancer-state 1  0 cbf29ce484222325\n"),
     "checksum is wrong"},
    {"another line end", BYTES("os_balancer-state 1 0 cbf29ce484222325\r\n"), "checksum is wrong"},
    {"nothing behind a right first line", BYTES("os_balancer-state 1 0 cbf29ce484222325\n"),
     "line 2 is not there"},
};

static void a_foreign_file_is_named(void **state)
{
    uint8_t *end = guarded_end(256);

    (void)state;
    FOR_EACH_ROW(row, foreign_rows)
    {
        assert_refused((const char *)guarded_copy(end, row->bytes, row->length), row->length,
                       row->why);
    }
}

static void a_file_that_is_too_long_is_not_looked_at(void **state)
{
    (void)state;
    assert_refused("", (size_t)OSB_STATEFILE_MAX + 1, "not a state file");
}

/* The sample's file with the first OLD changed to NEW, under a right first line. */
static char *alter(const char *old, const char *new, size_t *length)
{
    struct osb_buffer rest = {.bytes = NULL}, whole = {.bytes = NULL};
    const struct osb_sink to_rest = osb_buffer_sink(&rest), to_whole = osb_buffer_sink(&whole);
    char *bytes = encode(&sample, length), first[OSB_STATEFILE_FIRST_MAX];
    char *text = strndup(bytes, *length), *place, *body;

    assert_non_null(text);
    body = strchr(text, '\n') + 1;
    place = strstr(body, old);
    if (place == NULL)
        fail_msg("the sample has no %s", old);
    to_rest.write(to_rest.baton, body, (size_t)(place - body));
    osb_put(&to_rest, new);
    osb_put(&to_rest, place + strlen(old));
    osb_put(&to_whole, osb_statefile_first_line(rest.bytes, rest.length, first, sizeof first));
    osb_put(&to_whole, rest.bytes);
    free(rest.bytes);
    free(text);
    free(bytes);
    *length = whole.length;
    return whole.bytes;
}

#define SUMMARY "{\"members\":2,\"events\":3,\"notified\":8}"

static const struct altered_row {
    const char *says;
    const char *old; /* the first place in the file where this stands */
    const char *new; /* gets this */
    const char *why; /* why it is refused then; NULL: it isn't */
} altered_rows[] = {
    {"a key that nobody knows", "\"streak\":", "\"colour\":[1,{}],\"streak\":", NULL},
    {"a time in the future", "\"since\":1795417385001", "\"since\":9007199254740991", NULL},
    {"a text that is too long is cut", "\"version\":\"v12.3\"",
     "\"version\":\"12345678901234567890123456789012345678901\"", NULL},
    {"a text with a line break is cleaned", "\"said\":\"[", "\"said\":\"\\n\\u009b[", NULL},
    {"blanks and another order", SUMMARY, "{ \"notified\" : 8, \"events\" : 3, \"members\" : 2 }\r",
     NULL},

    {"a key that is missing", "\"streak\":4294967295,", "",
     "line 3 in \"verdict\" \"streak\" is not there"},
    {"a key that is there twice", "\"good\":true", "\"good\":true,\"good\":false",
     "line 3 is not a JSON object"},
    {"a member without its key", "\"key\":", "\"Key\":", "line 3 \"key\" is not there"},
    {"a negative number", "\"failures\":17", "\"failures\":-17", "\"failures\" is not there or"},
    {"a fraction", "\"failures\":17", "\"failures\":17.0", "\"failures\" is not there or"},
    {"a number as a text", "\"failures\":17", "\"failures\":\"17\"", "\"failures\" is not"},
    {"null for a number", "\"failures\":17", "\"failures\":null", "\"failures\" is not"},
    {"a number for a truth", "\"good\":true", "\"good\":1", "\"good\" is not there or neither"},
    {"a truth for a text", "\"code\":\"COMMON_DB_CONN_ERROR\"", "\"code\":false",
     "in \"finding\" \"code\" is not there or not a text"},
    {"a text for an object", "\"build\":{", "\"build\":\"\",\"other\":{", "in \"build\""},
    {"null for an object", "\"verdict\":{", "\"verdict\":null,\"other\":{", "in \"verdict\""},
    {"a list for an object", "\"finding\":{", "\"finding\":[],\"other\":{", "in \"finding\""},
    {"a word that is one too great", "\"streak\":4294967295", "\"streak\":4294967296",
     "from 0 to 4294967295"},
    {"a count that is one too great", "\"checks\":9007199254740991", "\"checks\":9007199254740992",
     "from 0 to 9007199254740991"},
    {"a number that no machine holds", "\"checks\":9007199254740991",
     "\"checks\":99999999999999999999", "not a JSON object"},
    {"a status that HTTP doesn't have", "\"status\":500", "\"status\":1000", "\"status\""},
    {"a state that isn't one", "\"not-deployed\"", "\"gone\"", "\"state\" is not there or"},
    {"a state in other letters", "\"not-deployed\"", "\"Not-Deployed\"", "\"state\" is not"},
    {"a state as a number", "\"state\":\"not-deployed\"", "\"state\":5", "\"state\" is not"},
    {"a finding that isn't one", "\"database-down\"", "\"up\"", "\"seen\" is not"},
    {"a rung that isn't one", "\"rung\":\"database\"", "\"rung\":\"\"", "\"rung\" is not"},
    {"an outcome that isn't one", "\"answered\"", "\"well\"", "\"outcome\" is not"},
    {"a kind of event that isn't one", "\"kind\":\"state\"", "\"kind\":\"party\"",
     "line 5 \"kind\" is not"},
    {"more failures than checks", "\"checks\":9007199254740991", "\"checks\":18",
     "line 3 counts more than all checks"},
    {"a member that is there twice", "os2:8009", "os1:8009",
     "member test:80 balancer://os-cluster ajp://os1:8009/openspecimen twice"},
    {"a key with a control character", "test:80 ", "test:80\\u0007", "\"key\" is too long or"},
    {"an event that has no number", "\"number\":7,", "\"number\":0,", "line 5 is out of order"},
    {"two events of one number", "\"number\":8,", "\"number\":7,", "line 6 is out of order"},

    {"fewer members than there are", SUMMARY, "{\"members\":1,\"events\":3,\"notified\":8}",
     "line 4 \"number\""},
    {"more members than there are", SUMMARY, "{\"members\":3,\"events\":3,\"notified\":8}",
     "line 5 \"key\""},
    {"fewer events than there are", SUMMARY, "{\"members\":2,\"events\":2,\"notified\":8}",
     "more lines than its second"},
    {"more events than there are", SUMMARY, "{\"members\":2,\"events\":4,\"notified\":8}",
     "line 8 is not there"},
    {"more than the file can hold", SUMMARY, "{\"members\":65536,\"events\":3,\"notified\":8}",
     "fewer lines than its second"},
    {"too many members", SUMMARY, "{\"members\":65537,\"events\":3,\"notified\":8}",
     "from 0 to 65536"},
    {"too many events", SUMMARY, "{\"members\":2,\"events\":257,\"notified\":8}", "from 0 to 256"},
    {"an empty line", "\n", "\n\n", "line 3 is not a JSON object"},
    {"a list in a line", SUMMARY, "[]", "line 2 is not a JSON object"},
    {"two objects in a line", SUMMARY, SUMMARY "{}", "line 2 is not a JSON object"},
    {"no line feed at the end", "does\"}\n{\"number\":8", "does\"} {\"number\":8",
     "line 5 is not a JSON object"},
};

static void every_value_is_looked_at(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, altered_rows)
    {
        struct osb_message why = {.text = ""};
        struct osb_saved saved;
        size_t length;
        char *bytes = alter(row->old, row->new, &length);

        if (row->why != NULL)
            assert_refused(bytes, length, row->why);
        else if (osb_statefile_decode(bytes, length, &saved, &why))
            osb_saved_free(&saved);
        else
            fail_msg("%s", why.text);
        free(bytes);
    }
}

static void what_does_not_fit_is_cut_and_cleaned(void **state)
{
    struct osb_saved saved;
    size_t length;
    char *bytes = alter("\"version\":\"v12.3\"",
                        "\"version\":\"\\n3456789012345678901234567890123456789é\"", &length);

    (void)state;
    assert_true(osb_statefile_decode(bytes, length, &saved, NULL));
    assert_string_equal(saved.members[0].record.finding.identity.version,
                        "?3456789012345678901234567890123456789");
    osb_saved_free(&saved);
    free(bytes);
}

static void nobody_was_told_of_events_to_come(void **state)
{
    struct osb_saved saved;
    size_t length;
    char *bytes = alter(SUMMARY, "{\"members\":2,\"events\":3,\"notified\":4711}", &length);

    (void)state;
    assert_true(osb_statefile_decode(bytes, length, &saved, NULL));
    assert_int_equal(saved.notified, 11);
    osb_saved_free(&saved);
    free(bytes);
}

static void a_line_without_end_is_refused(void **state)
{
    static char blanks[70000];
    size_t length;
    char *bytes;

    (void)state;
    memset(blanks, ' ', sizeof blanks - 1);
    bytes = alter("{", blanks, &length);
    assert_refused(bytes, length, "line 2 is not there, not whole or too long");
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_comes_back),
        cmocka_unit_test(nothing_comes_back_as_nothing),
        cmocka_unit_test(every_state_and_kind_comes_back_by_its_name),
        cmocka_unit_test(the_longest_texts_come_back),
        cmocka_unit_test(a_key_that_no_file_can_name_is_left_out),
        cmocka_unit_test(of_too_many_events_the_latest_are_kept),
        cmocka_unit_test(a_file_that_was_cut_is_refused_wherever_it_ends),
        cmocka_unit_test(a_file_with_any_bit_turned_is_refused),
        cmocka_unit_test(a_foreign_file_is_named),
        cmocka_unit_test(a_file_that_is_too_long_is_not_looked_at),
        cmocka_unit_test(every_value_is_looked_at),
        cmocka_unit_test(what_does_not_fit_is_cut_and_cleaned),
        cmocka_unit_test(nobody_was_told_of_events_to_come),
        cmocka_unit_test(a_line_without_end_is_refused),
    };

    return cmocka_run_group_tests(tests, fill_sample, NULL);
}
