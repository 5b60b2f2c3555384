/* SPDX-License-Identifier: Apache-2.0 */
#include "board.h"
#include "board_memory.h"

#include <apr_strings.h>

/* A reader that always meets a writer gives up after this many tries and takes what is there: a
 * leader that was killed in the middle of a record leaves it so until the next one writes. */
#define MOST_READS 1000

struct osb_record osb_slot_read(const struct osb_slot *slot, uint32_t *edition)
{
    struct osb_record record;
    uint32_t before, after;
    int tries = 0;

    do {
        before = atomic_load_explicit(&slot->edition, memory_order_acquire);
        record = slot->record;
        atomic_thread_fence(memory_order_acquire);
        after = atomic_load_explicit(&slot->edition, memory_order_relaxed);
    } while ((before != after || before % 2 == 1) && ++tries < MOST_READS);
    if (edition != NULL)
        *edition = before;
    return record;
}

/*
 * The swap fails for one who read before another leader wrote; the lease is asked between the swap
 * and the copy. What is left is a leader that is stopped in the few hundred nanoseconds of the copy
 * itself, for longer than its lease: it would finish the copy when it wakes. The texts of a record
 * end inside it whatever the mixture, and the next check writes it anew.
 */
bool osb_slot_write(struct osb_board *board, struct osb_slot *slot, uint32_t ticket,
                    uint32_t edition, const struct osb_record *record)
{
    /* An odd edition is a dead leader's: go on to the next odd one. */
    uint32_t locked = edition % 2 == 1 ? edition + 2 : edition + 1;
    uint32_t expected = edition;

    if (!atomic_compare_exchange_strong(&slot->edition, &expected, locked))
        return false;
    if (!osb_lease_is_held(&board->memory->lease, ticket)) {
        expected = locked;
        atomic_compare_exchange_strong(&slot->edition, &expected, edition);
        return false;
    }
    atomic_thread_fence(memory_order_release);
    slot->record = *record;
    atomic_store_explicit(&slot->edition, locked + 1, memory_order_release);
    return true;
}

static void give_name(struct osb_board *board, struct osb_slot *slot, const char *key)
{
    const struct osb_record *old =
        board->before != NULL ? apr_hash_get(board->before, key, APR_HASH_KEY_STRING) : NULL;

    slot->record = old != NULL ? *old : (struct osb_record){.verdict = osb_verdict_new()};
    apr_cpystrn(slot->key, key, sizeof slot->key);
    atomic_store(&slot->named, true);
}

struct osb_slot *osb_board_name(struct osb_board *board, struct osb_slot *slots, unsigned count,
                                const char *key, bool add)
{
    if (strlen(key) >= OSB_KEY_MAX)
        return NULL;
    for (unsigned i = 0; i < count; i++) {
        if (atomic_load(&slots[i].named)) {
            if (strcmp(slots[i].key, key) == 0)
                return &slots[i];
        } else if (add) {
            give_name(board, &slots[i], key);
            return &slots[i];
        }
    }
    return NULL;
}

uint64_t osb_slot_due(const struct osb_slot *slot)
{
    return atomic_load_explicit(&slot->due, memory_order_relaxed);
}

void osb_slot_set_due(struct osb_slot *slot, uint64_t due)
{
    atomic_store_explicit(&slot->due, due, memory_order_relaxed);
}

void osb_slot_begin(struct osb_slot *slot, uint64_t now)
{
    if (atomic_fetch_add_explicit(&slot->busy, 1, memory_order_relaxed) == 0)
        atomic_store_explicit(&slot->sign, now, memory_order_relaxed);
}

void osb_slot_end(struct osb_slot *slot, uint64_t now, bool hint)
{
    atomic_fetch_sub_explicit(&slot->busy, 1, memory_order_relaxed);
    atomic_store_explicit(&slot->sign, now, memory_order_relaxed);
    if (hint)
        atomic_fetch_add_explicit(&slot->hints, 1, memory_order_relaxed);
}

struct osb_pulse osb_slot_pulse(const struct osb_slot *slot)
{
    return (struct osb_pulse){
        .hints = atomic_load_explicit(&slot->hints, memory_order_relaxed),
        .busy = atomic_load_explicit(&slot->busy, memory_order_relaxed),
        .sign = atomic_load_explicit(&slot->sign, memory_order_relaxed),
    };
}
