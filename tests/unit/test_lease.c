/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "core/lease.h"

#include <pthread.h>

#define STALE 500

/* One asks at a time; whether it then leads. */
static const struct row {
    const char *says;
    uint32_t ticket;
    uint32_t now;
    bool leads;
} rows[] = {
    {"the first who asks leads", 1, 1000, true},
    {"another who asks meanwhile doesn't", 2, 1001, false},
    {"the leader renews", 1, 1400, true},
    {"just before the heartbeat is stale nobody else leads", 2, 1899, false},
    {"once it is stale the next one leads", 2, 1900, true},
    {"the old leader finds itself deposed", 1, 1901, false},
    {"a clock that is read a moment earlier deposes nobody", 3, 1890, false},
    {"the leader renews shortly before the clock wraps around", 2, UINT32_MAX - 100, true},
    {"across the wrap a fresh heartbeat is fresh", 3, 300, false},
    {"and a stale one is stale", 3, 400, true},
};

static void a_lease_is_held_by_who_renews_it(void **state)
{
    struct osb_lease lease = {.word = 0};

    (void)state;
    FOR_EACH_ROW(row, rows)
    {
        assert_int_equal(osb_lease_hold(&lease, row->ticket, row->now, STALE), row->leads);
        assert_int_equal(osb_lease_is_held(&lease, row->ticket), row->leads);
    }
}

static void a_lease_that_is_given_back_is_free_at_once(void **state)
{
    struct osb_lease lease = {.word = 0};

    (void)state;
    assert_true(osb_lease_hold(&lease, 1, 1000, STALE));
    osb_lease_release(&lease, 2);
    assert_true(osb_lease_is_held(&lease, 1));
    osb_lease_release(&lease, 1);
    assert_false(osb_lease_is_held(&lease, 1));
    assert_true(osb_lease_hold(&lease, 2, 1001, STALE));
}

static void no_ticket_is_given_twice_and_none_is_zero(void **state)
{
    struct osb_lease lease = {.tickets = UINT32_MAX - 1};

    (void)state;
    assert_int_equal(osb_lease_ticket(&lease), UINT32_MAX);
    assert_int_equal(osb_lease_ticket(&lease), 1);
    assert_int_equal(osb_lease_ticket(&lease), 2);
}

#define THREADS 8
#define ROUNDS  20000

/* What all threads of the race share: a clock that stands still. */
struct race {
    struct osb_lease lease;
    _Atomic uint32_t clock;
    _Atomic int leaders; /* who believe to lead, between taking the lease and giving it back */
    _Atomic int clashes; /* how often there were two */
    _Atomic int terms;   /* how often somebody led */
};

static void *compete(void *baton)
{
    struct race *race = baton;
    uint32_t ticket = osb_lease_ticket(&race->lease);

    for (int i = 0; i < ROUNDS; i++) {
        if (!osb_lease_hold(&race->lease, ticket, atomic_load(&race->clock), STALE))
            continue;
        if (atomic_fetch_add(&race->leaders, 1) != 0)
            atomic_fetch_add(&race->clashes, 1);
        atomic_fetch_add(&race->terms, 1);
        atomic_fetch_sub(&race->leaders, 1);
        osb_lease_release(&race->lease, ticket);
    }
    return NULL;
}

static void of_many_threads_one_leads_at_a_time(void **state)
{
    static struct race race;
    pthread_t threads[THREADS];

    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, compete, &race), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_true(race.terms > 0);
    assert_int_equal(race.clashes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lease_is_held_by_who_renews_it),
        cmocka_unit_test(a_lease_that_is_given_back_is_free_at_once),
        cmocka_unit_test(no_ticket_is_given_twice_and_none_is_zero),
        cmocka_unit_test(of_many_threads_one_leads_at_a_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
