/* SPDX-License-Identifier: Apache-2.0 */
/* The AJP13 decoder on packets written by hand, most of them wrong. */
#include "unit.h"

#include "ajp_checks.h"
#include "core/ajp.h"
#include "guarded.h"

#include <signal.h>
#include <sys/wait.h>

#define BYTES(literal) literal, sizeof(literal) - 1
/* A SEND_HEADERS of LENGTH bytes with status 200 and no reason; what follows is the count. */
#define HEADERS(length) "AB\0" length "\x04\x00\xc8\xff\xff"

static uint8_t *end;

/* Decodes a copy that ends at the untouchable page, into a packet full of rubbish. */
static ptrdiff_t decode(const char *bytes, size_t length, struct osb_ajp_packet *packet)
{
    const uint8_t *copy = guarded_copy(end, bytes, length);
    ptrdiff_t result;

    memset(packet, 0xA5, sizeof *packet);
    result = osb_ajp_decode(copy, length, packet);
    assert_true(ajp_is_consistent(copy, length, result, packet));
    return result;
}

static const struct decode_row {
    const char *says;
    const char *bytes;
    size_t length;
    ptrdiff_t result;
} decode_rows[] = {
    {"nothing at all may become a packet", BYTES(""), OSB_AJP_PARTIAL},
    {"a wrong first byte is bad before a second one comes", BYTES("H"), OSB_AJP_BAD},
    {"a wrong second byte is bad before a third one comes", BYTES("AA"), OSB_AJP_BAD},
    {"the magic of the other direction is bad", BYTES("\x12\x34\0\1\x09"), OSB_AJP_BAD},
    {"an empty payload has no kind", BYTES("AB\0\0"), OSB_AJP_BAD},
    {"half a length may still be right", BYTES("AB\0"), OSB_AJP_PARTIAL},
    {"a packet of the greatest length may come", BYTES("AB\xff\xfc"), OSB_AJP_PARTIAL},
    {"a packet one byte longer may not", BYTES("AB\xff\xfd"), OSB_AJP_BAD},
    {"a packet of the greatest 16-bit length may not", BYTES("AB\xff\xff"), OSB_AJP_BAD},
    {"a kind that nobody knows", BYTES("AB\0\1\x0b"), OSB_AJP_BAD},
    {"the kind 0", BYTES("AB\0\1\0"), OSB_AJP_BAD},
    {"a request is no answer", BYTES("AB\0\1\x02"), OSB_AJP_BAD},

    {"CPONG", BYTES("AB\0\1\x09"), 5},
    {"CPONG, and another packet's first bytes",
     BYTES("AB\0\1\x09"
           "AB"),
     5},
    {"CPONG with something in it is bad before that comes", BYTES("AB\0\2\x09"), OSB_AJP_BAD},
    {"END_RESPONSE", BYTES("AB\0\2\x05\1"), 6},
    {"END_RESPONSE without its flag", BYTES("AB\0\1\x05"), OSB_AJP_BAD},
    {"END_RESPONSE whose flag has yet to come", BYTES("AB\0\2\x05"), OSB_AJP_PARTIAL},
    {"END_RESPONSE with one byte too many", BYTES("AB\0\3\x05\1\0"), OSB_AJP_BAD},
    {"GET_BODY_CHUNK", BYTES("AB\0\3\x06\x1f\xfa"), 7},
    {"GET_BODY_CHUNK with half a number", BYTES("AB\0\2\x06\x1f"), OSB_AJP_BAD},
    {"GET_BODY_CHUNK with one byte too many", BYTES("AB\0\4\x06\x1f\xfa\0"), OSB_AJP_BAD},

    {"SEND_BODY_CHUNK", BYTES("AB\0\6\x03\0\2hi\0"), 10},
    {"SEND_BODY_CHUNK with nothing in it is a flush", BYTES("AB\0\4\x03\0\0\0"), 8},
    {"a chunk without the NUL after it", BYTES("AB\0\5\x03\0\2hi"), OSB_AJP_BAD},
    {"a chunk with something else after it", BYTES("AB\0\6\x03\0\2hi!"), OSB_AJP_BAD},
    {"a chunk longer than its packet is bad before it comes", BYTES("AB\0\6\x03\0\3"), OSB_AJP_BAD},
    {"a chunk shorter than its packet is bad before it comes", BYTES("AB\0\6\x03\0\1"),
     OSB_AJP_BAD},
    {"a chunk that claims the greatest length", BYTES("AB\0\6\x03\xff\xff"), OSB_AJP_BAD},
    {"a chunk that is longer than what has come", BYTES("AB\0\6\x03\0\2h"), OSB_AJP_PARTIAL},

    {"SEND_HEADERS without a reason or a header", BYTES(HEADERS("\7") "\0\0"), 11},
    {"SEND_HEADERS whose reason is empty", BYTES("AB\0\x08\x04\0\xc8\0\0\0\0\0"), 12},
    {"the least status", BYTES("AB\0\7\x04\0\x64\xff\xff\0\0"), 11},
    {"a status under 100 is bad at once", BYTES("AB\0\7\x04\0\x63"), OSB_AJP_BAD},
    {"the greatest status", BYTES("AB\0\7\x04\x03\xe7\xff\xff\0\0"), 11},
    {"a status over 999 is bad at once", BYTES("AB\0\7\x04\x03\xe8"), OSB_AJP_BAD},
    {"a reason longer than its packet is bad before it comes", BYTES("AB\0\x08\x04\0\xc8\0\4"),
     OSB_AJP_BAD},
    {"a reason that claims 65534 bytes", BYTES("AB\0\x08\x04\0\xc8\xff\xfe\0\0\0"), OSB_AJP_BAD},
    {"a reason that reaches to the packet's end leaves no NUL", BYTES("AB\0\x07\x04\0\xc8\0\2OK"),
     OSB_AJP_BAD},
    {"a reason that ends without a NUL", BYTES("AB\0\x0a\x04\0\xc8\0\2OK!\0\0"), OSB_AJP_BAD},
    {"a NUL within a reason", BYTES("AB\0\x0a\x04\0\xc8\0\2O\0\0\0\0"), OSB_AJP_BAD},
    {"a line's end within a reason", BYTES("AB\0\x0a\x04\0\xc8\0\2O\n\0\0\0"), OSB_AJP_BAD},
    {"no count of headers", BYTES("AB\0\5\x04\0\xc8\xff\xff"), OSB_AJP_BAD},
    {"something after the last header", BYTES(HEADERS("\x08") "\0\0\0"), OSB_AJP_BAD},
    {"one header announced and none there", BYTES(HEADERS("\7") "\0\1"), OSB_AJP_BAD},
    {"more headers announced than a packet can hold", BYTES(HEADERS("\7") "\xff\xff"), OSB_AJP_BAD},

    {"the first name that has a number", BYTES(HEADERS("\x0d") "\0\1\xa0\1\0\1a\0"), 17},
    {"the last name that has a number", BYTES(HEADERS("\x0d") "\0\1\xa0\x0b\0\1a\0"), 17},
    {"a number before the first", BYTES(HEADERS("\x0d") "\0\1\xa0\0\0\1a\0"), OSB_AJP_BAD},
    {"a number after the last", BYTES(HEADERS("\x0d") "\0\1\xa0\x0c\0\1a\0"), OSB_AJP_BAD},
    {"a name longer than names can be", BYTES(HEADERS("\x0d") "\0\1\xff\xff\0\1a\0"), OSB_AJP_BAD},
    {"a name in full", BYTES(HEADERS("\x0f") "\0\1\0\1X\0\0\1a\0"), 19},
    {"a name of no letters", BYTES(HEADERS("\x0e") "\0\1\0\0\0\0\1a\0"), OSB_AJP_BAD},
    {"a name that ends without a NUL", BYTES(HEADERS("\x0f") "\0\1\0\1X!\0\1a\0"), OSB_AJP_BAD},
    {"a line's end within a name", BYTES(HEADERS("\x0f") "\0\1\0\1\n\0\0\1a\0"), OSB_AJP_BAD},
    {"a tab within a name", BYTES(HEADERS("\x0f") "\0\1\0\1\t\0\0\1a\0"), OSB_AJP_BAD},
    {"a DEL within a name", BYTES(HEADERS("\x0f") "\0\1\0\1\x7f\0\0\1a\0"), OSB_AJP_BAD},
    {"a NUL within a name", BYTES(HEADERS("\x0f") "\0\1\0\1\0\0\0\1a\0"), OSB_AJP_BAD},
    {"a name longer than its packet is bad before it comes", BYTES(HEADERS("\x0f") "\0\1\0\6"),
     OSB_AJP_BAD},
    {"a value of no letters", BYTES(HEADERS("\x0c") "\0\1\xa0\1\0\0\0"), 16},
    {"a tab within a value", BYTES(HEADERS("\x0d") "\0\1\xa0\1\0\1\t\0"), 17},
    {"a value that isn't there", BYTES(HEADERS("\x0b") "\0\1\xa0\1\xff\xff"), OSB_AJP_BAD},
    {"a CR within a value", BYTES(HEADERS("\x0d") "\0\1\xa0\1\0\1\r\0"), OSB_AJP_BAD},
    {"an LF within a value", BYTES(HEADERS("\x0d") "\0\1\xa0\1\0\1\n\0"), OSB_AJP_BAD},
    {"a NUL within a value", BYTES(HEADERS("\x0d") "\0\1\xa0\1\0\1\0\0"), OSB_AJP_BAD},
    {"a value that ends without a NUL", BYTES(HEADERS("\x0d") "\0\1\xa0\1\0\1ab"), OSB_AJP_BAD},
    {"a value that reaches to the packet's end leaves no NUL",
     BYTES(HEADERS("\x0d") "\0\1\xa0\1\0\2ab"), OSB_AJP_BAD},
    {"a value that reaches into the next packet",
     BYTES(HEADERS("\x0d") "\0\1\xa0\1\0\5a\0"
                           "AB\0\1\x09"),
     OSB_AJP_BAD},
};

