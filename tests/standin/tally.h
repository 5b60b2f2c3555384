/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How often clients came, and after what pauses. A checker is measured by what its members see of
 * it, not by what it says of itself. A node has one tally for each place where it listens and one
 * for all of them together.
 */
#ifndef STANDIN_TALLY_H
#define STANDIN_TALLY_H

#include <stdint.h>

struct buffer;

enum tally_kind {
    TALLY_CONNECTIONS, /* taken, whatever is said on them */
    TALLY_PINGS,       /* CPINGs of AJP that were answered */
    TALLY_REQUESTS,    /* that were read */
    TALLY_CHECKS,      /* of these, a health check's question for the database */
    TALLY_KINDS
};

struct tally_row {
    uint64_t count;      /* how many came */
    uint64_t late;       /* how many of them came over the limit after the one before */
    uint64_t longest_ms; /* the longest pause between two of them */
    uint64_t latest_ms;  /* when the latest came, on the monotonic clock; 0: none ever */
};

struct tally {
    struct tally_row rows[TALLY_KINDS]; /* one for each kind */
    uint64_t limit_ms;                  /* a longer pause makes the next one late; 0: none does */
    struct tally *whole;                /* counts everything that this one counts, too; or NULL */
};

/* One came, now. */
void tally_count(struct tally *tally, enum tally_kind kind);

/* Counts from zero on, with that limit. The pause that lasts now counts when it ends. */
void tally_begin(struct tally *tally, uint64_t limit_ms);

/* Adds the rows as members of a JSON object, without its braces. */
void tally_put(const struct tally *tally, struct buffer *out);

#endif
