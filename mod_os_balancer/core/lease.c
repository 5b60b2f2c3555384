/* SPDX-License-Identifier: Apache-2.0 */
#include "lease.h"

static uint32_t holder(uint64_t word)
{
    return (uint32_t)(word >> 32);
}

static uint64_t make_word(uint32_t ticket, uint32_t beat)
{
    return (uint64_t)ticket << 32 | beat;
}

uint32_t osb_lease_ticket(struct osb_lease *lease)
{
    uint32_t ticket;

    do
        ticket = atomic_fetch_add(&lease->tickets, 1) + 1;
    while (ticket == 0);
    return ticket;
}

bool osb_lease_hold(struct osb_lease *lease, uint32_t ticket, uint32_t now_ms, uint32_t stale_ms)
{
    uint64_t word = atomic_load(&lease->word);
    uint32_t silent_ms = now_ms - (uint32_t)word;

    /* A beat from the future by a little is another thread's clock read a moment later. */
    if (holder(word) != ticket && holder(word) != 0 &&
        (silent_ms < stale_ms || silent_ms > UINT32_MAX / 2))
        return false;
    return atomic_compare_exchange_strong(&lease->word, &word, make_word(ticket, now_ms));
}

bool osb_lease_is_held(const struct osb_lease *lease, uint32_t ticket)
{
    return holder(atomic_load(&lease->word)) == ticket;
}

uint32_t osb_lease_beat(const struct osb_lease *lease)
{
    uint64_t word = atomic_load(&lease->word);

    return holder(word) == 0 ? 0 : (uint32_t)word > 0 ? (uint32_t)word : 1;
}

void osb_lease_release(struct osb_lease *lease, uint32_t ticket)
{
    uint64_t word = atomic_load(&lease->word);

    if (holder(word) == ticket)
        atomic_compare_exchange_strong(&lease->word, &word, 0);
}
