/* SPDX-License-Identifier: Apache-2.0 */
#include "statefile.h"
#include "message.h"
#include "statefile_fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is still to be read. */
struct reader {
    const char *bytes;
    size_t left;
    unsigned line; /* the number of the line that begins at bytes */
};

static const char not_ours[] = "it is not a state file of mod_os_balancer";
static const char out_of_memory[] = "there is not enough memory to read it";

/* How many bytes the line at READER has with its line feed; 0 if it has none. */
static size_t line_length(const struct reader *reader)
{
    const char *end = memchr(reader->bytes, '\n', reader->left);

    return end != NULL ? (size_t)(end - reader->bytes) + 1 : 0;
}

static void skip(struct reader *reader, size_t length)
{
    reader->bytes += length;
    reader->left -= length;
    reader->line++;
}

/* Only the very line that we would write is right. If it isn't, it may still tell why. */
static bool read_first_line(struct reader *reader, struct osb_message *why)
{
    char line[OSB_STATEFILE_FIRST_MAX] = "", right[OSB_STATEFILE_FIRST_MAX];
    size_t length = line_length(reader), said;
    unsigned version;

    if (length == 0 || length >= sizeof line)
        return osb_refuse(why, not_ours);
    memcpy(line, reader->bytes, length);
    if (sscanf(line, OSB_STATEFILE_NAME " %9u %9zu", &version, &said) != 2)
        return osb_refuse(why, not_ours);
    if (version > OSB_STATEFILE_VERSION)
        return osb_refuse(why, "it was written by a newer version: its format is %u, not %d",
                          version, OSB_STATEFILE_VERSION);
    skip(reader, length);
    if (said != reader->left)
        return osb_refuse(why, "it is damaged: %zu bytes follow its first line, which says %zu",
                          reader->left, said);
    osb_statefile_first_line(reader->bytes, reader->left, right, sizeof right);
    return strcmp(line, right) == 0 || osb_refuse(why, "it is damaged: its checksum is wrong");
}

static bool refuse_line(const struct reader *reader, const char *what, struct osb_message *why)
{
    return osb_refuse(why, "it is damaged: line %u %.400s", reader->line, what);
}

/* Reads the next line as an object with FIELDS into RECORD. */
static bool read_line(struct reader *reader, const struct osb_field *fields, void *record,
                      struct osb_message *why)
{
    size_t length = line_length(reader);
    struct osb_message inner;
    osb_json *object;
    bool done;

    if (length == 0 || length > OSB_STATEFILE_LINE_MAX)
        return refuse_line(reader, "is not there, not whole or too long", why);
    object = osb_json_parse(reader->bytes, length);
    if (!osb_json_is_object(object)) {
        osb_json_free(object);
        return refuse_line(reader, "is not a JSON object", why);
    }
    done = osb_fields_read(fields, object, record, &inner);
    osb_json_free(object);
    if (!done)
        return refuse_line(reader, inner.text, why);
    skip(reader, length);
    return true;
}

static bool is_sane(const struct osb_record *record)
{
    return record->failures <= record->checks && record->late <= record->checks &&
           record->hinted <= record->checks;
}

static bool read_members(struct reader *reader, struct osb_saved *saved, struct osb_message *why)
{
    for (size_t i = 0; i < saved->member_count; i++) {
        struct osb_saved_member *member = &saved->members[i];

        if (!read_line(reader, osb_statefile_member_fields, member, why))
            return false;
        if (!is_sane(&member->record))
            return osb_refuse(why, "it is damaged: line %u counts more than all checks",
                              reader->line - 1);
        member->record.verdict.restored = true;
    }
    return true;
}

static bool read_events(struct reader *reader, struct osb_saved *saved, struct osb_message *why)
{
    uint64_t last = 0;

    for (size_t i = 0; i < saved->event_count; i++) {
        if (!read_line(reader, osb_statefile_event_fields, &saved->events[i], why))
            return false;
        if (saved->events[i].number <= last)
            return osb_refuse(why, "it is damaged: the event in line %u is out of order",
                              reader->line - 1);
        last = saved->events[i].number;
    }
    /* Else the next events would count as told already. */
    if (saved->notified > last)
        saved->notified = last;
    return true;
}

static int compare_keys(const void *one, const void *other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

static bool are_unique(const struct osb_saved *saved, struct osb_message *why)
{
    const char **keys = calloc(saved->member_count + 1, sizeof *keys);
    bool unique = true;

    if (keys == NULL)
        return osb_refuse(why, out_of_memory);
    for (size_t i = 0; i < saved->member_count; i++)
        keys[i] = saved->members[i].key;
    qsort(keys, saved->member_count, sizeof *keys, compare_keys);
    for (size_t i = 1; i < saved->member_count && unique; i++)
        unique = strcmp(keys[i - 1], keys[i]) != 0 ||
                 osb_refuse(why, "it is damaged: it has the member %.300s twice", keys[i]);
    free(keys);
    return unique;
}

/* Makes room for what the second line announces. */
static bool read_summary(struct reader *reader, struct osb_saved *saved, struct osb_message *why)
{
    struct osb_statefile_summary summary = {.members = 0};

    if (!read_line(reader, osb_statefile_summary_fields, &summary, why))
        return false;
    if (summary.members + summary.events > reader->left)
        return osb_refuse(why, "it is damaged: it has fewer lines than its second one says");
    saved->members = calloc((size_t)summary.members + 1, sizeof *saved->members);
    saved->events = calloc((size_t)summary.events + 1, sizeof *saved->events);
    if (saved->members == NULL || saved->events == NULL)
        return osb_refuse(why, out_of_memory);
    saved->member_count = (size_t)summary.members;
    saved->event_count = (size_t)summary.events;
    saved->notified = summary.notified;
    return true;
}

static bool read_end(const struct reader *reader, struct osb_message *why)
{
    return reader->left == 0 ||
           osb_refuse(why, "it is damaged: it has more lines than its second one says");
}

bool osb_statefile_decode(const char *bytes, size_t length, struct osb_saved *saved,
                          struct osb_message *why)
{
    struct reader reader = {.bytes = bytes, .left = length, .line = 1};

    *saved = (struct osb_saved){.members = NULL};
    if (length > OSB_STATEFILE_MAX)
        return osb_refuse(why, not_ours);
    if (read_first_line(&reader, why) && read_summary(&reader, saved, why) &&
        read_members(&reader, saved, why) && read_events(&reader, saved, why) &&
        read_end(&reader, why) && are_unique(saved, why))
        return true;
    osb_saved_free(saved);
    return false;
}

void osb_saved_free(struct osb_saved *saved)
{
    free(saved->members);
    free(saved->events);
    *saved = (struct osb_saved){.members = NULL};
}
