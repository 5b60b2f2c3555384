/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/arena.h"
#include "base/text.h"
#include "problem/problem.h"
#include "problem/report.h"
#include "core/utf8.h"

/* Behind every error in these tests. */
#define BAD " [OSG0301 bad-value]"

static const struct report_row {
    const char *says;
    const char *source;
    struct osg_place place;
    const char *message;
    bool colour;
    const char *report;
} report_rows[] = {
    {"a caret under its character",
     "abc\ndef\n",
     {2, 2, 0},
     "bad",
     false,
     "t.yaml:2:2: bad" BAD "\n    def\n     ^\n"},
    {"characters are counted, not bytes",
     "äöü x\n",
     {1, 5, 0},
     "bad",
     false,
     "t.yaml:1:5: bad" BAD "\n    äöü x\n        ^\n"},
    {"a tab stays a tab",
     "\tx\n",
     {1, 2, 0},
     "bad",
     false,
     "t.yaml:1:2: bad" BAD "\n    \tx\n    \t^\n"},
    {"the whole file has no line", "abc\n", {0, 0, 0}, "bad", false, "t.yaml: bad" BAD "\n"},
    {"a line that is not there is not shown",
     "abc\n",
     {9, 1, 0},
     "bad",
     false,
     "t.yaml:9:1: bad" BAD "\n"},
    {"a last line without its end is shown",
     "abc",
     {1, 3, 0},
     "bad",
     false,
     "t.yaml:1:3: bad" BAD "\n    abc\n      ^\n"},
    {"a carriage return is not shown",
     "abc\r\n",
     {1, 1, 0},
     "bad",
     false,
     "t.yaml:1:1: bad" BAD "\n    abc\n    ^\n"},
    {"what a terminal would obey is a question mark",
     "a\033[2J\n",
     {1, 1, 0},
     "bad \033[31m",
     false,
     "t.yaml:1:1: bad ?[31m" BAD "\n    a?[2J\n    ^\n"},
    {"colour for terminals",
     "abc\n",
     {1, 1, 0},
     "bad",
     true,
     "\033[1mt.yaml:1:1: \033[1;31mbad\033[0m" BAD "\n    abc\n    \033[1m^\033[0m\n"},
};

static void a_problem_is_shown_at_its_place(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, report_rows)
    {
        struct osg_arena *arena = osg_arena_new();
        struct osg_problems problems = osg_problems_new(arena);
        struct osg_source source = {
            .name = "t.yaml", .text = row->source, .length = strlen(row->source)};
        struct osg_text text = {0};

        osg_error(&problems, OSG_BAD_VALUE, row->place, "%s", row->message);
        osg_report(&text, &problems, &source, row->colour);
        assert_string_equal(text.bytes, row->report);
        osg_text_free(&text);
        osg_problems_free(&problems);
        osg_arena_free(arena);
    }
}

static void problems_of_an_included_file_come_behind_with_its_name(void **state)
{
    struct osg_arena *arena = osg_arena_new();
    struct osg_source included = {.name = "more.yaml", .text = "x\nsecret: y\n", .number = 1};
    struct osg_source source = {.name = "t.yaml", .text = "a\nb\n", .next = &included};
    struct osg_problems problems = osg_problems_new(arena);
    struct osg_text text = {0};

    (void)state;
    osg_problems_hide(&problems, (struct osg_place){2, 9, 1}, (struct osg_place){2, 10, 1});
    osg_error(&problems, OSG_BAD_VALUE, (struct osg_place){1, 1, 1}, "third");
    osg_error(&problems, OSG_BAD_VALUE, (struct osg_place){2, 1, 1}, "fourth");
    osg_error(&problems, OSG_BAD_VALUE, (struct osg_place){2, 1, 0}, "second");
    osg_error(&problems, OSG_BAD_VALUE, (struct osg_place){1, 1, 0}, "first");
    osg_report(&text, &problems, &source, false);
    assert_string_equal(text.bytes, "t.yaml:1:1: first" BAD "\n    a\n    ^\n"
                                    "t.yaml:2:1: second" BAD "\n    b\n    ^\n"
                                    "more.yaml:1:1: third" BAD "\n    x\n    ^\n"
                                    "more.yaml:2:1: fourth" BAD "\n    secret: *\n    ^\n");
    osg_text_free(&text);
    osg_problems_free(&problems);
    osg_arena_free(arena);
}

