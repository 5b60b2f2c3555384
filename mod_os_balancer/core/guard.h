/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guard over plain data in shared memory, which a leader writes and everybody copies: its number,
 * the edition, grows with each write and is odd during one. A reader that meets a write tries
 * again.
 */
#ifndef OSB_GUARD_H
#define OSB_GUARD_H

#include "lease.h"

#include <stddef.h>

/* All zero at first. */
struct osb_guard {
    _Atomic uint32_t edition;
};

/* Copies SIZE bytes of DATA. Returns the edition of the copy, which osb_guard_write wants to know.
 * It is odd, and the copy worth nothing, if each of many tries met a write: a leader that was
 * killed in the middle of one leaves it so. */
uint32_t osb_guard_read(const struct osb_guard *guard, const void *data, void *copy, size_t size);

/* Writes COPY over DATA, which was read as of EDITION. False, and nothing is written, if somebody
 * else wrote since, or if TICKET doesn't hold the lease any more. */
bool osb_guard_write(struct osb_guard *guard, uint32_t edition, const struct osb_lease *lease,
                     uint32_t ticket, void *data, const void *copy, size_t size);

#endif
