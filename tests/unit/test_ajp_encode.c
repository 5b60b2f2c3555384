/* SPDX-License-Identifier: Apache-2.0 */
/* The AJP13 encoder against bytes written by hand from the protocol's reference. */
#include "unit.h"

#include "core/ajp.h"
#include "guarded.h"

#define BYTES(literal) literal, sizeof(literal) - 1
#define HEADERS(...)                                         \
    .headers = (const struct osb_ajp_header[]){__VA_ARGS__}, \
    .header_count =                                          \
        sizeof((const struct osb_ajp_header[]){__VA_ARGS__}) / sizeof(struct osb_ajp_header)
/* What every request here has; a row changes what it is about. */
#define PLAIN                                                                                 \
    .method = OSB_AJP_METHOD_GET, .protocol = "HTTP/1.1", .uri = "/os", .remote_addr = "::1", \
    .server_name = "n", .server_port = 8009

/* The wire's form of PLAIN up to the count of headers, in two halves around the remote host. */
#define WIRE_START "\x02\x02\0\x08HTTP/1.1\0\0\3/os\0\0\3::1\0"
#define WIRE_END   "\0\1n\0\x1f\x49\0"

static uint8_t *end;

static const struct encode_row {
    const char *says;
    struct osb_ajp_request request;
    const char *bytes;
    size_t length;
} encode_rows[] = {
    {"a request without a header, whose client has no name",
     {PLAIN},
     BYTES("\x12\x34\0\x25" WIRE_START "\xff\xff" WIRE_END "\0\0\xff")},
    {"the client's name",
     {PLAIN, .remote_host = "c"},
     BYTES("\x12\x34\0\x27" WIRE_START "\0\1c\0" WIRE_END "\0\0\xff")},
    {"https, another method, the greatest port",
     {.method = OSB_AJP_METHOD_MKACTIVITY,
      .protocol = "",
      .uri = "/",
      .remote_addr = "",
      .server_name = "",
      .server_port = 65535,
      .is_tls = true},
     BYTES("\x12\x34\0\x17\x02\x1b\0\0\0\0\1/\0\0\0\0\xff\xff\0\0\0\xff\xff\1\0\0\xff")},
    {"a query and a secret are attributes",
     {PLAIN, .query = "a=b", .secret = "hush"},
     BYTES("\x12\x34\0\x34" WIRE_START "\xff\xff" WIRE_END "\0\0"
           "\x0c\0\4hush\0\x05\0\3a=b\0\xff")},
    {"a route with a line's end, as it stood escaped in a path",
     {PLAIN, .route = "a\nb"},
     BYTES("\x12\x34\0\x2c" WIRE_START "\xff\xff" WIRE_END "\0\0\x06\0\3a\nb\0\xff")},
    {"a query of no letters is sent all the same",
     {PLAIN, .query = ""},
     BYTES("\x12\x34\0\x29" WIRE_START "\xff\xff" WIRE_END "\0\0\x05\0\0\0\xff")},
    {"a method that has no code is an attribute",
     {.method = OSB_AJP_METHOD_NONE,
      .other_method = "PATCH",
      .protocol = "",
      .uri = "/",
      .remote_addr = "",
      .server_name = ""},
     BYTES("\x12\x34\0\x20\x02\xff\0\0\0\0\1/\0\0\0\0\xff\xff\0\0\0\0\0\0\0\0"
           "\x0d\0\5PATCH\0\xff")},
    {"a header's name in full",
     {PLAIN, HEADERS({"X-A", "b"})},
     BYTES("\x12\x34\0\x2f" WIRE_START "\xff\xff" WIRE_END "\0\1\0\3X-A\0\0\1b\0\xff")},
    {"frequent names are numbers, in any case of letters",
     {PLAIN, HEADERS({"Accept", "b"}, {"USER-AGENT", ""}, {"host", "n"})},
     BYTES("\x12\x34\0\x36" WIRE_START "\xff\xff" WIRE_END "\0\3"
           "\xa0\x01\0\1b\0\xa0\x0e\0\0\0\xa0\x0b\0\1n\0\xff")},
};

static void a_request_is_these_bytes(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, encode_rows)
    {
        uint8_t *buffer = end - row->length;

        assert_int_equal(osb_ajp_encode_request(&row->request, buffer, row->length), row->length);
        assert_memory_equal(buffer, row->bytes, row->length);
    }
}

static void a_smaller_buffer_is_refused_and_nothing_written_beyond_it(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, encode_rows)
    {
        for (size_t size = 0; size < row->length; size++)
            assert_int_equal(osb_ajp_encode_request(&row->request, end - size, size), 0);
    }
}

