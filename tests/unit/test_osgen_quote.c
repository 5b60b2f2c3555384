/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "core/message.h"
#include "base/text.h"
#include "topology/quote.h"

static const struct quote_row {
    const char *says;
    const char *key;
    const char *value;
    const char *word;
} quote_rows[] = {
    {"letters and digits stay bare", "secret", "abc123", "secret=abc123"},
    {"the characters of URLs and networks stay bare", NULL, "ajp://[::1]:8009/a-b_c.d~e",
     "ajp://[::1]:8009/a-b_c.d~e"},
    {"nothing at all is quoted, or there would be no word", NULL, "", "\"\""},
    {"a blank is quoted", "secret", "a b", "\"secret=a b\""},
    {"a quote is escaped", "secret", "a\"b", "\"secret=a\\\"b\""},
    {"a single quote is quoted", "secret", "'a'", "\"secret='a'\""},
    {"a backslash is doubled", "secret", "a\\b", "\"secret=a\\\\b\""},
    {"a backslash at the end can't escape the quote", "secret", "a\\", "\"secret=a\\\\\""},
    {"a backslash before a quote can't either", "secret", "\\\"", "\"secret=\\\\\\\"\""},
    {"what ends a section is quoted", "secret", "</Proxy>", "\"secret=</Proxy>\""},
    {"what begins a comment is quoted", "secret", "#x", "\"secret=#x\""},
    {"a dollar alone is quoted", "secret", "$1", "\"secret=$1\""},
    {"a percent is quoted", "secret", "%{x}", "\"secret=%{x}\""},
    {"an equals sign is quoted", "secret", "a=b", "\"secret=a=b\""},
};

static void a_value_is_one_word_of_the_configuration(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, quote_rows)
    {
        struct osg_text text = {0};

        osg_quote(&text, row->key, row->value);
        assert_string_equal(text.bytes, row->word);
        osg_text_free(&text);
    }
}

static const struct quotable_row {
    const char *says;
    const char *value;
    bool good;
} quotable_rows[] = {
    {"plain text", "abc", true},
    {"everything printable", " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", true},
    {"a dollar and a brace apart", "$ {a}", true},
    {"a variable", "a${b}", false},
    {"a variable that never ends", "${", false},
    {"a newline", "a\nb", false},
    {"a carriage return", "a\rb", false},
    {"a tab", "a\tb", false},
    {"a delete character", "a\177", false},
};

static void what_cannot_be_written_is_refused(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, quotable_rows)
    {
        struct osb_message why = {""};

        assert_int_equal(osg_quotable(row->value, &why), row->good);
        assert_int_equal(why.text[0] == '\0', row->good);
    }
}

static void a_comment_stays_on_its_line(void **state)
{
    struct osg_text text = {0};

    (void)state;
    osg_quote_comment(&text, "a\nListen 99\r\t\033[0m \xff ü");
    assert_string_equal(text.bytes, "a?Listen 99???[0m ? ü");
    osg_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_one_word_of_the_configuration),
        cmocka_unit_test(what_cannot_be_written_is_refused),
        cmocka_unit_test(a_comment_stays_on_its_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
