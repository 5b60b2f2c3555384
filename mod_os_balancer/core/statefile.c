/* SPDX-License-Identifier: Apache-2.0 */
#include "statefile.h"
#include "message.h"
#include "statefile_fields.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* FNV-1a, 64 bits: against accidents, not against people. */
static uint64_t checksum(const char *bytes, size_t length)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
    return hash;
}

char *osb_statefile_first_line(const char *bytes, size_t length, char *buffer, size_t size)
{
    snprintf(buffer, size, OSB_STATEFILE_NAME " %d %zu %016" PRIx64 "\n", OSB_STATEFILE_VERSION,
             length, checksum(bytes, length));
    return buffer;
}

static bool is_saved(const struct osb_saved_member *member)
{
    return osb_text_is_clean(member->key);
}

static struct osb_statefile_summary sum_up(const struct osb_saved *saved)
{
    struct osb_statefile_summary summary = {.notified = saved->notified};

    for (size_t i = 0; i < saved->member_count && summary.members < OSB_SAVED_MEMBERS_MAX; i++)
        summary.members += is_saved(&saved->members[i]);
    summary.events =
        saved->event_count < OSB_SAVED_EVENTS_MAX ? saved->event_count : OSB_SAVED_EVENTS_MAX;
    return summary;
}

static void put_line(const struct osb_sink *sink, const struct osb_field *fields,
                     const void *record)
{
    osb_json *object = osb_fields_write(fields, record);

    osb_json_write_line(object, sink);
    osb_json_free(object);
}

static void put_lines(const struct osb_sink *sink, const struct osb_saved *saved)
{
    struct osb_statefile_summary summary = sum_up(saved);
    uint64_t members = summary.members;

    put_line(sink, osb_statefile_summary_fields, &summary);
    for (const struct osb_saved_member *member = saved->members; members > 0; member++) {
        if (is_saved(member)) {
            put_line(sink, osb_statefile_member_fields, member);
            members--;
        }
    }
    for (size_t i = saved->event_count - (size_t)summary.events; i < saved->event_count; i++)
        put_line(sink, osb_statefile_event_fields, &saved->events[i]);
}

char *osb_statefile_encode(const struct osb_saved *saved, size_t *length)
{
    struct osb_buffer rest = {.bytes = NULL};
    const struct osb_sink sink = osb_buffer_sink(&rest);
    char first[OSB_STATEFILE_FIRST_MAX];
    size_t first_length;
    char *bytes;

    put_lines(&sink, saved);
    if (rest.failed) {
        free(rest.bytes);
        return NULL;
    }
    first_length = strlen(osb_statefile_first_line(rest.bytes, rest.length, first, sizeof first));
    bytes = realloc(rest.bytes, first_length + rest.length);
    if (bytes == NULL) {
        free(rest.bytes);
        return NULL;
    }
    memmove(bytes + first_length, bytes, rest.length);
    memcpy(bytes, first, first_length);
    *length = first_length + rest.length;
    return bytes;
}