static void a_cping_is_five_bytes(void **state)
{
    (void)state;
    assert_int_equal(osb_ajp_encode_cping(end - 5, 5), 5);
    assert_memory_equal(end - 5, "\x12\x34\0\1\x0a", 5);
    for (size_t size = 0; size < 5; size++)
        assert_int_equal(osb_ajp_encode_cping(end - size, size), 0);
}

static void each_frequent_name_has_its_number(void **state)
{
    static const char *const names[] = {
        "accept",     "accept-charset", "accept-encoding", "accept-language", "authorization",
        "connection", "content-type",   "content-length",  "cookie",          "cookie2",
        "host",       "pragma",         "referer",         "user-agent"};
    static const size_t place = sizeof("1234" WIRE_START "ff" WIRE_END "00") - 1;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct osb_ajp_request request = {PLAIN, HEADERS({names[i], "v"})};
        uint8_t *buffer = end - 256;

        assert_int_equal(osb_ajp_encode_request(&request, buffer, 256), place + 7);
        assert_int_equal(buffer[place], 0xa0);
        assert_int_equal(buffer[place + 1], i + 1);
    }
}

static const struct string_row {
    const char *says;
    size_t field; /* the offset of the string that is changed */
    const char *value;
} refused_strings[] = {
    {"no protocol", offsetof(struct osb_ajp_request, protocol), NULL},
    {"no path", offsetof(struct osb_ajp_request, uri), NULL},
    {"no client", offsetof(struct osb_ajp_request, remote_addr), NULL},
    {"no server", offsetof(struct osb_ajp_request, server_name), NULL},
    {"a CR in the path", offsetof(struct osb_ajp_request, uri), "/os\rX"},
    {"an LF in the path", offsetof(struct osb_ajp_request, uri), "/os\nX"},
    {"an LF in the query", offsetof(struct osb_ajp_request, query), "a\nb"},
    {"an LF in the secret", offsetof(struct osb_ajp_request, secret), "hush\n"},
    {"an LF in the server's name", offsetof(struct osb_ajp_request, server_name), "n\n"},
    {"an LF in the client's name", offsetof(struct osb_ajp_request, remote_host), "\nc"},
};

static void a_string_that_cannot_be_said_is_refused(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, refused_strings)
    {
        struct osb_ajp_request request = {PLAIN};

        assert_true(osb_ajp_encode_request(&request, end - 256, 256) > 0);
        memcpy((char *)&request + row->field, &row->value, sizeof row->value);
        assert_int_equal(osb_ajp_encode_request(&request, end - 256, 256), 0);
    }
}

static const struct header_row {
    const char *says;
    struct osb_ajp_header header;
} refused_headers[] = {
    {"no name", {NULL, "b"}},
    {"a name of no letters", {"", "b"}},
    {"no value", {"X-A", NULL}},
    {"an LF in a name", {"X\nA", "b"}},
    {"a tab in a name", {"X\tA", "b"}},
    {"a DEL in a name", {"X\177A", "b"}},
    {"a CR in a value", {"X-A", "b\r"}},
    {"an LF in the value of a frequent name", {"Accept", "*\n"}},
};

static void a_header_that_cannot_be_said_is_refused(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, refused_headers)
    {
        const struct osb_ajp_header headers[] = {{"X-B", "c"}, row->header};
        struct osb_ajp_request request = {PLAIN, .headers = headers, .header_count = 1};

        assert_true(osb_ajp_encode_request(&request, end - 256, 256) > 0);
        request.header_count = 2;
        assert_int_equal(osb_ajp_encode_request(&request, end - 256, 256), 0);
    }
}

static void a_method_without_code_or_name_is_refused(void **state)
{
    struct osb_ajp_request request = {PLAIN};

    (void)state;
    request.method = OSB_AJP_METHOD_NONE;
    assert_int_equal(osb_ajp_encode_request(&request, end - 256, 256), 0);
    request.other_method = "A\nB";
    assert_int_equal(osb_ajp_encode_request(&request, end - 256, 256), 0);
    request.method = (enum osb_ajp_method)28;
    assert_int_equal(osb_ajp_encode_request(&request, end - 256, 256), 0);
}

