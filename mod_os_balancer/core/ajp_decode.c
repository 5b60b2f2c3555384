/* SPDX-License-Identifier: Apache-2.0 */
#include "ajp.h"

#include <string.h>

#define FRAME_SIZE  4      /* magic and length */
#define NO_STRING   0xFFFF /* the length of a string that isn't there */
#define FIRST_CODED 0xA001 /* where a name's length would stand, the code of coded_names[0] */
#define NAME_LIMIT  0xA000 /* from here on it isn't a length any more */

#define TEXT(literal)                                     \
    {                                                     \
        .bytes = (literal), .length = sizeof(literal) - 1 \
    }
static const struct osb_ajp_text coded_names[] = {
    TEXT("Content-Type"),   TEXT("Content-Language"), TEXT("Content-Length"),   TEXT("Date"),
    TEXT("Last-Modified"),  TEXT("Location"),         TEXT("Set-Cookie"),       TEXT("Set-Cookie2"),
    TEXT("Servlet-Engine"), TEXT("Status"),           TEXT("WWW-Authenticate"),
};
#undef TEXT

/*
 * Reads a packet from its front. What lies beyond the packet's own end is bad, what lies before
 * that but hasn't come yet is partial; only take() knows of either. AT never passes HERE or END.
 */
struct cursor {
    const uint8_t *bytes; /* the packet from its magic on */
    size_t at;            /* the next byte to read */
    size_t here;          /* how many bytes have come, of this packet and of what follows it */
    size_t end;           /* how many the packet has by its own word */
    bool known;           /* read before: its texts have no forbidden byte */
    ptrdiff_t trouble;    /* why a reader returned false: OSB_AJP_BAD or OSB_AJP_PARTIAL */
};

static bool refuse(struct cursor *from, ptrdiff_t trouble)
{
    from->trouble = trouble;
    return false;
}

static bool take(struct cursor *from, size_t count, const uint8_t **start)
{
    if (count > from->end - from->at)
        return refuse(from, OSB_AJP_BAD);
    if (count > from->here - from->at)
        return refuse(from, OSB_AJP_PARTIAL);
    *start = from->bytes + from->at;
    from->at += count;
    return true;
}

static bool read_byte(struct cursor *from, unsigned *value)
{
    const uint8_t *start;

    if (!take(from, 1, &start))
        return false;
    *value = start[0];
    return true;
}

static bool read_integer(struct cursor *from, unsigned *value)
{
    const uint8_t *start;

    if (!take(from, 2, &start))
        return false;
    *value = (unsigned)start[0] << 8 | start[1];
    return true;
}

static bool expect_byte(struct cursor *from, unsigned expected)
{
    unsigned value;

    if (!read_byte(from, &value))
        return false;
    return value == expected || refuse(from, OSB_AJP_BAD);
}

/* Classes of bytes, as bits. */
enum {
    ENDS_A_LINE = 1, /* CR, LF and NUL */
    CONTROL = 2      /* below the blank, and DEL */
};

#define C CONTROL
#define E (CONTROL | ENDS_A_LINE)
static const uint8_t classes[256] = {
    E,          C, C, C, C, C, C, C, C, C, E, C, C, E, C, C, /* 00 to 0F */
    C,          C, C, C, C, C, C, C, C, C, C, C, C, C, C, C, /* 10 to 1F */
    [0x7F] = C,
};
#undef C
#undef E

/* Whether one of eight bytes may be of a class: it is below the blank, or DEL, or follows such a
 * one. A subtraction for all eight at once borrows from the bytes above only where one was that
 * small. */
static bool may_have_any(const uint8_t *bytes)
{
    const uint64_t ones = UINT64_MAX / 0xFF, tops = ones * 0x80;
    uint64_t word, apart_from_del;

    memcpy(&word, bytes, sizeof word);
    apart_from_del = word ^ ones * 0x7F;
    return (((word - ones * ' ') & ~word) | ((apart_from_del - ones) & ~apart_from_del)) & tops;
}

/* Every byte of an answer's headers is looked at: eight at a time, the last eight maybe twice. */
static bool has_any(const uint8_t *bytes, size_t length, unsigned forbidden)
{
    unsigned seen = 0;
    size_t at = 0;

    if (length >= 8 && !may_have_any(bytes + length - 8)) {
        while (at + 8 < length && !may_have_any(bytes + at))
            at += 8;
        if (at + 8 >= length)
            return false;
    }
    for (; at < length; at++)
        seen |= classes[bytes[at]];
    return seen & forbidden;
}

/* What follows a string's length: LENGTH bytes of which none is FORBIDDEN, and the NUL. */
static bool read_string(struct cursor *from, size_t length, unsigned forbidden,
                        struct osb_ajp_text *text)
{
    const uint8_t *start;

    if (!take(from, length + 1, &start))
        return false;
    if (start[length] != '\0' || (!from->known && has_any(start, length, forbidden)))
        return refuse(from, OSB_AJP_BAD);
    *text = (struct osb_ajp_text){.bytes = (const char *)start, .length = length};
    return true;
}

