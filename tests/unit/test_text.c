/* SPDX-License-Identifier: Apache-2.0 */
/* Text of any origin, made fit for a field and for a page. */
#include "unit.h"

#include "core/text.h"
#include "guarded.h"

#include <stdlib.h>

static const struct copy_row {
    const char *says;
    const char *text;
    size_t size; /* of the field */
    const char *copy;
} copies[] = {
    {"a text that fits is copied", "v12.2", 6, "v12.2"},
    {"a text that doesn't is cut", "v12.2", 5, "v12."},
    {"a field of one byte takes nothing", "v12.2", 1, ""},
    {"no text is an empty one", NULL, 8, ""},
    {"letters of two, three and four bytes are copied", "é€𝄞", 10, "é€𝄞"},
    {"a letter of two bytes isn't cut in half", "aé", 3, "a"},
    {"a letter of three bytes isn't cut", "a€", 4, "a"},
    {"a letter of four bytes isn't cut", "a𝄞", 5, "a"},
    {"nothing that follows slips in behind a letter that didn't fit", "a€b", 3, "a"},
    {"line breaks and tabs", "a\r\n\tb", 16, "a???b"},
    {"escape and delete", "\x1b[31m\x7f", 16, "?[31m?"},
    {"the first and the last of the control characters beyond ASCII", "\xc2\x80.\xc2\x9f", 16,
     "??.??"},
    {"the no-break space after them is a character", "\xc2\xa0", 16, "\xc2\xa0"},
    {"a trail byte without a lead", "a\x80z", 16, "a?z"},
    {"a lead byte without a trail", "a\xc3z", 16, "a?z"},
    {"a lead byte at the end", "a\xc3", 16, "a?"},
    {"three bytes that end after two", "a\xe2\x82", 16, "a??"},
    {"four bytes that end after three", "\xf0\x9d\x84z", 16, "???z"},
    {"bytes that are in no UTF-8", "\xfe\xff\xc0\xc1\xf5", 16, "?????"},
    {"a slash that is longer than it need be, in two bytes", "\xc0\xaf", 16, "??"},
    {"in three bytes", "\xe0\x80\xaf", 16, "???"},
    {"in four bytes", "\xf0\x80\x80\xaf", 16, "????"},
    {"the least of three bytes", "\xe0\xa0\x80", 16, "\xe0\xa0\x80"},
    {"the least of four bytes", "\xf0\x90\x80\x80", 16, "\xf0\x90\x80\x80"},
    {"half of a surrogate pair", "\xed\xa0\x80", 16, "???"},
    {"the last before the surrogates", "\xed\x9f\xbf", 16, "\xed\x9f\xbf"},
    {"the first after them", "\xee\x80\x80", 16, "\xee\x80\x80"},
    {"the last character there is", "\xf4\x8f\xbf\xbf", 16, "\xf4\x8f\xbf\xbf"},
    {"one beyond it", "\xf4\x90\x80\x80", 16, "????"},
};

/* The text and the field each end at a page that nobody may touch. */
static void a_copy_is_printable_utf8_that_fits(void **state)
{
    uint8_t *text_end = guarded_end(64), *field_end = guarded_end(64);

    (void)state;
    FOR_EACH_ROW(row, copies)
    {
        char *field = (char *)field_end - row->size;
        const char *text = row->text;

        if (text != NULL)
            text = (const char *)guarded_copy(text_end, text, strlen(text) + 1);
        memset(field, 'x', row->size);
        assert_ptr_equal(osb_text_copy(field, row->size, text), field);
        assert_string_equal(field, row->copy);
    }
}

/* What a copy would leave as it is, and only that, is clean. */
static void a_text_is_clean_if_its_copy_is_the_same(void **state)
{
    uint8_t *end = guarded_end(64);
    char copy[64];

    (void)state;
    FOR_EACH_ROW(row, copies)
    {
        const char *text = row->text != NULL ? row->text : "";

        text = (const char *)guarded_copy(end, text, strlen(text) + 1);
        osb_text_copy(copy, sizeof copy, text);
        assert_int_equal(osb_text_is_clean(text), strcmp(copy, text) == 0);
    }
}

