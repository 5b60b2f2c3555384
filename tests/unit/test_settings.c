/* SPDX-License-Identifier: Apache-2.0 */
/* The table of health settings, and what it makes of a key and its text. */
#include "unit.h"

#include "core/message.h"
#include "core/parse.h"
#include "core/settings.h"

#define LONG_PATH \
    "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void the_defaults_agree_with_their_own_rules(void **state)
{
    struct osb_health health = osb_health_defaults();
    struct osb_message why = {""};

    (void)state;
    assert_true(osb_health_check(&health, &why));
    assert_string_equal(why.text, "");
    assert_int_equal(health.interval_ms, 2000);
    assert_int_equal(health.fast_ms, 250);
    assert_int_equal(health.down_ms, 2000);
    assert_int_equal(health.timeout_ms, 2000);
    assert_int_equal(health.ping_ms, 250);
    assert_int_equal(health.rise, 2);
    assert_int_equal(health.fall, 2);
    assert_int_equal(health.slowstart_ms, 0);
    assert_string_equal(health.context, "");
    assert_string_equal(health.tls_ca, "");
}

static uint32_t value_of(const struct osb_setting *row, const struct osb_health *health)
{
    uint32_t value;

    memcpy(&value, (const char *)health + row->offset, sizeof value);
    return value;
}

static const char *written(const struct osb_setting *row, uint32_t value, char *text, size_t size)
{
    if (row->type == OSB_SETTING_DURATION)
        return osb_format_duration(value, text, size);
    snprintf(text, size, "%u", value);
    return text;
}

/* Over the whole table, so that a new row is tested from its first day. */
static void every_setting_takes_its_bounds_and_nothing_beyond(void **state)
{
    (void)state;
    for (size_t i = 0; i < osb_health_settings_count; i++) {
        const struct osb_setting *row = &osb_health_settings[i];
        struct osb_health health = osb_health_defaults();
        struct osb_message why;
        char text[16];

        assert_in_range(strlen(row->meaning), 10, 100);
        assert_ptr_equal(osb_health_find(row->key), row);
        if (row->type == OSB_SETTING_PATHS || row->type == OSB_SETTING_CONTEXT ||
            row->type == OSB_SETTING_FILE)
            continue;
        assert_int_equal(value_of(row, &health), row->preset);
        assert_true(osb_health_set(&health, row->key, written(row, row->min, text, 16), &why));
        assert_int_equal(value_of(row, &health), row->min);
        assert_true(osb_health_set(&health, row->key, written(row, row->max, text, 16), &why));
        assert_int_equal(value_of(row, &health), row->max);
        assert_false(osb_health_set(&health, row->key, written(row, row->min - 1, text, 16), &why));
        assert_false(osb_health_set(&health, row->key, written(row, row->max + 1, text, 16), &why));
        assert_non_null(strstr(why.text, written(row, row->max, text, 16)));
        assert_int_equal(value_of(row, &health), row->max);
    }
}

