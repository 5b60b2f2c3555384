/* SPDX-License-Identifier: Apache-2.0 */
#include "budget.h"

static _Atomic uint64_t *cell_of(struct osb_budget_row *row, uint32_t second)
{
    return &row->cells[second % OSB_BUDGET_CELLS];
}

/* What a cell says of SECOND: it may still have an older one's count. */
static uint32_t count_in(uint64_t cell, uint32_t second)
{
    return cell >> 32 == second ? (uint32_t)cell : 0;
}

static void add(struct osb_budget_row *row, uint32_t second)
{
    _Atomic uint64_t *cell = cell_of(row, second);
    uint64_t before = atomic_load_explicit(cell, memory_order_relaxed), after;

    do {
        after = (uint64_t)second << 32 | (count_in(before, second) + UINT64_C(1));
    } while (!atomic_compare_exchange_weak(cell, &before, after));
}

static void take_back(struct osb_budget_row *row, uint32_t second)
{
    _Atomic uint64_t *cell = cell_of(row, second);
    uint64_t before = atomic_load_explicit(cell, memory_order_relaxed);

    while (count_in(before, second) > 0 && !atomic_compare_exchange_weak(cell, &before, before - 1))
        ;
}

static uint32_t total(const struct osb_budget_row *row, uint32_t second)
{
    uint32_t sum = 0;

    for (uint32_t age = 0; age < OSB_BUDGET_SPAN_S && age <= second; age++) {
        uint32_t then = second - age;

        sum += count_in(atomic_load(&row->cells[then % OSB_BUDGET_CELLS]), then);
    }
    return sum;
}

void osb_budget_add_request(struct osb_budget *budget, uint32_t second)
{
    add(&budget->requests, second);
}

uint32_t osb_budget_used(const struct osb_budget *budget, uint32_t second)
{
    return total(&budget->failovers, second);
}

uint32_t osb_budget_size(const struct osb_budget *budget, unsigned share, uint32_t second)
{
    uint64_t requests = total(&budget->requests, second);

    return (uint32_t)(OSB_BUDGET_RESERVE + requests * share / 100);
}

/* Counts first and looks then, so that two who ask at once see each other. */
bool osb_budget_take(struct osb_budget *budget, unsigned share, uint32_t second)
{
    add(&budget->failovers, second);
    if (osb_budget_used(budget, second) <= osb_budget_size(budget, share, second))
        return true;
    take_back(&budget->failovers, second);
    return false;
}
