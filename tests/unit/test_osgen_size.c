/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "topology/size.h"

#include "core/message.h"

static const struct row {
    const char *says;
    const char *text;
    bool good;
    uint32_t bytes;
} rows[] = {
    {"bytes", "2000", true, 2000},
    {"1024 of them", "2k", true, 2048},
    {"a capital K", "2K", true, 2048},
    {"the square", "3M", true, 3145728},
    {"a small m", "3m", true, 3145728},
    {"the cube", "1g", true, 1073741824},
    {"the least", "1024", true, 1024},
    {"the greatest", "1073741824", true, 1073741824},
    {"zeros in front", "0001k", true, 1024},
    {"under the least", "1023", false, 0},
    {"over the greatest", "1073741825", false, 0},
    {"over it with a unit", "1025M", false, 0},
    {"what overflows 32 bits with its unit", "4194305k", false, 0},
    {"what overflows 64 bits with its unit", "18014398509481985k", false, 0},
    {"what overflows 64 bits", "18446744073709552640", false, 0},
    {"nothing", "", false, 0},
    {"a unit alone", "k", false, 0},
    {"two letters", "1kB", false, 0},
    {"another unit", "1T", false, 0},
    {"a blank", "1 k", false, 0},
    {"a blank in front", " 2000", false, 0},
    {"a sign", "+2000", false, 0},
    {"a fraction", "1.5M", false, 0},
};

static void a_size_is_bytes_or_has_a_unit(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, rows)
    {
        struct osb_message why = {""};
        uint32_t bytes = 77;

        assert_int_equal(osg_size_parse(row->text, 1u << 10, 1u << 30, &bytes, &why), row->good);
        assert_int_equal(bytes, row->good ? row->bytes : 77);
        if (!row->good)
            assert_non_null(strstr(why.text, "from 1k to 1G"));
    }
}

static void a_formatted_size_is_the_shortest(void **state)
{
    static const struct {
        uint32_t bytes;
        const char *text;
    } sizes[] = {{0, "0"},
                 {1, "1"},
                 {1023, "1023"},
                 {1024, "1k"},
                 {1025, "1025"},
                 {1536 << 10, "1536k"},
                 {100 << 20, "100M"},
                 {1u << 30, "1G"},
                 {UINT32_MAX, "4294967295"}};

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char text[16];
        uint32_t bytes = 77;

        assert_string_equal(osg_size_format(sizes[i].bytes, text, sizeof text), sizes[i].text);
        assert_true(osg_size_parse(text, 0, UINT32_MAX, &bytes, NULL));
        assert_int_equal(bytes, sizes[i].bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_size_is_bytes_or_has_a_unit),
        cmocka_unit_test(a_formatted_size_is_the_shortest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
