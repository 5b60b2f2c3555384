/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "ask/screen.h"

static const struct row {
    const char *says;
    const char *text;
    size_t width;
    size_t rows;
} rows[] = {
    {"nothing takes no row", "", 10, 0},
    {"a line takes one", "abc\n", 10, 1},
    {"so does an empty one", "\n", 10, 1},
    {"a line that just fits", "0123456789\n", 10, 1},
    {"a line that is wrapped", "0123456789a\n", 10, 2},
    {"each line by itself", "0123456789a\nb\n", 10, 3},
    {"colours take no room", "\033[1;31m0123456789\033[0m\n", 10, 1},
    {"characters count, not bytes", "\xc3\xa9\xc3\xa9\xc3\xa9\n", 3, 1},
};

static void rows_are_counted_as_a_terminal_wraps_them(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, rows)
    assert_int_equal(osg_screen_rows(row->text, row->width), row->rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rows_are_counted_as_a_terminal_wraps_them)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
