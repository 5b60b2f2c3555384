/* SPDX-License-Identifier: Apache-2.0 */
/* The journal's part of the board: a ring of the latest events. */
#include "board.h"
#include "board_memory.h"

/* The number counts last, so that an entry which a killed leader left half written is the next
 * one's to write again. */
void osb_board_enter(struct osb_board *board, struct osb_event *event)
{
    struct osb_board_memory *memory = board->memory;
    uint64_t number = atomic_load(&memory->last) + 1;
    struct osb_entry *entry = &memory->journal[number % OSB_JOURNAL_LENGTH];
    uint32_t edition = atomic_load(&entry->edition) | 1;

    event->number = number;
    atomic_store(&entry->edition, edition);
    atomic_thread_fence(memory_order_release);
    entry->event = *event;
    atomic_store_explicit(&entry->edition, edition + 1, memory_order_release);
    atomic_store(&memory->last, number);
}

uint64_t osb_board_last_event(const struct osb_board *board)
{
    return atomic_load(&board->memory->last);
}

bool osb_board_event(const struct osb_board *board, uint64_t number, struct osb_event *event)
{
    const struct osb_entry *entry = &board->memory->journal[number % OSB_JOURNAL_LENGTH];
    uint32_t before = atomic_load_explicit(&entry->edition, memory_order_acquire);

    *event = entry->event;
    atomic_thread_fence(memory_order_acquire);
    return before % 2 == 0 &&
           before == atomic_load_explicit(&entry->edition, memory_order_relaxed) && number > 0 &&
           event->number == number;
}

uint64_t osb_board_notified(const struct osb_board *board)
{
    return atomic_load(&board->memory->notified);
}

void osb_board_set_notified(struct osb_board *board, uint64_t number)
{
    atomic_store(&board->memory->notified, number);
}

struct osb_run osb_board_run(const struct osb_board *board)
{
    return (struct osb_run){.pid = atomic_load(&board->memory->run_pid),
                            .until = atomic_load(&board->memory->run_until)};
}

void osb_board_set_run(struct osb_board *board, struct osb_run run)
{
    atomic_store(&board->memory->run_until, run.until);
    atomic_store(&board->memory->run_pid, run.pid);
}
