/* SPDX-License-Identifier: Apache-2.0 */
/* How many failovers a balancer may make. */
#include "unit.h"

#include "core/budget.h"

#include <pthread.h>

#define NOW 1000000u

static void add_requests(struct osb_budget *budget, unsigned count, uint32_t second)
{
    for (unsigned i = 0; i < count; i++)
        osb_budget_add_request(budget, second);
}

/* How many failovers are given at SECOND before one is refused. */
static unsigned drain(struct osb_budget *budget, unsigned share, uint32_t second)
{
    unsigned given = 0;

    while (given < 100000 && osb_budget_take(budget, share, second))
        given++;
    return given;
}

static const struct share_row {
    const char *says;
    unsigned requests, share, given;
} shares[] = {
    {"a balancer without requests has its reserve", 0, 20, OSB_BUDGET_RESERVE},
    {"a share of nothing leaves the reserve too", 1000, 0, OSB_BUDGET_RESERVE},
    {"a fifth of a thousand and the reserve", 1000, 20, 200 + OSB_BUDGET_RESERVE},
    {"shares are cut to whole failovers", 9, 20, 1 + OSB_BUDGET_RESERVE},
    {"a hundred percent is one for each request", 50, 100, 50 + OSB_BUDGET_RESERVE},
};

static void a_share_and_the_reserve_are_given(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, shares)
    {
        struct osb_budget budget = {.requests = {{0}}};

        add_requests(&budget, row->requests, NOW);
        assert_int_equal(osb_budget_size(&budget, row->share, NOW), row->given);
        assert_int_equal(drain(&budget, row->share, NOW), row->given);
        assert_int_equal(osb_budget_used(&budget, NOW), row->given);
        assert_false(osb_budget_take(&budget, row->share, NOW));
        assert_int_equal(osb_budget_used(&budget, NOW), row->given);
    }
}

static const struct age_row {
    const char *says;
    uint32_t age;
    bool counts;
} ages[] = {
    {"the same second", 0, true},
    {"the last one of the span", OSB_BUDGET_SPAN_S - 1, true},
    {"the first one after it", OSB_BUDGET_SPAN_S, false},
    {"a second that shares its cell", OSB_BUDGET_CELLS, false},
    {"long ago", 100000, false},
};

static void what_is_older_than_the_span_counts_no_more(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, ages)
    {
        struct osb_budget budget = {.requests = {{0}}};

        add_requests(&budget, 100, NOW);
        assert_int_equal(drain(&budget, 50, NOW), 50 + OSB_BUDGET_RESERVE);
        assert_int_equal(osb_budget_size(&budget, 50, NOW + row->age),
                         OSB_BUDGET_RESERVE + (row->counts ? 50 : 0));
        assert_int_equal(osb_budget_used(&budget, NOW + row->age),
                         row->counts ? 50 + OSB_BUDGET_RESERVE : 0);
    }
}

static void seconds_add_up(void **state)
{
    struct osb_budget budget = {.requests = {{0}}};

    (void)state;
    for (uint32_t second = 0; second < OSB_BUDGET_SPAN_S; second++)
        add_requests(&budget, 10, NOW + second);
    assert_int_equal(osb_budget_size(&budget, 100, NOW + OSB_BUDGET_SPAN_S - 1),
                     10 * OSB_BUDGET_SPAN_S + OSB_BUDGET_RESERVE);
    assert_int_equal(osb_budget_size(&budget, 100, NOW + OSB_BUDGET_SPAN_S),
                     10 * (OSB_BUDGET_SPAN_S - 1) + OSB_BUDGET_RESERVE);
}

static void a_clock_that_has_just_begun_has_no_past(void **state)
{
    struct osb_budget budget = {.requests = {{0}}};

    (void)state;
    add_requests(&budget, 10, 3);
    assert_int_equal(osb_budget_size(&budget, 100, 3), 10 + OSB_BUDGET_RESERVE);
}

#define THREADS 8
#define ASKED   20000

struct crowd {
    struct osb_budget budget;
    _Atomic unsigned given;
};

static void *ask_often(void *baton)
{
    struct crowd *crowd = baton;

    for (unsigned i = 0; i < ASKED; i++) {
        osb_budget_add_request(&crowd->budget, NOW + i * 3 / ASKED);
        crowd->given += osb_budget_take(&crowd->budget, 10, NOW + i * 3 / ASKED);
    }
    return NULL;
}

static void a_crowd_is_given_all_of_it_and_never_more(void **state)
{
    static struct crowd crowd;
    pthread_t threads[THREADS];
    unsigned size;

    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_often, &crowd), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    size = osb_budget_size(&crowd.budget, 10, NOW + 2);
    assert_int_equal(size, THREADS * ASKED / 10 + OSB_BUDGET_RESERVE);
    assert_in_range(crowd.given, size / 2, size);
    assert_int_equal(osb_budget_used(&crowd.budget, NOW + 2), crowd.given);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_share_and_the_reserve_are_given),
        cmocka_unit_test(what_is_older_than_the_span_counts_no_more),
        cmocka_unit_test(seconds_add_up),
        cmocka_unit_test(a_clock_that_has_just_begun_has_no_past),
        cmocka_unit_test(a_crowd_is_given_all_of_it_and_never_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