static void a_packet_is_whole_partial_or_bad(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, decode_rows)
    {
        struct osb_ajp_packet packet;

        assert_int_equal(decode(row->bytes, row->length, &packet), row->result);
    }
}

/* Of a packet that is whole, every part is partial; of one that is bad, nothing becomes right. */
static void a_verdict_never_changes_as_bytes_come(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, decode_rows)
    {
        struct osb_ajp_packet packet;
        ptrdiff_t known = OSB_AJP_PARTIAL;

        for (size_t length = 0; length <= row->length; length++) {
            ptrdiff_t result = decode(row->bytes, length, &packet);

            if (known == OSB_AJP_PARTIAL && result > 0)
                assert_int_equal(length, result);
            if (known != OSB_AJP_PARTIAL)
                assert_int_equal(result, known);
            known = result;
        }
        assert_int_equal(known, row->result);
    }
}

static void assert_text(struct osb_ajp_text text, const char *expected)
{
    assert_non_null(text.bytes);
    assert_int_equal(text.length, strlen(expected));
    assert_memory_equal(text.bytes, expected, text.length);
}

static void headers_come_in_order_with_their_names(void **state)
{
    static const char bytes[] = "AB\0\x23\x04\x01\xf4\0\4Oops\0\0\3"
                                "\xa0\1\0\3a/b\0"
                                "\0\3X-Y\0\0\0\0"
                                "\xa0\x0b\0\1c\0";
    struct osb_ajp_text name, value;
    struct osb_ajp_packet packet;

    (void)state;
    assert_int_equal(decode(BYTES(bytes), &packet), sizeof bytes - 1);
    assert_int_equal(packet.kind, OSB_AJP_SEND_HEADERS);
    assert_int_equal(packet.status, 500);
    assert_text(packet.reason, "Oops");
    assert_true(osb_ajp_next_header(&packet.headers, &name, &value));
    assert_text(name, "Content-Type");
    assert_text(value, "a/b");
    assert_true(osb_ajp_next_header(&packet.headers, &name, &value));
    assert_text(name, "X-Y");
    assert_text(value, "");
    assert_true(osb_ajp_next_header(&packet.headers, &name, &value));
    assert_text(name, "WWW-Authenticate");
    assert_text(value, "c");
    assert_false(osb_ajp_next_header(&packet.headers, &name, &value));
    assert_null(name.bytes);
    assert_null(value.bytes);
}

