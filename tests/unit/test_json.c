/* SPDX-License-Identifier: Apache-2.0 */
/* What is taken for JSON, and what is written as JSON. */
#include "unit.h"

#include "core/json.h"
#include "guarded.h"

#define BYTES(literal) literal, sizeof(literal) - 1

static const struct parse_row {
    const char *says;
    const char *bytes;
    size_t length;
    bool is_json;
    const char *text; /* at "a", if it is an object with one */
} parses[] = {
    {"an object", BYTES("{\"a\":\"b\"}"), true, "b"},
    {"blanks around it", BYTES(" \r\n\t{\"a\":\"b\"}\n"), true, "b"},
    {"an array has no keys", BYTES("[\"a\"]"), true, NULL},
    {"another key", BYTES("{\"b\":\"a\"}"), true, NULL},
    {"a number is no text", BYTES("{\"a\":1}"), true, NULL},
    {"null is no text", BYTES("{\"a\":null}"), true, NULL},
    {"nothing", BYTES(""), false, NULL},
    {"a blank", BYTES(" "), false, NULL},
    {"half an object", BYTES("{\"a\":\"b\""), false, NULL},
    {"two values", BYTES("{\"a\":\"b\"}{\"a\":\"c\"}"), false, NULL},
    {"a NUL after it", BYTES("{\"a\":\"b\"}\0"), false, NULL},
    {"an escaped NUL in a text", BYTES("{\"a\":\"b\\u0000c\"}"), false, NULL},
    {"a key that is there twice", BYTES("{\"a\":\"b\",\"a\":\"c\"}"), false, NULL},
    {"a bare word", BYTES("UP"), false, NULL},
    {"bytes that aren't UTF-8", BYTES("{\"a\":\"\xc3\x28\"}"), false, NULL},
    {"half of a surrogate pair", BYTES("{\"a\":\"\\ud800\"}"), false, NULL},
    {"a number that no machine holds", BYTES("{\"a\":1e999}"), false, NULL},
};

static void json_is_one_whole_value(void **state)
{
    uint8_t *end = guarded_end(256);

    (void)state;
    FOR_EACH_ROW(row, parses)
    {
        const uint8_t *copy = guarded_copy(end, row->bytes, row->length);
        osb_json *value = osb_json_parse((const char *)copy, row->length);
        const char *text = osb_json_text(value, "a");

        assert_int_equal(value != NULL, row->is_json);
        assert_int_equal(text != NULL, row->text != NULL);
        if (row->text != NULL)
            assert_string_equal(text, row->text);
        osb_json_free(value);
    }
}

static void nothing_can_be_asked_of_nothing(void **state)
{
    osb_json *empty = osb_json_array();

    (void)state;
    assert_null(osb_json_text(NULL, "a"));
    assert_false(osb_json_is_object(NULL));
    assert_null(osb_json_at(NULL, 0));
    assert_null(osb_json_at(empty, 0));
    assert_null(osb_json_text_of(NULL));
    assert_null(osb_json_text_of(empty));
    assert_false(osb_json_is_object(empty));
    osb_json_free(empty);
    osb_json_free(NULL);
}

static void elements_are_found_by_their_place(void **state)
{
    static const char bytes[] = "[\"a\", 2, [\"c\"]]";
    osb_json *array = osb_json_parse(bytes, sizeof bytes - 1);

    (void)state;
    assert_string_equal(osb_json_text_of(osb_json_at(array, 0)), "a");
    assert_non_null(osb_json_at(array, 1));
    assert_null(osb_json_text_of(osb_json_at(array, 1)));
    assert_string_equal(osb_json_text_of(osb_json_at(osb_json_at(array, 2), 0)), "c");
    assert_null(osb_json_at(array, 3));
    assert_null(osb_json_at(array, SIZE_MAX));
    osb_json_free(array);
}

static void write_text(void *baton, const char *bytes, size_t length)
{
    strncat(baton, bytes, length);
}

static void keys_are_written_in_the_order_in_which_they_were_put(void **state)
{
    char text[512] = "";
    const struct osb_sink sink = {.write = write_text, .baton = text};
    osb_json *object = osb_json_object(), *list = osb_json_array();

    (void)state;
    osb_json_put_text(object, "z", "a \"quote\" and\na line");
    osb_json_put_number(object, "y", INT64_MAX);
    osb_json_put_bool(object, "x", false);
    osb_json_put_text(object, "w", NULL);
    osb_json_append(list, osb_json_object());
    osb_json_put(object, "v", list);
    osb_json_write(object, &sink);
    osb_json_free(object);
    assert_string_equal(text, "{\n  \"z\": \"a \\\"quote\\\" and\\na line\",\n"
                              "  \"y\": 9223372036854775807,\n  \"x\": false,\n  \"w\": null,\n"
                              "  \"v\": [\n    {}\n  ]\n}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_is_one_whole_value),
        cmocka_unit_test(nothing_can_be_asked_of_nothing),
        cmocka_unit_test(elements_are_found_by_their_place),
        cmocka_unit_test(keys_are_written_in_the_order_in_which_they_were_put),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