static void a_piece_of_a_body_has_its_length_before_it(void **state)
{
    uint8_t *most = end - OSB_AJP_PACKET_MAX;

    (void)state;
    memcpy(end - 5, "hello", 5);
    assert_int_equal(osb_ajp_encode_body(end - 11, 5), 11);
    assert_memory_equal(end - 11, "\x12\x34\0\7\0\5hello", 11);
    assert_int_equal(osb_ajp_encode_body(end - 6, 0), 6);
    assert_memory_equal(end - 6, "\x12\x34\0\2\0\0", 6);
    assert_int_equal(osb_ajp_encode_body(most, OSB_AJP_PACKET_MAX - 6), OSB_AJP_PACKET_MAX);
    assert_memory_equal(most, "\x12\x34\xff\xfc\xff\xfa", 6);
    assert_int_equal(osb_ajp_encode_body(most, OSB_AJP_PACKET_MAX - 5), 0);
}

/* FILL bytes of 'a', as a string. */
static const char *string_of(size_t fill)
{
    static char text[OSB_AJP_PACKET_MAX * 2];

    assert_in_range(fill, 0, sizeof text - 1);
    memset(text, 'a', fill);
    text[fill] = '\0';
    return text;
}

static size_t encode_into_plenty(const struct osb_ajp_request *request)
{
    return osb_ajp_encode_request(request, end - 2 * OSB_AJP_PACKET_MAX, 2 * OSB_AJP_PACKET_MAX);
}

static void no_packet_is_longer_than_the_documented_bound(void **state)
{
    struct osb_ajp_request request = {PLAIN};
    size_t others = encode_into_plenty(&request) - strlen(request.uri);

    (void)state;
    request.uri = string_of(OSB_AJP_PACKET_MAX - others);
    assert_int_equal(encode_into_plenty(&request), OSB_AJP_PACKET_MAX);
    request.uri = string_of(OSB_AJP_PACKET_MAX - others + 1);
    assert_int_equal(encode_into_plenty(&request), 0);
    request.uri = string_of(OSB_AJP_PACKET_MAX + 3);
    assert_int_equal(encode_into_plenty(&request), 0);
}

/* From A000 on the container would take a name's length for a code. */
static void a_name_too_long_to_be_told_from_a_number_is_refused(void **state)
{
    struct osb_ajp_request request = {PLAIN, HEADERS({string_of(0x9fff), "b"})};

    (void)state;
    assert_true(encode_into_plenty(&request) > 0x9fff);
    string_of(0xa000);
    assert_int_equal(encode_into_plenty(&request), 0);
}

static void more_headers_than_can_be_counted_are_refused(void **state)
{
    static struct osb_ajp_header headers[65537];
    struct osb_ajp_request request = {PLAIN, .headers = headers, .header_count = 65537};

    (void)state;
    for (size_t i = 0; i < 65537; i++)
        headers[i] = (struct osb_ajp_header){.name = "a", .value = ""};
    assert_int_equal(encode_into_plenty(&request), 0);
}

static void a_method_is_found_by_its_name(void **state)
{
    (void)state;
    assert_int_equal(osb_ajp_find_method("OPTIONS"), 1);
    assert_int_equal(osb_ajp_find_method("GET"), OSB_AJP_METHOD_GET);
    assert_int_equal(osb_ajp_find_method("VERSION-CONTROL"), 17);
    assert_int_equal(osb_ajp_find_method("MKACTIVITY"), 27);
    assert_int_equal(osb_ajp_find_method("get"), OSB_AJP_METHOD_NONE);
    assert_int_equal(osb_ajp_find_method("PATCH"), OSB_AJP_METHOD_NONE);
    assert_int_equal(osb_ajp_find_method(""), OSB_AJP_METHOD_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cping_is_five_bytes),
        cmocka_unit_test(a_request_is_these_bytes),
        cmocka_unit_test(a_smaller_buffer_is_refused_and_nothing_written_beyond_it),
        cmocka_unit_test(each_frequent_name_has_its_number),
        cmocka_unit_test(a_string_that_cannot_be_said_is_refused),
        cmocka_unit_test(a_header_that_cannot_be_said_is_refused),
        cmocka_unit_test(a_method_without_code_or_name_is_refused),
        cmocka_unit_test(a_piece_of_a_body_has_its_length_before_it),
        cmocka_unit_test(no_packet_is_longer_than_the_documented_bound),
        cmocka_unit_test(a_name_too_long_to_be_told_from_a_number_is_refused),
        cmocka_unit_test(more_headers_than_can_be_counted_are_refused),
        cmocka_unit_test(a_method_is_found_by_its_name),
    };

    end = guarded_end(2 * OSB_AJP_PACKET_MAX);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