static void each_number_of_a_name_has_its_name(void **state)
{
    static const char *const names[] = {"Content-Type", "Content-Language", "Content-Length",
                                        "Date",         "Last-Modified",    "Location",
                                        "Set-Cookie",   "Set-Cookie2",      "Servlet-Engine",
                                        "Status",       "WWW-Authenticate"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char bytes[] = HEADERS("\x0d") "\0\1\xa0?\0\1a\0";
        struct osb_ajp_text name, value;
        struct osb_ajp_packet packet;

        bytes[12] = (char)(i + 1);
        assert_int_equal(decode(BYTES(bytes), &packet), 17);
        assert_true(osb_ajp_next_header(&packet.headers, &name, &value));
        assert_text(name, names[i]);
    }
}

static void the_small_packets_tell_their_one_field(void **state)
{
    struct osb_ajp_packet packet;

    (void)state;
    assert_int_equal(decode(BYTES("AB\0\7\x03\0\3\0\n!\0"), &packet), 11);
    assert_int_equal(packet.body.length, 3);
    assert_memory_equal(packet.body.bytes, "\0\n!", 3);
    assert_int_equal(decode(BYTES("AB\0\2\x05\0"), &packet), 6);
    assert_false(packet.reuse);
    assert_int_equal(decode(BYTES("AB\0\2\x05\1"), &packet), 6);
    assert_true(packet.reuse);
    assert_int_equal(decode(BYTES("AB\0\3\x06\x1f\xfa"), &packet), 7);
    assert_int_equal(packet.wanted, 0x1ffa);
    assert_int_equal(decode(BYTES(HEADERS("\7") "\0\0"), &packet), 11);
    assert_null(packet.reason.bytes);
}

