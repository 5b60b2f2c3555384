/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many failovers a balancer may make: a share of its requests of the last ten seconds, and a
 * few in any case, so that a bad day of all members doesn't double their load. It lies in memory
 * that all children share; any thread may call, nobody waits for anybody.
 */
#ifndef OSB_BUDGET_H
#define OSB_BUDGET_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Requests and failovers of so many seconds count, the running one included. */
#define OSB_BUDGET_SPAN_S 10
/* So many failovers are allowed whatever the share says. */
#define OSB_BUDGET_RESERVE 10
/* A power of two above the span. */
#define OSB_BUDGET_CELLS 16

/* A row of seconds: each cell has its second above 32 bits, and how often something happened in it
 * below. Zeros are a row in which nothing has. */
struct osb_budget_row {
    _Atomic uint64_t cells[OSB_BUDGET_CELLS];
};

struct osb_budget {
    struct osb_budget_row requests;
    struct osb_budget_row failovers;
};

/* A request came, at SECOND of any clock that all callers share. */
void osb_budget_add_request(struct osb_budget *budget, uint32_t second);

/* Takes one failover out of the budget of SHARE percent (0 to 100) of the requests. False, and
 * nothing is taken, if none is left. Never more are given than the budget has; when many ask at
 * once for the last one, it may be given to none of them. */
bool osb_budget_take(struct osb_budget *budget, unsigned share, uint32_t second);

/* For those who look: how many there are in the span, and how many there may be. */
uint32_t osb_budget_used(const struct osb_budget *budget, uint32_t second);
uint32_t osb_budget_size(const struct osb_budget *budget, unsigned share, uint32_t second);

#endif