static bool read_name(struct cursor *from, struct osb_ajp_text *name)
{
    unsigned length;

    if (!read_integer(from, &length))
        return false;
    if (length > 0 && length < NAME_LIMIT)
        return read_string(from, length, CONTROL, name);
    if (length < FIRST_CODED || length - FIRST_CODED >= sizeof coded_names / sizeof *coded_names)
        return refuse(from, OSB_AJP_BAD);
    *name = coded_names[length - FIRST_CODED];
    return true;
}

/* A value must be there: NO_STRING as its length leads beyond the end of any packet. */
static bool read_header(struct cursor *from, struct osb_ajp_text *name, struct osb_ajp_text *value)
{
    unsigned length;

    if (!read_name(from, name) || !read_integer(from, &length))
        return false;
    return read_string(from, length, ENDS_A_LINE, value);
}

bool osb_ajp_next_header(struct osb_ajp_headers *rest, struct osb_ajp_text *name,
                         struct osb_ajp_text *value)
{
    struct cursor from = {
        .bytes = rest->bytes, .here = rest->length, .end = rest->length, .known = true};

    if (rest->count == 0 || !read_header(&from, name, value)) {
        *name = *value = (struct osb_ajp_text){.bytes = NULL};
        return false;
    }
    *rest = (struct osb_ajp_headers){
        .bytes = rest->bytes + from.at, .length = rest->length - from.at, .count = rest->count - 1};
    return true;
}

/* ---- what each kind holds after its code ----------------------------------------------------- */

static bool read_status(struct cursor *from, struct osb_ajp_packet *packet)
{
    unsigned length;

    if (!read_integer(from, &packet->status))
        return false;
    if (packet->status < 100 || packet->status > 999)
        return refuse(from, OSB_AJP_BAD);
    if (!read_integer(from, &length))
        return false;
    return length == NO_STRING || read_string(from, length, ENDS_A_LINE, &packet->reason);
}

static bool read_send_headers(struct cursor *from, struct osb_ajp_packet *packet)
{
    struct osb_ajp_text name, value;
    size_t first;

    if (!read_status(from, packet) || !read_integer(from, &packet->headers.count))
        return false;
    first = from->at;
    for (unsigned i = 0; i < packet->headers.count; i++) {
        if (!read_header(from, &name, &value))
            return false;
    }
    packet->headers.bytes = from->bytes + first;
    packet->headers.length = from->at - first;
    return true;
}

/* The chunk and the NUL after it fill the packet: its length is told twice, and must agree. */
static bool read_body_chunk(struct cursor *from, struct osb_ajp_packet *packet)
{
    const uint8_t *start;
    unsigned length;

    if (!read_integer(from, &length))
        return false;
    if (length + 1 != from->end - from->at)
        return refuse(from, OSB_AJP_BAD);
    if (!take(from, length, &start) || !expect_byte(from, '\0'))
        return false;
    packet->body = (struct osb_ajp_text){.bytes = (const char *)start, .length = length};
    return true;
}

/* Any value but 0 is true: the protocol's reference says so of its C side. */
static bool read_end_response(struct cursor *from, struct osb_ajp_packet *packet)
{
    unsigned reuse;

    if (!read_byte(from, &reuse))
        return false;
    packet->reuse = reuse != 0;
    return true;
}

static bool read_get_body_chunk(struct cursor *from, struct osb_ajp_packet *packet)
{
    return read_integer(from, &packet->wanted);
}

static const struct kind_row {
    enum osb_ajp_kind kind;                                     /* the code */
    bool (*read)(struct cursor *from, struct osb_ajp_packet *); /* NULL: nothing follows the code */
} kinds[] = {
    {.kind = OSB_AJP_SEND_BODY_CHUNK, .read = read_body_chunk},
    {.kind = OSB_AJP_SEND_HEADERS, .read = read_send_headers},
    {.kind = OSB_AJP_END_RESPONSE, .read = read_end_response},
    {.kind = OSB_AJP_GET_BODY_CHUNK, .read = read_get_body_chunk},
    {.kind = OSB_AJP_CPONG, .read = NULL},
};

/* ---- the packet ------------------------------------------------------------------------------ */

/* Reads magic and length, and moves the end of FROM from the frame's to the packet's. */
static bool read_frame(struct cursor *from)
{
    unsigned payload;

    if (!expect_byte(from, 'A') || !expect_byte(from, 'B') || !read_integer(from, &payload))
        return false;
    if (payload > OSB_AJP_PACKET_MAX - FRAME_SIZE)
        return refuse(from, OSB_AJP_BAD);
    from->end = FRAME_SIZE + payload;
    return true;
}

static bool read_payload(struct cursor *from, struct osb_ajp_packet *packet)
{
    unsigned code;

    if (!read_byte(from, &code))
        return false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i].kind == code) {
            packet->kind = kinds[i].kind;
            return kinds[i].read == NULL || kinds[i].read(from, packet);
        }
    }
    return refuse(from, OSB_AJP_BAD);
}

ptrdiff_t osb_ajp_decode(const uint8_t *bytes, size_t length, struct osb_ajp_packet *packet)
{
    struct osb_ajp_packet found = {.status = 0};
    struct cursor from = {.bytes = bytes, .here = length, .end = FRAME_SIZE};

    *packet = found;
    if (!read_frame(&from) || !read_payload(&from, &found))
        return from.trouble;
    if (from.at != from.end)
        return OSB_AJP_BAD;
    *packet = found;
    return (ptrdiff_t)from.end;
}
