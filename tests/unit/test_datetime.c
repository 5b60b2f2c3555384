/* SPDX-License-Identifier: Apache-2.0 */
/* Points and spans of time as texts. */
#include "unit.h"

#include "core/datetime.h"

static const struct span_row {
    const char *says;
    uint64_t ms;
    const char *text;
} span_rows[] = {
    {"nothing", 0, "0 ms"},
    {"under a second", 999, "999 ms"},
    {"a second", 1000, "1 s"},
    {"just under a minute", 59999, "59 s"},
    {"a minute", 60000, "1 min 0 s"},
    {"minutes and seconds", 125000, "2 min 5 s"},
    {"hours and minutes", 3600000 + 120000, "1 h 2 min"},
    {"days and hours", 86400000ull * 3 + 3600000ull * 4, "3 d 4 h"},
    {"longer than anybody lives", UINT64_MAX, "213503982334 d 14 h"},
};

static void spans_are_shown_in_their_two_greatest_units(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, span_rows)
    {
        char text[48];

        assert_string_equal(osb_format_span(row->ms, text, sizeof text), row->text);
    }
}

static void times_are_utc_and_zero_is_none(void **state)
{
    char text[24];

    (void)state;
    assert_string_equal(osb_format_time(0, text, sizeof text), "");
    assert_string_equal(osb_format_time(1795417385000, text, sizeof text), "2026-11-23T07:03:05Z");
    assert_string_equal(osb_format_time(UINT64_C(9007199254740991), text, sizeof text),
                        "287396-10-12T08:59:00Z");
    assert_string_equal(osb_format_time(UINT64_MAX, text, sizeof text), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_are_shown_in_their_two_greatest_units),
        cmocka_unit_test(times_are_utc_and_zero_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
