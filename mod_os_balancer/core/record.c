/* SPDX-License-Identifier: Apache-2.0 */
#include "record.h"

/* Each good check counts for an eighth. A check takes a minute at most, so that nothing
 * overflows. */
static uint32_t next_pace(uint32_t pace, uint32_t ms)
{
    uint32_t eighths = ms < 1 ? 1 : 8 * ms;

    return pace == 0 ? eighths : pace - pace / 8 + eighths / 8;
}

void osb_record_add(struct osb_record *record, const struct osb_finding *finding, uint64_t now)
{
    bool good = osb_finding_is_good(finding);

    record->finding = *finding;
    record->checked = now;
    record->checks++;
    record->failures += !good;
    if (good)
        record->pace = next_pace(record->pace, finding->ms);
    if (finding->identity.known) {
        record->build = finding->identity;
        record->identified = now;
    }
}