static void problems_are_sorted_by_place_and_then_as_found(void **state)
{
    struct osg_arena *arena = osg_arena_new();
    struct osg_problems problems = osg_problems_new(arena);
    struct osg_source source = {.name = "t", .text = "abc\n", .length = 4};
    struct osg_text text = {0};

    (void)state;
    osg_error(&problems, OSG_BAD_VALUE, (struct osg_place){7, 2, 0}, "fourth");
    osg_error(&problems, OSG_BAD_VALUE, (struct osg_place){7, 1, 0}, "second");
    osg_warning(&problems, OSG_HOST_LOOKUP, (struct osg_place){7, 1, 0}, "third");
    osg_error(&problems, OSG_BAD_VALUE, (struct osg_place){6, 9, 0}, "first");
    osg_report(&text, &problems, &source, false);
    assert_string_equal(text.bytes,
                        "t:6:9: first" BAD "\nt:7:1: second" BAD
                        "\nt:7:1: warning: third [OSG0508 host-lookup]\nt:7:2: fourth" BAD "\n");
    assert_int_equal(problems.errors, 3);
    osg_text_free(&text);
    osg_problems_free(&problems);
    osg_arena_free(arena);
}

static void warnings_are_silenced_and_errors_are_not(void **state)
{
    struct osg_arena *arena = osg_arena_new();
    struct osg_problems problems = osg_problems_new(arena);
    struct osg_source source = {.name = "t", .text = "abc\n", .length = 4};
    struct osg_text text = {0};

    (void)state;
    osg_warning(&problems, OSG_HOST_LOOKUP, (struct osg_place){1, 1, 0}, "gone");
    osg_error(&problems, OSG_BAD_VALUE, (struct osg_place){7, 1, 0}, "first");
    osg_warning(&problems, OSG_HOST_LOOKUP, (struct osg_place){2, 1, 0}, "gone too");
    osg_warning(&problems, OSG_ONE_MEMBER, (struct osg_place){8, 1, 0}, "second");
    assert_int_equal(osg_problems_silence(&problems, OSG_HOST_LOOKUP), 2);
    assert_int_equal(osg_problems_silence(&problems, OSG_HOST_LOOKUP), 0);
    assert_int_equal(osg_problems_silence(&problems, OSG_BAD_VALUE), 0);
    assert_int_equal(problems.silenced, 2);
    assert_int_equal(problems.errors, 1);
    osg_report(&text, &problems, &source, false);
    assert_string_equal(text.bytes,
                        "t:7:1: first" BAD "\nt:8:1: warning: second [OSG0602 one-member]\n");
    osg_text_free(&text);
    osg_problems_free(&problems);
    osg_arena_free(arena);
}

static void a_hidden_stretch_is_starred_over_lines(void **state)
{
    struct osg_arena *arena = osg_arena_new();
    struct osg_problems problems = osg_problems_new(arena);
    struct osg_source source = {.name = "t", .text = "abcd\nefgh\n", .length = 10};
    struct osg_text text = {0};

    (void)state;
    osg_problems_hide(&problems, (struct osg_place){1, 3, 0}, (struct osg_place){2, 3, 0});
    osg_error(&problems, OSG_BAD_VALUE, (struct osg_place){1, 1, 0}, "one");
    osg_error(&problems, OSG_BAD_VALUE, (struct osg_place){2, 4, 0}, "two");
    osg_report(&text, &problems, &source, false);
    assert_string_equal(text.bytes, "t:1:1: one" BAD "\n    ab**\n    ^\nt:2:4: two" BAD
                                    "\n    **gh\n       ^\n");
    osg_text_free(&text);
    osg_problems_free(&problems);
    osg_arena_free(arena);
}

static const struct utf8_row {
    const char *says;
    const char *bytes;
    size_t length;
    uint32_t code;
} utf8_rows[] = {
    {"one byte", "a", 1, 'a'},
    {"two bytes", "\xc3\xa4", 2, 0xe4},
    {"three bytes", "\xe2\x82\xac", 3, 0x20ac},
    {"four bytes", "\xf0\x9f\x98\x80", 4, 0x1f600},
    {"the last character of all", "\xf4\x8f\xbf\xbf", 4, 0x10ffff},
    {"one beyond the last", "\xf4\x90\x80\x80", 0, 0},
    {"a surrogate", "\xed\xa0\x80", 0, 0},
    {"an overlong slash", "\xc0\xaf", 0, 0},
    {"an overlong form of three bytes", "\xe0\x80\xaf", 0, 0},
    {"the rest without a start", "\x80", 0, 0},
    {"a start without the rest", "\xc3", 0, 0},
    {"a start with something else behind it", "\xc3z", 0, 0},
    {"a byte that never occurs", "\xff", 0, 0},
    {"nothing", "", 0, 0},
};

static void characters_are_read_as_utf8_has_them(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, utf8_rows)
    {
        uint32_t code = 0;

        assert_int_equal(osb_utf8_read(row->bytes, strlen(row->bytes), &code), row->length);
        assert_int_equal(code, row->code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_problem_is_shown_at_its_place),
        cmocka_unit_test(problems_are_sorted_by_place_and_then_as_found),
        cmocka_unit_test(problems_of_an_included_file_come_behind_with_its_name),
        cmocka_unit_test(warnings_are_silenced_and_errors_are_not),
        cmocka_unit_test(a_hidden_stretch_is_starred_over_lines),
        cmocka_unit_test(characters_are_read_as_utf8_has_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