struct page {
    char text[1024];
    size_t used;
};

static void write_page(void *baton, const char *bytes, size_t length)
{
    struct page *page = baton;

    assert_in_range(page->used + length, 0, sizeof page->text - 1);
    memcpy(page->text + page->used, bytes, length);
    page->used += length;
}

static const struct html_row {
    const char *says;
    const char *text;
    const char *html;
} html_rows[] = {
    {"an empty text", "", ""},
    {"a plain text", "os1.example.org", "os1.example.org"},
    {"each of the five", "&<>\"'", "&amp;&lt;&gt;&quot;&#39;"},
    {"a script", "a<script>b", "a&lt;script&gt;b"},
    {"an entity is text too", "&lt;", "&amp;lt;"},
    {"the end of an attribute", "x\" onload='y'", "x&quot; onload=&#39;y&#39;"},
    {"other letters stay", "é 100% ✓", "é 100% ✓"},
};

static void html_has_no_markup_of_the_text(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, html_rows)
    {
        struct page page = {.used = 0};
        const struct osb_sink sink = {.write = write_page, .baton = &page};

        osb_put_html(&sink, row->text);
        assert_string_equal(page.text, row->html);
    }
}

static void text_and_formats_go_to_the_sink_in_order(void **state)
{
    struct page page = {.used = 0};
    const struct osb_sink sink = {.write = write_page, .baton = &page};

    (void)state;
    osb_put(&sink, "50%s ");
    osb_putf(&sink, "%s %u", "of", 7U);
    assert_string_equal(page.text, "50%s of 7");
}

static void a_formatted_text_without_end_is_cut(void **state)
{
    char text[900];
    struct page page = {.used = 0};
    const struct osb_sink sink = {.write = write_page, .baton = &page};

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    osb_putf(&sink, "%s", text);
    assert_in_range(page.used, 100, sizeof text - 2);
    assert_int_equal(strspn(page.text, "x"), page.used);
}

static void a_buffer_keeps_all_that_it_is_given(void **state)
{
    struct osb_buffer buffer = {.bytes = NULL};
    const struct osb_sink sink = osb_buffer_sink(&buffer);

    (void)state;
    for (int i = 0; i < 1000; i++)
        osb_putf(&sink, "%03d,", i);
    assert_false(buffer.failed);
    assert_int_equal(buffer.length, 4000);
    assert_int_equal(strlen(buffer.bytes), 4000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(atoi(buffer.bytes + 4 * (ptrdiff_t)i), i);
    free(buffer.bytes);
}

static void an_empty_text_makes_a_buffer_an_empty_text(void **state)
{
    struct osb_buffer buffer = {.bytes = NULL};
    const struct osb_sink sink = osb_buffer_sink(&buffer);

    (void)state;
    osb_put(&sink, "");
    assert_string_equal(buffer.bytes, "");
    free(buffer.bytes);
}

/* More than any machine has. */
static void a_buffer_without_memory_says_so_and_keeps_what_it_had(void **state)
{
    struct osb_buffer buffer = {.bytes = NULL};
    const struct osb_sink sink = osb_buffer_sink(&buffer);

    (void)state;
    osb_put(&sink, "before");
    sink.write(sink.baton, "", PTRDIFF_MAX);
    osb_put(&sink, "after");
    assert_true(buffer.failed);
    assert_string_equal(buffer.bytes, "before");
    free(buffer.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_is_printable_utf8_that_fits),
        cmocka_unit_test(a_text_is_clean_if_its_copy_is_the_same),
        cmocka_unit_test(html_has_no_markup_of_the_text),
        cmocka_unit_test(text_and_formats_go_to_the_sink_in_order),
        cmocka_unit_test(a_formatted_text_without_end_is_cut),
        cmocka_unit_test(a_buffer_keeps_all_that_it_is_given),
        cmocka_unit_test(an_empty_text_makes_a_buffer_an_empty_text),
        cmocka_unit_test(a_buffer_without_memory_says_so_and_keeps_what_it_had),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
