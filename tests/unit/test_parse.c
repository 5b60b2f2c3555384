/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "core/message.h"
#include "core/parse.h"

static const struct number_row {
    const char *says;
    const char *text;
    bool accepted;
    uint32_t value;
} number_rows[] = {
    {"the least is accepted", "1", true, 1},
    {"the greatest is accepted", "100", true, 100},
    {"under the least is refused", "0", false, 0},
    {"over the greatest is refused", "101", false, 0},
    {"an empty text is refused", "", false, 0},
    {"a sign is refused", "+5", false, 0},
    {"a minus is refused", "-5", false, 0},
    {"a leading blank is refused", " 5", false, 0},
    {"a rest is refused", "5x", false, 0},
    {"a fraction is refused", "5.0", false, 0},
    {"hexadecimal is refused", "0x5", false, 0},
    {"a number that would wrap around 32 bits is refused", "4294967297", false, 0},
    {"a number that would wrap around 64 bits is refused", "18446744073709551617", false, 0},
};

static void numbers_are_read_whole_and_in_range(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, number_rows)
    {
        struct osb_message why = {""};
        uint32_t number = 77;

        assert_int_equal(osb_parse_number(row->text, 1, 100, &number, &why), row->accepted);
        assert_int_equal(number, row->accepted ? row->value : 77);
        if (!row->accepted)
            assert_non_null(strstr(why.text, "from 1 to 100"));
    }
}

static const struct number_row duration_rows[] = {
    {"milliseconds", "500ms", true, 500},
    {"seconds", "2s", true, 2000},
    {"minutes", "1m", true, 60000},
    {"the least", "100ms", true, 100},
    {"a bare number has no unit and is refused", "2", false, 0},
    {"hours are not known", "1h", false, 0},
    {"a blank before the unit is refused", "2 s", false, 0},
    {"two units are refused", "1m30s", false, 0},
    {"under the least", "99ms", false, 0},
    {"over the greatest", "61m", false, 0},
    {"a value that overflows in milliseconds is refused", "4294968s", false, 0},
    {"a unit alone is refused", "ms", false, 0},
};

static void durations_need_their_unit(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, duration_rows)
    {
        struct osb_message why = {""};
        uint32_t ms = 77;

        assert_int_equal(osb_parse_duration(row->text, 100, 3600000, &ms, &why), row->accepted);
        assert_int_equal(ms, row->accepted ? row->value : 77);
        if (!row->accepted)
            assert_non_null(strstr(why.text, "from 100ms to 60m"));
    }
}

static void a_formatted_duration_reads_back_as_itself(void **state)
{
    static const uint32_t values[] = {1, 999, 1000, 1500, 59000, 60000, 90000, 3600000};

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char text[16];
        uint32_t ms = 0;

        osb_format_duration(values[i], text, sizeof text);
        assert_true(osb_parse_duration(text, 0, UINT32_MAX, &ms, NULL));
        assert_int_equal(ms, values[i]);
    }
    {
        char text[16];

        assert_string_equal(osb_format_duration(0, text, sizeof text), "0ms");
    }
}

static const char *const methods[] = {"byrequests", "bytraffic", "bybusyness"};

static void a_choice_is_one_of_its_names(void **state)
{
    struct osb_message why = {""};
    size_t index = 9;

    (void)state;
    assert_true(osb_parse_choice("BYTRAFFIC", methods, 3, &index, &why));
    assert_int_equal(index, 1);
    assert_false(osb_parse_choice("byrequest", methods, 3, &index, &why));
    assert_int_equal(index, 1);
    assert_string_equal(why.text,
                        "\"byrequest\" is not one of: byrequests, bytraffic or bybusyness");
}

static const struct nearest_row {
    const char *says;
    const char *text;
    const char *nearest;
} nearest_rows[] = {
    {"a letter lost", "byrequest", "byrequests"},
    {"two letters swapped", "byrqeuests", "byrequests"},
    {"a letter changed", "bytrafiic", "bytraffic"},
    {"another case", "ByTraffic", "bytraffic"},
    {"nothing near", "random", NULL},
    {"nothing at all", "", NULL},
    {"far longer than any name", "byrequestsbyrequestsbyrequestsbyrequestsbyrequestsbyrequests",
     NULL},
};

static void the_nearest_name_is_the_one_that_was_meant(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, nearest_rows)
    {
        const char *nearest = osb_nearest(row->text, methods, 3);

        if (row->nearest == NULL)
            assert_null(nearest);
        else
            assert_string_equal(nearest, row->nearest);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_whole_and_in_range),
        cmocka_unit_test(durations_need_their_unit),
        cmocka_unit_test(a_formatted_duration_reads_back_as_itself),
        cmocka_unit_test(a_choice_is_one_of_its_names),
        cmocka_unit_test(the_nearest_name_is_the_one_that_was_meant),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
