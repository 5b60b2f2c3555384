/* SPDX-License-Identifier: Apache-2.0 */
/* What a container sends, read as the prober reads it: packet after packet from one stream; and
 * judged as a user's request judges it, as it comes. */
#include "fuzz.h"

#include "../unit/ajp_checks.h"
#include "core/ajp.h"
#include "core/failover.h"

/* Reads every byte of what was handed out: a pointer that leads astray is a fault here. */
static void touch(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        (void)((const volatile char *)bytes)[i];
}

static void touch_all(struct osb_ajp_packet packet)
{
    struct osb_ajp_text name, value;

    touch(packet.reason.bytes, packet.reason.length);
    touch(packet.body.bytes, packet.body.length);
    while (osb_ajp_next_header(&packet.headers, &name, &value)) {
        touch(name.bytes, name.length);
        touch(value.bytes, value.length);
    }
}

/* The first LENGTH bytes decoded in memory of just that size. */
static ptrdiff_t decode_alone(const uint8_t *bytes, size_t length)
{
    uint8_t *copy = malloc(length > 0 ? length : 1);
    struct osb_ajp_packet packet;
    ptrdiff_t result;

    FUZZ_CHECK(copy != NULL);
    if (length > 0)
        memcpy(copy, bytes, length);
    result = osb_ajp_decode(copy, length, &packet);
    FUZZ_CHECK(ajp_is_consistent(copy, length, result, &packet));
    free(copy);
    return result;
}

/* An answer as far as it has come. */
struct answer {
    struct osb_beginning beginning;
    char *body; /* in memory of just its size */
};

static void take_body(struct answer *answer, const struct osb_ajp_text *body)
{
    size_t room = OSB_PROOF_LENGTH - answer->beginning.length;
    size_t length = body->length < room ? body->length : room;
    char *larger = malloc(answer->beginning.length + length + 1);

    FUZZ_CHECK(larger != NULL);
    if (answer->body != NULL)
        memcpy(larger, answer->body, answer->beginning.length);
    if (length > 0)
        memcpy(larger + answer->beginning.length, body->bytes, length);
    free(answer->body);
    answer->beginning.length += length;
    answer->body = realloc(larger, answer->beginning.length > 0 ? answer->beginning.length : 1);
    FUZZ_CHECK(answer->body != NULL);
    answer->beginning.body = answer->beginning.length > 0 ? answer->body : NULL;
}

static void begin_answer(struct answer *answer, const struct osb_ajp_packet *packet)
{
    struct osb_ajp_headers headers = packet->headers;
    struct osb_ajp_text name, value;

    free(answer->body);
    *answer = (struct answer){.beginning = {.status = packet->status}};
    while (osb_ajp_next_header(&headers, &name, &value))
        answer->beginning.is_localised |=
            name.length == 16 && memcmp(name.bytes, "Content-Language", 16) == 0;
}

/* What is decided stays so whatever comes, and at the latest at the end it is. */
static void judge(struct answer *answer, const struct osb_ajp_packet *packet)
{
    enum osb_proof before = osb_proof_find(&answer->beginning), proof;

    if (packet->kind == OSB_AJP_SEND_HEADERS)
        begin_answer(answer, packet);
    else if (packet->kind == OSB_AJP_SEND_BODY_CHUNK)
        take_body(answer, &packet->body);
    else
        answer->beginning.is_whole |= packet->kind == OSB_AJP_END_RESPONSE;
    proof = osb_proof_find(&answer->beginning);
    FUZZ_CHECK(osb_proof_name(proof) != NULL);
    if (answer->beginning.is_whole || answer->beginning.length == OSB_PROOF_LENGTH)
        FUZZ_CHECK(proof != OSB_PROOF_OPEN);
    if (packet->kind != OSB_AJP_SEND_HEADERS && before != OSB_PROOF_OPEN)
        FUZZ_CHECK(proof == before || before == OSB_PROOF_NONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct answer answer = {.body = NULL};
    struct osb_ajp_packet packet;
    ptrdiff_t taken;

    while ((taken = osb_ajp_decode(data, size, &packet)) > 0) {
        FUZZ_CHECK(ajp_is_consistent(data, size, taken, &packet));
        touch_all(packet);
        judge(&answer, &packet);
        FUZZ_CHECK(decode_alone(data, (size_t)taken) == taken);
        FUZZ_CHECK(decode_alone(data, (size_t)taken - 1) == OSB_AJP_PARTIAL);
        FUZZ_CHECK(decode_alone(data, (size_t)taken / 2) == OSB_AJP_PARTIAL);
        data += taken;
        size -= (size_t)taken;
    }
    FUZZ_CHECK(ajp_is_consistent(data, size, taken, &packet));
    /* What is partial was so before its last byte came. */
    if (taken == OSB_AJP_PARTIAL && size > 0)
        FUZZ_CHECK(decode_alone(data, size - 1) == OSB_AJP_PARTIAL);
    free(answer.body);
    return 0;
}
