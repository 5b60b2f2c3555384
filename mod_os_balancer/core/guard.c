/* SPDX-License-Identifier: Apache-2.0 */
#include "guard.h"

#include <string.h>

#define MOST_READS 1000

uint32_t osb_guard_read(const struct osb_guard *guard, const void *data, void *copy, size_t size)
{
    uint32_t before = 1, after;

    for (int tries = 0; tries < MOST_READS; tries++) {
        before = atomic_load_explicit(&guard->edition, memory_order_acquire);
        memcpy(copy, data, size);
        atomic_thread_fence(memory_order_acquire);
        after = atomic_load_explicit(&guard->edition, memory_order_relaxed);
        if (before == after && before % 2 == 0)
            return before;
    }
    return before | 1;
}

/*
 * The swap fails for one who read before another leader wrote; the lease is asked between the swap
 * and the copy. What is left is a leader that is stopped in the few hundred nanoseconds of the copy
 * itself, for longer than its lease: it would finish the copy when it wakes, and what it leaves is
 * overwritten by the next write.
 */
bool osb_guard_write(struct osb_guard *guard, uint32_t edition, const struct osb_lease *lease,
                     uint32_t ticket, void *data, const void *copy, size_t size)
{
    /* An odd edition is a dead leader's: go on to the next odd one. */
    uint32_t locked = edition % 2 == 1 ? edition + 2 : edition + 1;
    uint32_t expected = edition;

    if (!atomic_compare_exchange_strong(&guard->edition, &expected, locked))
        return false;
    if (!osb_lease_is_held(lease, ticket)) {
        expected = locked;
        atomic_compare_exchange_strong(&guard->edition, &expected, edition);
        return false;
    }
    atomic_thread_fence(memory_order_release);
    memcpy(data, copy, size);
    return atomic_compare_exchange_strong(&guard->edition, &locked, locked + 1);
}