static const struct set_row {
    const char *says;
    const char *key;
    const char *value;
    const char *why; /* a part of the refusal, or NULL: accepted */
} set_rows[] = {
    {"a duration", "interval", "5s", NULL},
    {"a duration without its unit", "interval", "5", "written with its unit"},
    {"a count", "fall", "3", NULL},
    {"a count with a unit", "fall", "3s", "whole number from 1 to 100"},
    {"nothing at all", "rise", "", "whole number from 1 to 100"},
    {"a key in capitals is another key", "Interval", "5s", "did you mean interval?"},
    {"a key that is nearly right", "intervall", "5s", "did you mean interval?"},
    {"a key like none of ours", "hcmethod", "GET",
     "not one of: interval, fast, down, timeout, ping, rise, fall, slowstart, warmup, context or "
     "tls_ca"},
    {"no key", "", "5s", "not one of: interval"},

    {"a path", "warmup", "/", NULL},
    {"paths, one of them with a query", "warmup", "/,/rest/ng/a%20b?c=d&e=@~+,/a:b/", NULL},
    {"a path without its slash", "warmup", "index.html", "is not a list of paths"},
    {"no path", "warmup", "", "is not a list of paths"},
    {"a comma at the end", "warmup", "/a,", "is not a list of paths"},
    {"two commas", "warmup", "/a,,/b", "is not a list of paths"},
    {"a second path without its slash", "warmup", "/a,b", "is not a list of paths"},
    {"a blank in a path", "warmup", "/a, /b", "with commas between them"},
    {"another header in a path", "warmup", "/a HTTP/1.1\r\nHost:b", "is not a list of paths"},
    {"a quote in a path", "warmup", "/a\"", "is not a list of paths"},
    {"too many paths", "warmup",
     LONG_PATH LONG_PATH LONG_PATH LONG_PATH LONG_PATH LONG_PATH LONG_PATH LONG_PATH,
     "under 512 characters"},
    {"a context", "context", "/openspecimen", NULL},
    {"a context of two parts", "context", "/labs/os-2.1_~x", NULL},
    {"a context without its slash", "context", "openspecimen", "such as /openspecimen"},
    {"the root is no context path, it is the default", "context", "/", "such as /openspecimen"},
    {"an empty context", "context", "", "such as /openspecimen"},
    {"a context with a slash at its end", "context", "/openspecimen/", "no slash at the end"},
    {"two slashes", "context", "/a//b", "is not a context path"},
    {"a way up", "context", "/a/../b", "is not a context path"},
    {"a hidden part", "context", "/.a", "is not a context path"},
    {"a query", "context", "/a?b=c", "is not a context path"},
    {"a percent sign", "context", "/%2e%2e", "is not a context path"},
    {"a blank", "context", "/a b", "is not a context path"},
    {"a line break", "context", "/a\r\nHost: b", "is not a context path"},
    {"a quote", "context", "/a\"b", "is not a context path"},
    {"letters beyond ASCII", "context", "/é", "is not a context path"},
    {"a context that is too long", "context", LONG_PATH LONG_PATH, "under 128 characters"},

    {"a file", "tls_ca", "/etc/ssl/certs/openspecimen.pem", NULL},
    {"a file beside the server's own", "tls_ca", "conf/ca.pem", NULL},
    {"a file with blanks and other letters", "tls_ca", "/etc/ssl/Autorité de l\u2019hôpital.pem",
     NULL},
    {"no file", "tls_ca", "", "is not the path of a file"},
    {"a file whose name has a quote", "tls_ca", "/etc/\"ca\".pem", "without quotes"},
    {"a file whose name has an apostrophe", "tls_ca", "/etc/ca's.pem", "without quotes"},
    {"a file whose name has a backslash", "tls_ca", "C:\\ca.pem", "backslashes"},
    {"a file whose name has a line break", "tls_ca", "/etc/ca.pem\n", "control characters"},
    {"a file whose name has a control character of two bytes", "tls_ca", "/etc/\xc2\x85",
     "control characters"},
    {"a file whose name isn't UTF-8", "tls_ca", "/etc/\xe9", "of UTF-8"},
    {"a file whose name is too long", "tls_ca", LONG_PATH LONG_PATH LONG_PATH LONG_PATH,
     "under 256 bytes"},
};

static void a_setting_is_taken_whole_or_refused_with_what_is_accepted(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, set_rows)
    {
        const struct osb_health before = osb_health_defaults();
        struct osb_health health = before;
        struct osb_message why = {""};

        assert_int_equal(osb_health_set(&health, row->key, row->value, &why), row->why == NULL);
        assert_int_equal(memcmp(&health, &before, sizeof health) != 0, row->why == NULL);
        if (row->why == NULL)
            assert_string_equal(why.text, "");
        else
            assert_non_null(strstr(why.text, row->why));
        assert_int_equal(osb_health_set(&health, row->key, row->value, NULL), row->why == NULL);
    }
}

static void the_longest_context_fits(void **state)
{
    struct osb_health health = osb_health_defaults();
    char path[OSB_CONTEXT_MAX + 1];

    (void)state;
    memset(path, 'a', sizeof path);
    path[0] = '/';
    path[OSB_CONTEXT_MAX] = '\0';
    assert_false(osb_health_set(&health, "context", path, NULL));
    path[OSB_CONTEXT_MAX - 1] = '\0';
    assert_true(osb_health_set(&health, "context", path, NULL));
    assert_string_equal(health.context, path);
}

static void the_longest_path_of_a_file_fits(void **state)
{
    struct osb_health health = osb_health_defaults();
    char path[OSB_FILE_MAX + 1];

    (void)state;
    memset(path, 'a', sizeof path);
    path[OSB_FILE_MAX] = '\0';
    assert_false(osb_health_set(&health, "tls_ca", path, NULL));
    path[OSB_FILE_MAX - 1] = '\0';
    assert_true(osb_health_set(&health, "tls_ca", path, NULL));
    assert_string_equal(health.tls_ca, path);
}

static const struct down_row {
    const char *says;
    const char *interval, *down; /* NULL: not given */
    uint32_t down_ms;            /* then */
} downs[] = {
    {"neither is given", NULL, NULL, 2000},
    {"it follows a shorter interval", "1s", NULL, 1000},
    {"it follows a longer interval", "1m", NULL, 60000},
    {"it may be longer than the interval", "1s", "10s", 10000},
    {"it may be shorter than the interval", "10s", "100ms", 100},
    {"its default given aloud stays", "10s", "2s", 2000},
};

