/* SPDX-License-Identifier: Apache-2.0 */
#include "board.h"
#include "board_memory.h"

#include <apr_strings.h>

/* An attempt that follows so long after the latest sign counts as the first: those that seem to be
 * under way may be a killed child's, which nobody ends. */
#define SIGN_AGE_MS 10000

struct osb_record osb_slot_read(const struct osb_slot *slot, uint32_t *edition)
{
    struct osb_record record;
    uint32_t read = osb_guard_read(&slot->guard, &slot->record, &record, sizeof record);

    if (edition != NULL)
        *edition = read;
    return record;
}

bool osb_slot_write(const struct osb_term *term, struct osb_slot *slot, uint32_t edition,
                    const struct osb_record *record)
{
    return !osb_board_is_retired(term->board) &&
           osb_guard_write(&slot->guard, edition, &term->board->memory->lease, term->ticket,
                           &slot->record, record, sizeof *record);
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

void osb_slot_set_due(const struct osb_term *term, struct osb_slot *slot, uint64_t due)
{
    if (osb_term_lasts(term))
        atomic_store_explicit(&slot->due, due, memory_order_relaxed);
}

void osb_slot_begin(struct osb_slot *slot, uint64_t now)
{
    bool alone = atomic_fetch_add_explicit(&slot->busy, 1, memory_order_relaxed) == 0;

    if (alone || now - atomic_load_explicit(&slot->sign, memory_order_relaxed) > SIGN_AGE_MS)
        atomic_store_explicit(&slot->sign, now, memory_order_relaxed);
}

void osb_slot_end(struct osb_slot *slot, uint64_t now, bool hint)
{
    atomic_fetch_sub_explicit(&slot->busy, 1, memory_order_relaxed);
    atomic_store_explicit(&slot->sign, now, memory_order_relaxed);
    if (hint)
        atomic_fetch_add_explicit(&slot->hints, 1, memory_order_relaxed);
}

void osb_slot_give_away(struct osb_slot *slot)
{
    atomic_fetch_add_explicit(&slot->given_away, 1, memory_order_relaxed);
}

uint64_t osb_slot_given_away(const struct osb_slot *slot)
{
    return atomic_load_explicit(&slot->given_away, memory_order_relaxed);
}

struct osb_pulse osb_slot_pulse(const struct osb_slot *slot)
{
    return (struct osb_pulse){
        .hints = atomic_load_explicit(&slot->hints, memory_order_relaxed),
        .busy = atomic_load_explicit(&slot->busy, memory_order_relaxed),
        .sign = atomic_load_explicit(&slot->sign, memory_order_relaxed),
    };
}
