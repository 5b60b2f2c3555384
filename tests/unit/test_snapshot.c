/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "core/json.h"
#include "core/snapshot.h"

#include <stdlib.h>

/* A rendering, kept. */
struct page {
    char *bytes;
    size_t length;
};

static void keep(void *baton, const char *bytes, size_t length)
{
    struct page *page = baton;

    page->bytes = realloc(page->bytes, page->length + length + 1);
    assert_non_null(page->bytes);
    memcpy(page->bytes + page->length, bytes, length);
    page->length += length;
    page->bytes[page->length] = '\0';
}

static struct page render(const char *format, const struct osb_snapshot *snapshot)
{
    struct page page = {NULL, 0};
    const struct osb_sink sink = {.write = keep, .baton = &page};

    for (size_t i = 0; i < osb_renderers_count; i++) {
        if (strcmp(osb_renderers[i].name, format) == 0)
            osb_renderers[i].render(snapshot, &sink);
    }
    assert_non_null(page.bytes);
    return page;
}

static void a_page_without_balancers_is_whole(void **state)
{
    const struct osb_snapshot empty = {.host = "lb1", .taken = 1};
    struct page html = render("html", &empty), json = render("json", &empty);
    osb_json *value = osb_json_parse(json.bytes, json.length);

    (void)state;
    assert_non_null(strstr(html.bytes, "No balancer has OSBalancerHealth On"));
    assert_non_null(strstr(html.bytes, "</html>"));
    assert_string_equal(osb_json_text(value, "host"), "lb1");
    osb_json_free(value);
    free(html.bytes);
    free(json.bytes);
}

/* Every state, each with a name that tries to break out of its place. */
static void every_state_is_shown_by_its_name_and_nothing_breaks_out(void **state)
{
    static const char nasty[] = "</code><script>alert('x')&\"";
    struct osb_member_view members[OSB_STATES] = {{.url = NULL}};
    struct osb_balancer_view balancer = {
        .name = nasty, .server = nasty, .members = members, .member_count = OSB_STATES};
    const struct osb_snapshot snapshot = {
        .host = nasty, .taken = 5000, .balancers = &balancer, .balancer_count = 1};
    struct page html, json;
    osb_json *value;

    (void)state;
    for (int i = 0; i < OSB_STATES; i++) {
        members[i] = (struct osb_member_view){.url = nasty,
                                              .state = (enum osb_state)i,
                                              .since = 1000,
                                              .checked = i > 0 ? 4000 : 0,
                                              .flags = 63,
                                              .build = {.known = true, .version = "<v1>"}};
    }
    html = render("html", &snapshot);
    json = render("json", &snapshot);
    assert_null(strstr(html.bytes, "<script"));
    assert_null(strstr(html.bytes, "<v1>"));
    for (int i = 0; i < OSB_STATES; i++) {
        char cell[64];

        snprintf(cell, sizeof cell, ">%s</span>", osb_state_name((enum osb_state)i));
        assert_non_null(strstr(html.bytes, cell));
        snprintf(cell, sizeof cell, "\"state\": \"%s\"", osb_state_name((enum osb_state)i));
        assert_non_null(strstr(json.bytes, cell));
    }
    value = osb_json_parse(json.bytes, json.length);
    assert_string_equal(osb_json_text(value, "host"), nasty);
    osb_json_free(value);
    free(html.bytes);
    free(json.bytes);
}

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
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_without_balancers_is_whole),
        cmocka_unit_test(every_state_is_shown_by_its_name_and_nothing_breaks_out),
        cmocka_unit_test(spans_are_shown_in_their_two_greatest_units),
        cmocka_unit_test(times_are_utc_and_zero_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
