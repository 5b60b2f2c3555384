/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept of a member from check to check: plain values, so that they can lie in shared memory
 * and in a file. */
#ifndef OSB_RECORD_H
#define OSB_RECORD_H

#include "finding.h"
#include "verdict.h"

#include <stdint.h>

/* The longest key of a member, its end included: "server balancer url". */
#define OSB_KEY_MAX 640

struct osb_record {
    struct osb_verdict verdict; /* what it is held for */
    struct osb_finding finding; /* the latest check's; meaningless while checked is 0 */
    struct osb_identity build;  /* the latest that was known */
    uint64_t checked;           /* ms since 1970 when the latest check ended; 0: never */
    uint64_t identified;        /* ms since 1970 when the build was last learnt; 0: never */
    uint64_t checks;            /* how many were done */
    uint64_t failures;          /* how many of these found it bad */
    uint64_t late;              /* how many of these began late */
    uint64_t hinted;            /* how many of these were pulled forward by users' requests */
    uint32_t pace;              /* moving average of how long good checks take, in eighths of a ms;
                                 * 0: none yet. Not kept over a stop. */
    bool warming; /* asked for warm-up paths, and not up until that is over; the same */
};

/* Adds to RECORD what a check found at NOW, ms since 1970; the verdict is another's business. */
void osb_record_add(struct osb_record *record, const struct osb_finding *finding, uint64_t now);

/* Milliseconds that a good check of the member takes lately, at least 1; 0: not known. */
static inline uint32_t osb_record_latency(const struct osb_record *record)
{
    return record->pace >= 16 ? record->pace / 8 : record->pace > 0;
}

#endif
