/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "base/arena.h"
#include "base/text.h"
#include "problem/problem.h"
#include "problem/report.h"
#include "yaml/node.h"
#include "yaml/source.h"

/* A document that is read, and what was found wrong with it. */
struct reading {
    struct osg_arena *arena;
    struct osg_source source;
    struct osg_problems problems;
    const struct osg_node *root;
};

static struct reading read_text(const char *text)
{
    struct reading reading = {.arena = osg_arena_new(),
                              .source = {.name = "t.yaml", .text = text, .length = strlen(text)}};

    reading.problems = osg_problems_new(reading.arena);
    reading.root = osg_yaml_read(reading.arena, &reading.source, &reading.problems);
    return reading;
}

static void end(struct reading *reading)
{
    osg_problems_free(&reading->problems);
    osg_arena_free(reading->arena);
}

static void values_know_their_key_and_place(void **state)
{
    struct reading reading = read_text("# ä\nsite: öäü\nlist:\n  - {a: ü, b: ~}\n");
    const struct osg_node *site = reading.root->first, *list = site->next;
    const struct osg_node *inner = list->first->first;

    (void)state;
    assert_int_equal(reading.problems.count, 0);
    assert_int_equal(reading.root->count, 2);
    assert_string_equal(site->key->text, "site");
    assert_string_equal(site->text, "öäü");
    assert_int_equal(site->place.line, 2);
    assert_int_equal(site->place.column, 7);
    assert_int_equal(list->type, OSG_NODE_LIST);
    assert_int_equal(list->first->type, OSG_NODE_MAPPING);
    assert_null(list->first->key);
    assert_int_equal(inner->place.line, 4);
    assert_int_equal(inner->place.column, 9);
    assert_int_equal(inner->next->type, OSG_NODE_NULL);
    assert_int_equal(inner->next->place.column, 15);
    end(&reading);
}

static const struct null_row {
    const char *says;
    const char *text;
    enum osg_node_type type;
} null_rows[] = {
    {"nothing", "a:\n", OSG_NODE_NULL},
    {"a tilde", "a: ~\n", OSG_NODE_NULL},
    {"null", "a: null\n", OSG_NODE_NULL},
    {"a quoted null is text", "a: 'null'\n", OSG_NODE_SCALAR},
    {"empty quotes are text", "a: ''\n", OSG_NODE_SCALAR},
    {"a number is text", "a: 012\n", OSG_NODE_SCALAR},
    {"a block is text", "a: |\n  b\n", OSG_NODE_SCALAR},
    {"an alias is bad", "a: *b\n", OSG_NODE_BAD},
    {"a tagged value is bad", "a: !x b\n", OSG_NODE_BAD},
    {"an anchored list is bad", "a: &b [c]\n", OSG_NODE_BAD},
    {"a NUL makes a value bad", "a: \"b\\0c\"\n", OSG_NODE_BAD},
};

static void a_value_has_its_type(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, null_rows)
    {
        struct reading reading = read_text(row->text);

        assert_non_null(reading.root);
        assert_int_equal(reading.root->first->type, row->type);
        assert_int_equal(reading.problems.errors, row->type == OSG_NODE_BAD);
        end(&reading);
    }
}

static const struct key_row {
    const char *says;
    const char *text;
    size_t count;
} key_rows[] = {
    {"a key that stands twice", "a: [1]\nb: 2\na: [3]\n", 2},
    {"a key that stands three times", "{a: 1, a: {c: 1}, a: 3}", 1},
    {"an anchored key", "&x a: [1]\nb: 2\n", 1},
    {"an alias as a key", "*x : [1]\nb: {c: 2}\n", 1},
};

static void a_reader_sees_each_key_once(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, key_rows)
    {
        struct reading reading = read_text(row->text);

        assert_int_not_equal(reading.problems.errors, 0);
        assert_int_equal(reading.root->count, row->count);
        end(&reading);
    }
}

static void repeat(struct osg_text *text, const char *part, size_t times)
{
    for (size_t i = 0; i < times; i++)
        osg_text_put(text, part);
}

static const struct bound_row {
    const char *says;
    const char *part;
    size_t times;
    bool accepted;
} bound_rows[] = {
    {"as many levels as are allowed", "[", OSG_NODE_DEPTH, true},
    {"one level more", "[", OSG_NODE_DEPTH + 1, false},
    {"a hundred thousand levels", "[", 100000, false},
    {"as many values as are allowed", "- a\n", OSG_NODE_COUNT - 1, true},
    {"one value more", "- a\n", OSG_NODE_COUNT, false},
};

static void a_document_is_bounded(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, bound_rows)
    {
        struct osg_text text = {0};
        struct reading reading;

        repeat(&text, row->part, row->times);
        if (row->part[0] == '[')
            repeat(&text, "]", row->times);
        reading = read_text(text.bytes);
        assert_int_equal(reading.root != NULL, row->accepted);
        assert_int_equal(reading.problems.errors, !row->accepted);
        end(&reading);
        osg_text_free(&text);
    }
}

static const struct secret_row {
    const char *says;
    const char *text;
} secret_rows[] = {
    {"behind its key", "{secret: HUSH, x: *a}\n"},
    {"in quotes", "{secret: \"HUSH\", x: *a}\n"},
    {"under a key in quotes", "{\"secret\": HUSH, x: *a}\n"},
    {"on the next line", "{secret:\n HUSH, x: *a}\n"},
    {"in a list", "{secret: [a, HUSH], x: *a}\n"},
    {"in a mapping", "{secret: {b: HUSH, secret: HUSH}, x: *a}\n"},
    {"as an anchor of a value", "{secret: &a HUSH, x: *a}\n"},
    {"under a key that is misspelt", "{scret: HUSH, x: *a}\n"},
    {"in quotes that never close", "secret: \"HUSH\n"},
    {"before a syntax error", "{secret: HUSH, x: ]\n"},
    {"in a list that never closes", "{secret: [HUSH, x: ]\n"},
};

static void a_secret_is_never_shown(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, secret_rows)
    {
        struct reading reading = read_text(row->text);
        struct osg_text text = {0};

        assert_int_not_equal(reading.problems.errors, 0);
        osg_report(&text, &reading.problems, &reading.source, false);
        assert_null(strstr(text.bytes, "HUSH"));
        osg_text_free(&text);
        end(&reading);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_know_their_key_and_place), cmocka_unit_test(a_value_has_its_type),
        cmocka_unit_test(a_reader_sees_each_key_once),     cmocka_unit_test(a_document_is_bounded),
        cmocka_unit_test(a_secret_is_never_shown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
