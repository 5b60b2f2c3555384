/* SPDX-License-Identifier: Apache-2.0 */
#include "tally.h"
#include "buffer.h"
#include "loop.h"

#include <inttypes.h>

static const char *const names[TALLY_KINDS] = {[TALLY_CONNECTIONS] = "connections",
                                               [TALLY_PINGS] = "pings",
                                               [TALLY_REQUESTS] = "requests",
                                               [TALLY_CHECKS] = "checks"};

void tally_count(struct tally *tally, enum tally_kind kind)
{
    uint64_t now = loop_now();

    for (; tally != NULL; tally = tally->whole) {
        struct tally_row *row = &tally->rows[kind];
        uint64_t pause = row->latest_ms > 0 ? now - row->latest_ms : 0;

        row->count++;
        row->late += tally->limit_ms > 0 && pause > tally->limit_ms;
        row->longest_ms = pause > row->longest_ms ? pause : row->longest_ms;
        row->latest_ms = now;
    }
}

void tally_begin(struct tally *tally, uint64_t limit_ms)
{
    for (unsigned i = 0; i < TALLY_KINDS; i++)
        tally->rows[i] = (struct tally_row){.latest_ms = tally->rows[i].latest_ms};
    tally->limit_ms = limit_ms;
}

void tally_put(const struct tally *tally, struct buffer *out)
{
    for (unsigned i = 0; i < TALLY_KINDS; i++) {
        const struct tally_row *row = &tally->rows[i];

        buffer_format(
            out, "%s\"%s\":{\"count\":%" PRIu64 ",\"late\":%" PRIu64 ",\"longest_ms\":%" PRIu64 "}",
            i > 0 ? "," : "", names[i], row->count, row->late, row->longest_ms);
    }
}
