/* SPDX-License-Identifier: Apache-2.0 */
/* The journal's part of the board: a ring of the latest events. */
#include "board.h"
#include "board_memory.h"

/* The number counts last, so that an entry which a killed leader left half written is the next
 * one's to write again. */
bool osb_board_enter(const struct osb_term *term, struct osb_event *event)
{
    struct osb_board_memory *memory = term->board->memory;
    uint64_t last = atomic_load(&memory->last);
    struct osb_entry *entry = &memory->journal[(last + 1) % OSB_JOURNAL_LENGTH];

    event->number = last + 1;
    return osb_guard_write(&entry->guard, atomic_load(&entry->guard.edition), &memory->lease,
                           term->ticket, &entry->event, event, sizeof *event) &&
           atomic_compare_exchange_strong(&memory->last, &last, last + 1);
}

uint64_t osb_board_last_event(const struct osb_board *board)
{
    return atomic_load(&board->memory->last);
}

bool osb_board_event(const struct osb_board *board, uint64_t number, struct osb_event *event)
{
    const struct osb_entry *entry = &board->memory->journal[number % OSB_JOURNAL_LENGTH];
    uint32_t edition = osb_guard_read(&entry->guard, &entry->event, event, sizeof *event);

    return edition % 2 == 0 && number > 0 && event->number == number;
}

uint64_t osb_board_notified(const struct osb_board *board)
{
    return atomic_load(&board->memory->notified);
}

void osb_board_set_notified(const struct osb_term *term, uint64_t number)
{
    if (osb_term_lasts(term))
        atomic_store(&term->board->memory->notified, number);
}

struct osb_run osb_board_run(const struct osb_board *board)
{
    return (struct osb_run){.pid = atomic_load(&board->memory->run_pid),
                            .until = atomic_load(&board->memory->run_until)};
}

void osb_board_set_run(const struct osb_term *term, struct osb_run run)
{
    struct osb_board_memory *memory = term->board->memory;

    if (!osb_term_lasts(term))
        return;
    atomic_store(&memory->run_until, run.until);
    atomic_store(&memory->run_pid, run.pid);
}
