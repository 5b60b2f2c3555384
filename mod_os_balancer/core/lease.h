/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who leads, among threads and processes that share memory: a lease in one 64-bit word, taken and
 * renewed by compare-and-swap. The high half is the holder's ticket, the low half the time of its
 * latest heartbeat. Whoever doesn't renew for STALE_MS has lost it to the first who asks; a holder
 * that slept too long finds that its own swap fails.
 */
#ifndef OSB_LEASE_H
#define OSB_LEASE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* All zero at first: nobody holds it. */
struct osb_lease {
    _Atomic uint64_t word;
    _Atomic uint32_t tickets; /* given out so far */
};

/* A ticket that nobody else has; never 0. */
uint32_t osb_lease_ticket(struct osb_lease *lease);

/* Takes or renews the lease. True: TICKET leads, for at least STALE_MS from NOW_MS, which is a
 * clock that all share; it may wrap around. */
bool osb_lease_hold(struct osb_lease *lease, uint32_t ticket, uint32_t now_ms, uint32_t stale_ms);

/* Whether TICKET still holds it: to be asked before each write that only a leader may do. */
bool osb_lease_is_held(const struct osb_lease *lease, uint32_t ticket);

/* When the holder last renewed it, on the clock that all share; 0: nobody holds it.
 * A beat that is 0 by chance is told as 1. */
uint32_t osb_lease_beat(const struct osb_lease *lease);

/* Gives it back, if TICKET holds it, so that the next one need not wait for it to go stale. */
void osb_lease_release(struct osb_lease *lease, uint32_t ticket);

#endif
