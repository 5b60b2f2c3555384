/* SPDX-License-Identifier: Apache-2.0 */
/* What a container sends, read as the prober reads it: packet after packet from one stream. */
#include "fuzz.h"

#include "../unit/ajp_checks.h"
#include "core/ajp.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct osb_ajp_packet packet;
    ptrdiff_t taken;

    while ((taken = osb_ajp_decode(data, size, &packet)) > 0) {
        FUZZ_CHECK(ajp_is_consistent(data, size, taken, &packet));
        touch_all(packet);
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
    return 0;
}
