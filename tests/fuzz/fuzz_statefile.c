/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a state file, and as what follows a right first line: they are refused with a
 * reason, or what is believed of them makes sense and comes back from a file of our own. */
#include "fuzz.h"

#include "core/message.h"
#include "core/statefile.h"

#include <string.h>

static void check_text(const char *text, size_t size)
{
    FUZZ_CHECK(memchr(text, '\0', size) != NULL);
    FUZZ_CHECK(osb_text_is_clean(text));
}

static void check_member(const struct osb_saved_member *member)
{
    const struct osb_record *record = &member->record;

    check_text(member->key, sizeof member->key);
    check_text(record->build.plugins, sizeof record->build.plugins);
    check_text(record->finding.said, sizeof record->finding.said);
    FUZZ_CHECK(record->verdict.state < OSB_STATES && record->verdict.restored);
    FUZZ_CHECK(record->finding.seen < OSB_SEEN_KINDS);
    FUZZ_CHECK(record->finding.rung < OSB_QUESTIONS);
    FUZZ_CHECK(record->finding.outcome < OSB_OUTCOMES);
    FUZZ_CHECK(record->failures <= record->checks);
}

static void check_events(const struct osb_saved *saved)
{
    uint64_t last = 0;

    for (size_t i = 0; i < saved->event_count; i++) {
        const struct osb_event *event = &saved->events[i];

        FUZZ_CHECK(event->number > last);
        FUZZ_CHECK(event->kind < OSB_EVENT_KINDS);
        FUZZ_CHECK(event->from < OSB_STATES && event->to < OSB_STATES);
        check_text(event->words, sizeof event->words);
        last = event->number;
    }
    FUZZ_CHECK(saved->notified <= last);
}

static void check_same(const struct osb_saved *one, const struct osb_saved *other)
{
    FUZZ_CHECK(one->member_count == other->member_count);
    FUZZ_CHECK(one->event_count == other->event_count);
    FUZZ_CHECK(one->notified == other->notified);
    FUZZ_CHECK(memcmp(one->members, other->members, one->member_count * sizeof *one->members) == 0);
    FUZZ_CHECK(memcmp(one->events, other->events, one->event_count * sizeof *one->events) == 0);
}

static void check_round_trip(const struct osb_saved *saved)
{
    struct osb_saved again;
    size_t length;
    char *bytes = osb_statefile_encode(saved, &length);

    FUZZ_CHECK(bytes != NULL);
    FUZZ_CHECK(osb_statefile_decode(bytes, length, &again, NULL));
    check_same(saved, &again);
    osb_saved_free(&again);
    free(bytes);
}

static void run(const char *bytes, size_t length)
{
    struct osb_message why = {.text = ""};
    struct osb_saved saved;

    if (!osb_statefile_decode(bytes, length, &saved, &why)) {
        FUZZ_CHECK(why.text[0] != '\0');
        FUZZ_CHECK(saved.members == NULL && saved.events == NULL);
        return;
    }
    for (size_t i = 0; i < saved.member_count; i++)
        check_member(&saved.members[i]);
    check_events(&saved);
    check_round_trip(&saved);
    osb_saved_free(&saved);
}

/* The checksum would keep nearly every input from the parser. */
static void run_behind_first_line(const char *bytes, size_t length)
{
    char first[OSB_STATEFILE_FIRST_MAX];
    size_t first_length = strlen(osb_statefile_first_line(bytes, length, first, sizeof first));
    char *whole = malloc(first_length + length);

    FUZZ_CHECK(whole != NULL);
    memcpy(whole, first, first_length);
    if (length > 0)
        memcpy(whole + first_length, bytes, length);
    run(whole, first_length + length);
    free(whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    run((const char *)data, size);
    run_behind_first_line((const char *)data, size);
    return 0;
}
