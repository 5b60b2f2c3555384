/* SPDX-License-Identifier: Apache-2.0 */
#include "board.h"
#include "board_memory.h"

#include <apr_strings.h>

struct osb_record osb_slot_read(const struct osb_slot *slot, uint32_t *edition)
{
    struct osb_record record;
    uint32_t read = osb_guard_read(&slot->guard, &slot->record, &record, sizeof record);

    if (edition != NULL)
        *edition = read;
    return record;
}

/* The latency of a member that comes up begins anew: what is known is of when it failed. */
static void note_up_since(struct osb_slot *slot, const struct osb_record *record)
{
    uint64_t since = record->verdict.state == OSB_STATE_UP ? record->verdict.since : 0;

    if (atomic_exchange(&slot->up_since, since) != since && since != 0)
        atomic_store(&slot->load.average, 0);
}

uint64_t osb_slot_up_since(const struct osb_slot *slot)
{
    return atomic_load_explicit(&slot->up_since, memory_order_relaxed);
}

bool osb_slot_is_out(const struct osb_slot *slot)
{
    return atomic_load_explicit(&slot->out, memory_order_relaxed);
}

void osb_slot_set_out(struct osb_slot *slot, bool out)
{
    atomic_store_explicit(&slot->out, out, memory_order_relaxed);
    if (slot->elder != NULL)
        atomic_store_explicit(&slot->elder->out, out, memory_order_relaxed);
}

bool osb_slot_write(const struct osb_term *term, struct osb_slot *slot, uint32_t edition,
                    const struct osb_record *record)
{
    if (osb_board_is_retired(term->board) ||
        !osb_guard_write(&slot->guard, edition, &term->board->memory->lease, term->ticket,
                         &slot->record, record, sizeof *record))
        return false;
    note_up_since(slot, record);
    if (slot->elder != NULL)
        note_up_since(slot->elder, record);
    return true;
}

static void give_name(struct osb_board *board, struct osb_slot *slot, const char *key)
{
    const struct osb_before *before =
        board->before != NULL ? apr_hash_get(board->before, key, APR_HASH_KEY_STRING) : NULL;

    slot->record =
        before != NULL ? before->record : (struct osb_record){.verdict = osb_verdict_new()};
    note_up_since(slot, &slot->record);
    atomic_store(&slot->load.average, before != NULL ? before->average : 0);
    slot->elder = before != NULL ? before->slot : NULL;
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

struct osb_load *osb_slot_load(struct osb_slot *slot)
{
    return &slot->load;
}

void osb_slot_hint(struct osb_slot *slot)
{
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

static uint64_t packed(struct osb_blames blames)
{
    return (uint64_t)blames.all << 32 | blames.standing;
}

static struct osb_blames unpacked(uint64_t blames)
{
    return (struct osb_blames){.standing = (uint32_t)blames, .all = (uint32_t)(blames >> 32)};
}

struct osb_blames osb_slot_blames(const struct osb_slot *slot)
{
    return unpacked(atomic_load(&slot->blames));
}

void osb_slot_blame(struct osb_slot *slot, bool shares)
{
    atomic_fetch_add(&slot->blames, packed((struct osb_blames){.standing = 1, .all = !shares}));
}

bool osb_slot_forgive(struct osb_slot *slot, struct osb_blames *blames)
{
    uint64_t expected = packed(*blames);
    bool done = atomic_compare_exchange_strong(&slot->blames, &expected, expected - 1);

    *blames = unpacked(expected);
    return done;
}

static struct osb_pulse pulse_of(const struct osb_slot *slot, uint64_t now)
{
    return (struct osb_pulse){
        .hints = atomic_load_explicit(&slot->hints, memory_order_relaxed),
        .waiting = osb_load_waiting(&slot->load, now),
        .sign = atomic_load_explicit(&slot->load.sign, memory_order_relaxed),
    };
}

struct osb_pulse osb_slot_pulse(const struct osb_slot *slot, uint64_t now)
{
    struct osb_pulse pulse = pulse_of(slot, now), elder;

    if (slot->elder == NULL)
        return pulse;
    elder = pulse_of(slot->elder, now);
    return (struct osb_pulse){
        .hints = pulse.hints + elder.hints,
        .waiting = pulse.waiting + elder.waiting,
        .sign = pulse.sign > elder.sign ? pulse.sign : elder.sign,
    };
}
