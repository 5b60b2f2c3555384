/* SPDX-License-Identifier: Apache-2.0 */
/* The AJP13 decoder on what a real Tomcat 10.1 sent; captures/capture.py made the files. */
#include "unit.h"

#include "ajp_checks.h"
#include "core/ajp.h"
#include "guarded.h"

#include <glob.h>

#define FOLDER      "tests/unit/captures/"
#define CAPTURE_MAX 16384

/* A whole exchange. Its packets are told by a letter each: Headers, Body, flush, Get body, Pong,
 * End with reuse, close. */
static const struct capture_row {
    const char *says;
    const char *file;
    const char *packets;
    unsigned status;
    unsigned headers;
    size_t body; /* bytes, over all chunks */
} captures[] = {
    {"a CPONG is a packet of five bytes", "cpong", "P", 0, 0, 0},
    {"JSON that was flushed comes in two chunks with a flush between", "200-flushed-json", "HBfBE",
     200, 2, 32},
    {"a body that is longer than a packet comes in two", "200-two-chunks", "HBBE", 200, 1, 9000},
    {"an answer to HEAD has headers, a flush and no body", "200-head", "HfE", 200, 2, 0},
    {"a request with a body is asked for more of it", "200-asks-for-body", "GGHBE", 200, 1, 9},
    {"a redirect has no body", "302-redirect", "HE", 302, 2, 0},
    {"names come as numbers and as text, and a value may be empty", "401-many-headers", "HE", 401,
     6, 0},
    {"a wrong secret is answered with a page and a closed connection", "403-wrong-secret", "HBC",
     403, 3, 628},
    {"the stock page of a context that isn't there", "404-stock-page", "HBE", 404, 3, 692},
};

static uint8_t bytes[CAPTURE_MAX];
static uint8_t *end;

static size_t load(const struct capture_row *row)
{
    char path[256];
    size_t length;
    FILE *file;

    snprintf(path, sizeof path, FOLDER "%s.bin", row->file);
    file = fopen(path, "rb");
    if (file == NULL)
        fail_msg("%s can't be read; unit tests run in the project's root", path);
    length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_in_range(length, 5, sizeof bytes - 1);
    return length;
}

static ptrdiff_t decode_at_the_end(size_t offset, size_t length, struct osb_ajp_packet *packet)
{
    const uint8_t *copy = guarded_copy(end, bytes + offset, length);
    ptrdiff_t result = osb_ajp_decode(copy, length, packet);

    assert_true(ajp_is_consistent(copy, length, result, packet));
    return result;
}

static char letter_of(const struct osb_ajp_packet *packet)
{
    switch (packet->kind) {
    case OSB_AJP_SEND_HEADERS:
        return 'H';
    case OSB_AJP_SEND_BODY_CHUNK:
        return packet->body.length > 0 ? 'B' : 'f';
    case OSB_AJP_GET_BODY_CHUNK:
        return packet->wanted > 0 ? 'G' : '?';
    case OSB_AJP_END_RESPONSE:
        return packet->reuse ? 'E' : 'C';
    case OSB_AJP_CPONG:
        return 'P';
    }
    return '?';
}

static void every_capture_is_read_to_its_end(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, captures)
    {
        char packets[16] = "";
        size_t length = load(row), offset = 0, body = 0, count = 0;

        while (offset < length && count < sizeof packets - 1) {
            struct osb_ajp_packet packet;
            ptrdiff_t taken = decode_at_the_end(offset, length - offset, &packet);

            assert_true(taken > 0);
            packets[count++] = letter_of(&packet);
            if (packet.kind == OSB_AJP_SEND_HEADERS) {
                assert_int_equal(packet.status, row->status);
                assert_int_equal(packet.headers.count, row->headers);
                assert_int_equal(packet.reason.length, 3);
            }
            body += packet.body.length;
            offset += (size_t)taken;
        }
        assert_int_equal(offset, length);
        assert_string_equal(packets, row->packets);
        assert_int_equal(body, row->body);
    }
}

static void every_prefix_of_a_packet_is_partial(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, captures)
    {
        size_t length = load(row);

        for (size_t offset = 0; offset < length;) {
            struct osb_ajp_packet packet;
            ptrdiff_t taken = decode_at_the_end(offset, length - offset, &packet);

            assert_true(taken > 0);
            for (size_t part = 0; part < (size_t)taken; part++)
                assert_int_equal(decode_at_the_end(offset, part, &packet), OSB_AJP_PARTIAL);
            assert_int_equal(decode_at_the_end(offset, (size_t)taken, &packet), taken);
            offset += (size_t)taken;
        }
    }
}

/* Lies in every two bytes, of which the length fields are some: no lie leads out of the input, and
 * one that is about the packet's own length is never taken for the truth. */
static size_t lie(size_t offset, size_t at, size_t length, unsigned truth, unsigned value)
{
    struct osb_ajp_packet packet;
    ptrdiff_t result;

    bytes[at] = (uint8_t)(value >> 8);
    bytes[at + 1] = (uint8_t)value;
    result = decode_at_the_end(offset, length - offset, &packet);
    if (at == offset + 2 && value != truth)
        assert_true(result < 0);
    bytes[at] = (uint8_t)(truth >> 8);
    bytes[at + 1] = (uint8_t)truth;
    return result == OSB_AJP_BAD;
}

static size_t lie_everywhere(size_t offset, size_t taken, size_t length)
{
    size_t bad = 0;

    for (size_t at = offset; at + 1 < offset + taken; at++) {
        unsigned truth = (unsigned)bytes[at] << 8 | bytes[at + 1];
        const unsigned values[] = {0,      1,      truth + 1, truth - 1, 0x7FFF, 0x8000, 0x9FFF,
                                   0xA000, 0xA001, 0xA00B,    0xA00C,    0xFFFC, 0xFFFE, 0xFFFF};

        for (size_t i = 0; i < sizeof values / sizeof *values; i++)
            bad += lie(offset, at, length, truth, values[i] & 0xFFFF);
    }
    return bad;
}

static void a_lie_in_any_two_bytes_stays_within_the_input(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, captures)
    {
        size_t length = load(row);

        for (size_t offset = 0; offset < length;) {
            struct osb_ajp_packet packet;
            ptrdiff_t taken = decode_at_the_end(offset, length - offset, &packet);

            assert_true(taken > 0);
            assert_true(lie_everywhere(offset, (size_t)taken, length) > 0);
            offset += (size_t)taken;
        }
    }
}

static void every_file_of_the_folder_has_its_row(void **state)
{
    glob_t files;

    (void)state;
    assert_int_equal(glob(FOLDER "*.bin", 0, NULL, &files), 0);
    assert_int_equal(files.gl_pathc, sizeof captures / sizeof *captures);
    globfree(&files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_capture_is_read_to_its_end),
        cmocka_unit_test(every_prefix_of_a_packet_is_partial),
        cmocka_unit_test(a_lie_in_any_two_bytes_stays_within_the_input),
        cmocka_unit_test(every_file_of_the_folder_has_its_row),
    };

    end = guarded_end(CAPTURE_MAX);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