static void down_is_the_interval_unless_it_was_given(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, downs)
    {
        struct osb_health health = osb_health_defaults();

        if (row->down != NULL)
            assert_true(osb_health_set(&health, "down", row->down, NULL));
        if (row->interval != NULL)
            assert_true(osb_health_set(&health, "interval", row->interval, NULL));
        assert_true(osb_health_check(&health, NULL));
        assert_int_equal(health.down_ms, row->down_ms);
    }
}

static const struct check_row {
    const char *says;
    const char *interval, *fast, *timeout; /* NULL: not given */
    uint32_t fast_ms, timeout_ms;          /* then */
    const char *why;                       /* NULL: accepted */
} checks[] = {
    {"all three alike", "1s", "1s", "1s", 1000, 1000, NULL},
    {"a timeout over the interval", "1s", "500ms", "1001ms", 500, 1001,
     "timeout=1001ms is longer than interval=1s; it may be as long"},
    {"a fast over the interval", "1s", "1m", "1s", 60000, 1000,
     "fast=1m is longer than interval=1s; it may be as long"},
    {"a timeout over the interval that nobody gave", NULL, NULL, "3s", 250, 3000,
     "timeout=3s is longer than interval=2s; it may be as long"},
    {"a timeout that nobody gave follows a shorter interval", "1s", NULL, NULL, 250, 1000, NULL},
    {"and so does a fast", "200ms", NULL, NULL, 200, 200, NULL},
    {"neither follows a longer one", "1m", NULL, NULL, 250, 2000, NULL},
};

static void give(struct osb_health *health, const char *key, const char *value)
{
    if (value != NULL)
        assert_true(osb_health_set(health, key, value, NULL));
}

static void no_check_may_outlast_the_interval(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, checks)
    {
        struct osb_health health = osb_health_defaults();
        struct osb_message why = {""};

        give(&health, "timeout", row->timeout);
        give(&health, "fast", row->fast);
        give(&health, "interval", row->interval);
        assert_int_equal(osb_health_check(&health, &why), row->why == NULL);
        assert_string_equal(why.text, row->why != NULL ? row->why : "");
        assert_int_equal(health.fast_ms, row->fast_ms);
        assert_int_equal(health.timeout_ms, row->timeout_ms);
    }
}

static void a_ping_may_take_no_longer_than_a_check(void **state)
{
    struct osb_health health = osb_health_defaults();
    struct osb_message why = {""};

    (void)state;
    give(&health, "timeout", "200ms");
    assert_true(osb_health_check(&health, &why));
    assert_int_equal(health.ping_ms, 200);
    give(&health, "ping", "201ms");
    assert_false(osb_health_check(&health, &why));
    assert_string_equal(why.text, "ping=201ms is longer than timeout=200ms; it may be as long");
}

static void whatever_is_too_long_is_told(void **state)
{
    static const struct {
        const char *says, *key, *why;
    } expected[] = {
        {"first", "timeout", "timeout=5s is longer than interval=1s; it may be as long"},
        {"second", "fast", "fast=3s is longer than interval=1s; it may be as long"},
        {"third, at most interval too", "ping",
         "ping=4s is longer than interval=1s; it may be as long"},
    };
    struct osb_health health = osb_health_defaults();
    struct osb_message why = {""};
    size_t from = 0;

    (void)state;
    give(&health, "interval", "1s");
    give(&health, "timeout", "5s");
    give(&health, "fast", "3s");
    give(&health, "ping", "4s");
    FOR_EACH_ROW(row, expected)
    {
        const struct osb_setting *wrong = osb_health_wrong(&health, &from, &why);

        assert_ptr_equal(wrong, osb_health_find(row->key));
        assert_string_equal(why.text, row->why);
    }
    assert_null(osb_health_wrong(&health, &from, &why));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_defaults_agree_with_their_own_rules),
        cmocka_unit_test(every_setting_takes_its_bounds_and_nothing_beyond),
        cmocka_unit_test(a_setting_is_taken_whole_or_refused_with_what_is_accepted),
        cmocka_unit_test(the_longest_context_fits),
        cmocka_unit_test(the_longest_path_of_a_file_fits),
        cmocka_unit_test(down_is_the_interval_unless_it_was_given),
        cmocka_unit_test(no_check_may_outlast_the_interval),
        cmocka_unit_test(a_ping_may_take_no_longer_than_a_check),
        cmocka_unit_test(whatever_is_too_long_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