static void the_greatest_packet_fits_the_documented_bound(void **state)
{
    static char bytes[OSB_AJP_PACKET_MAX] = "AB\xff\xfc\x03\xff\xf8";
    struct osb_ajp_packet packet;

    (void)state;
    assert_int_equal(decode(bytes, sizeof bytes - 1, &packet), OSB_AJP_PARTIAL);
    assert_int_equal(decode(bytes, sizeof bytes, &packet), OSB_AJP_PACKET_MAX);
    assert_int_equal(packet.body.length, OSB_AJP_PACKET_MAX - 8);
}

/* The packet says that its name has LENGTH letters, and has so many. */
static ptrdiff_t decode_name_of(size_t length)
{
    static char bytes[OSB_AJP_PACKET_MAX];
    size_t payload = 7 + 2 + length + 1 + 3;
    struct osb_ajp_packet packet;

    memset(bytes, 'a', sizeof bytes);
    memcpy(bytes, "AB\0\0\x04\0\xc8\xff\xff\0\1\0\0", 13);
    bytes[2] = (char)(payload >> 8);
    bytes[3] = (char)payload;
    bytes[11] = (char)(length >> 8);
    bytes[12] = (char)length;
    memset(bytes + payload, '\0', 4);
    return decode(bytes, 4 + payload, &packet);
}

static void a_name_is_told_from_a_number_by_its_length(void **state)
{
    (void)state;
    assert_int_equal(decode_name_of(0x9fff), 4 + 13 + 0x9fff);
    assert_int_equal(decode_name_of(0xa000), OSB_AJP_BAD);
    assert_int_equal(decode_name_of(0xa00c), OSB_AJP_BAD);
}

/* Without this, an end that isn't guarded would let all of the above pass. */
/* A header whose name and value are LENGTH letters each. Returns where it ends. */
static uint8_t *put_letters(uint8_t *at, uint8_t length)
{
    for (int i = 0; i < 2; i++) {
        *at++ = 0;
        *at++ = length;
        memset(at, 0xE1, length);
        at += length;
        *at++ = 0;
    }
    return at;
}

/* Eight bytes are looked at together: each value of a byte, at each place in texts of each length
 * up to four times that. */
static void a_byte_is_refused_wherever_it_stands(void **state)
{
    (void)state;
    for (uint8_t length = 1; length <= 32; length++) {
        uint8_t bytes[128] = "AB\0\0\x04\x00\xc8\xff\xff\0\1", *name = bytes + 13;
        uint8_t *value = name + length + 3, *last = put_letters(bytes + 11, length);
        struct osb_ajp_packet packet;

        bytes[3] = (uint8_t)(last - bytes - 4);
        for (unsigned i = 0; i < 256U * length; i++) {
            uint8_t byte = (uint8_t)(i % 256);
            bool ends_line = byte == '\0' || byte == '\r' || byte == '\n';
            size_t at = i / 256, size = (size_t)(last - bytes);

            name[at] = byte;
            assert_int_equal(osb_ajp_decode(bytes, size, &packet),
                             byte < ' ' || byte == 0x7F ? OSB_AJP_BAD : (ptrdiff_t)size);
            name[at] = 0xE1;
            value[at] = byte;
            assert_int_equal(osb_ajp_decode(bytes, size, &packet),
                             ends_line ? OSB_AJP_BAD : (ptrdiff_t)size);
            value[at] = 0xE1;
        }
    }
}

static void a_read_beyond_the_end_faults(void **state)
{
    int status = 0;
    pid_t child = fork();

    (void)state;
    if (child == 0) {
        signal(SIGSEGV, SIG_DFL);
        _exit(*(volatile uint8_t *)end);
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_read_beyond_the_end_faults),
        cmocka_unit_test(a_packet_is_whole_partial_or_bad),
        cmocka_unit_test(a_verdict_never_changes_as_bytes_come),
        cmocka_unit_test(a_byte_is_refused_wherever_it_stands),
        cmocka_unit_test(headers_come_in_order_with_their_names),
        cmocka_unit_test(each_number_of_a_name_has_its_name),
        cmocka_unit_test(the_small_packets_tell_their_one_field),
        cmocka_unit_test(a_name_is_told_from_a_number_by_its_length),
        cmocka_unit_test(the_greatest_packet_fits_the_documented_bound),
    };

    end = guarded_end(OSB_AJP_PACKET_MAX);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
