/* SPDX-License-Identifier: Apache-2.0 */
/* What a member's requests tell of the wait there. */
#include "unit.h"

#include "core/load.h"

#include <pthread.h>

#define START     UINT64_C(5000000)
#define WRAP      (UINT64_C(1) << 32)
#define MOST_ENDS 8

static int64_t rounded(double ms)
{
    return (int64_t)(ms + 0.5);
}

/* ---- the average --------------------------------------------------------------------------------
 */

struct ending {
    uint64_t at;   /* when it was answered and ended, ms */
    uint64_t took; /* so long after it began */
    enum osb_attempt_result result;
};

#define OK(at, took)                   \
    {                                  \
        at, took, OSB_ATTEMPT_ANSWERED \
    }
#define FAILED(at, took)             \
    {                                \
        at, took, OSB_ATTEMPT_FAILED \
    }
#define LOST(at, took)                \
    {                                 \
        at, took, OSB_ATTEMPT_UNKNOWN \
    }

/* Requests one after the other, of which the first that takes no time ends the row; and what a user
 * then waits. */
static const struct average_row {
    const char *says;
    struct ending endings[MOST_ENDS];
    uint64_t at;
    int64_t wait;
} averages[] = {
    {"of nothing nothing is known, so it is tried", {OK(0, 0)}, START, OSB_LOAD_LEAST_MS},
    {"the first answer counts in full", {OK(START, 50)}, START, 50},
    {"a slower one takes its place", {OK(START, 50), OK(START + 1, 80)}, START + 1, 80},
    {"a quicker one at the same moment doesn't", {OK(START, 80), OK(START, 20)}, START, 80},
    {"one ten seconds later pulls it down by 63 %",
     {OK(START, 500), OK(START + 10000, 50)},
     START + 10000,
     216},
    {"so do a hundred in ten seconds, but for what each is late",
     {OK(START, 500), OK(START + 5000, 50), OK(START + 10000, 50)},
     START + 10000,
     216},
    {"another ten seconds, another 63 %",
     {OK(START, 500), OK(START + 10000, 50), OK(START + 20000, 50)},
     START + 20000,
     111},
    {"without answers it fades", {OK(START, 500)}, START + 10000, 184},
    {"until it is as good as any", {OK(START, 500)}, START + 300000, OSB_LOAD_LEAST_MS},
    {"an answer after that counts for itself",
     {OK(START, 500), OK(START + 300000, 60)},
     START + 300000,
     60},
    {"what differs less than this host's own pauses is alike",
     {OK(START, 1)},
     START,
     OSB_LOAD_LEAST_MS},
    {"a minute counts for ten seconds", {OK(START, 60000)}, START, OSB_LOAD_MOST_MS},
    {"and so does a day", {OK(START + WRAP, 86400000)}, START + WRAP, OSB_LOAD_MOST_MS},

    {"a failure in no time is twice as slow",
     {OK(START, 50), FAILED(START + 1, 1)},
     START + 1,
     100},
    {"three are eight times as slow",
     {OK(START, 50), FAILED(START + 1, 1), FAILED(START + 2, 1), FAILED(START + 3, 1)},
     START + 3,
     400},
    {"one that took longer than that counts as long",
     {OK(START, 50), FAILED(START + 1, 3000)},
     START + 1,
     3000},
    {"the first request is a failure", {FAILED(START, 1)}, START, 2 * OSB_LOAD_LEAST_MS},
    {"failures don't add up without end",
     {OK(START, 9000), FAILED(START + 1, 1), FAILED(START + 2, 1)},
     START + 2,
     OSB_LOAD_MOST_MS},
    {"what nobody knows the end of says nothing",
     {OK(START, 50), LOST(START + 1, 900), LOST(START + 2, 1)},
     START + 2,
     50},

    {"a slow answer that is told late counts all the same",
     {OK(START, 50), OK(START - 300, 80)},
     START,
     80},
    {"a quick one that is told late changes nothing",
     {OK(START, 80), OK(START - 300, 20)},
     START,
     80},
    {"what was told late doesn't turn the clock back",
     {OK(START, 500), OK(START - 9000, 50), OK(START + 10000, 50)},
     START + 10000,
     216},
    {"the stamp wraps around", {OK(WRAP - 5000, 500), OK(WRAP + 5000, 50)}, WRAP + 5000, 216},
};

static void take(struct osb_load *load, const struct ending *ending)
{
    struct osb_attempt attempt;

    osb_load_begin(load, &attempt, ending->at - ending->took);
    if (ending->result != OSB_ATTEMPT_UNKNOWN)
        osb_load_answer(load, &attempt, ending->at);
    osb_load_end(load, &attempt, ending->result, ending->at);
}

static void the_latency_is_a_moving_average_that_minds_peaks(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, averages)
    {
        struct osb_load load = {.sign = 0};

        for (int i = 0; i < MOST_ENDS && row->endings[i].took > 0; i++)
            take(&load, &row->endings[i]);
        assert_int_equal(osb_load_in_flight(&load, row->at), 0);
        assert_int_equal(rounded(osb_load_wait(&load, row->at)), row->wait);
    }
}

static void many_quick_answers_pull_it_down_as_one_does(void **state)
{
    struct osb_load load = {.sign = 0};

    (void)state;
    take(&load, &(struct ending){START, 500, OSB_ATTEMPT_ANSWERED});
    for (uint64_t ms = 1; ms <= 10000; ms++)
        take(&load, &(struct ending){START + ms, 50, OSB_ATTEMPT_ANSWERED});
    assert_in_range(rounded(osb_load_wait(&load, START + 10000)), 213, 217);
}

/* ---- what is under way --------------------------------------------------------------------------
 */

/* Three requests at most, a letter each for what happens to the first (a), the second (b) and the
 * third (c): a capital letter begins it, a small one is its answer, and a digit, 1 to 3, ends it.
 */
static const struct flight_row {
    const char *says;
    const char *steps; /* '.' is 100 ms, '=' ten seconds, '-' a minute and '+' a ms */
    uint32_t in_flight;
    uint32_t waiting;
    int64_t wait;
} flights[] = {
    {"nobody", "", 0, 0, 5},
    {"one begins", "A", 1, 1, 10},
    {"it has been silent for 100 ms", "A.", 1, 1, 2 * 100},
    {"another one begins meanwhile", "A.B", 2, 2, 3 * 100},
    {"its answer begins: it doesn't wait, but is under way", "A.a", 1, 0, 10},
    {"and may be so for long", "A.a..........", 1, 0, 10},
    {"silence begins anew with it", "A.BC.a", 3, 2, 20},
    {"and counts as long as somebody waits", "A.BC.a.", 3, 2, 4 * 100},
    {"an end without an answer is a sign of life", "A.B.1", 1, 1, 10},
    {"the end of what was answered is none", "AB.a.1", 1, 1, 2 * 100},
    {"two answers and an end", "ABCab1", 2, 1, 15},
    {"all ended", "AB.ab12", 0, 0, 5},
    {"ten seconds of silence say much", "A=", 1, 1, 2 * 10000},
    {"but more than that may be a killed child's", "A=+", 1, 1, 10},
    {"the next one then asks anew", "A=+B...", 2, 2, 3 * 300},
    {"what began in the minute before is under way", "A-", 1, 1, 10},
    {"what began before that is forgotten", "A--", 0, 0, 5},
    {"and so is its end", "A--Ba1", 1, 1, 10},
    {"also if its minute's place was taken", "A--B1", 1, 1, 10},
    {"the end of one that began in the minute before counts", "A-Ba1b2", 0, 0, 5},
};

/* How long it takes. */
static uint64_t step(struct osb_load *load, struct osb_attempt *attempts, char step, uint64_t now)
{
    if (step >= 'A' && step <= 'C')
        osb_load_begin(load, &attempts[step - 'A'], now);
    else if (step >= 'a' && step <= 'c')
        osb_load_answer(load, &attempts[step - 'a'], now);
    else if (step >= '1' && step <= '3')
        osb_load_end(load, &attempts[step - '1'], OSB_ATTEMPT_UNKNOWN, now);
    return step == '.' ? 100 : step == '=' ? 10000 : step == '-' ? 60000 : step == '+';
}

static void requests_under_way_are_counted_and_their_silence_too(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, flights)
    {
        struct osb_load load = {.sign = 0};
        struct osb_attempt attempts[3];
        uint64_t now = START;

        for (const char *at = row->steps; *at != '\0'; at++)
            now += step(&load, attempts, *at, now);
        assert_int_equal(osb_load_in_flight(&load, now), row->in_flight);
        assert_int_equal(osb_load_waiting(&load, now), row->waiting);
        assert_int_equal(rounded(osb_load_wait(&load, now)), row->wait);
    }
}

static void a_thread_that_was_held_up_for_minutes_counts_for_nothing(void **state)
{
    struct osb_load load = {.sign = 0};
    struct osb_attempt late, other;

    (void)state;
    osb_load_begin(&load, &other, START + 120000);
    osb_load_begin(&load, &late, START);
    assert_int_equal(osb_load_in_flight(&load, START + 120000), 1);
    osb_load_end(&load, &late, OSB_ATTEMPT_UNKNOWN, START + 120000);
    assert_int_equal(osb_load_in_flight(&load, START + 120000), 1);
}

static void the_time_of_an_upload_is_no_latency(void **state)
{
    static const uint64_t uploads[] = {0, 80, 100, 200};
    static const int64_t waits[] = {100, 20, OSB_LOAD_LEAST_MS, OSB_LOAD_LEAST_MS};

    (void)state;
    for (size_t i = 0; i < sizeof uploads / sizeof *uploads; i++) {
        struct osb_load load = {.average = 0};
        struct osb_attempt attempt;

        osb_load_begin(&load, &attempt, START);
        osb_load_answer(&load, &attempt, START + 100);
        attempt.upload = uploads[i];
        osb_load_end(&load, &attempt, OSB_ATTEMPT_ANSWERED, START + 100);
        assert_int_equal(rounded(osb_load_wait(&load, START + 100)), waits[i]);
    }
}

static void only_the_beginning_of_an_answer_is_its_latency(void **state)
{
    struct osb_load load = {.sign = 0};
    struct osb_attempt attempt;

    (void)state;
    osb_load_begin(&load, &attempt, START);
    osb_load_answer(&load, &attempt, START + 70);
    osb_load_answer(&load, &attempt, START + 900);
    osb_load_end(&load, &attempt, OSB_ATTEMPT_ANSWERED, START + 30000);
    assert_int_equal(rounded(osb_load_wait(&load, START + 30000)), 70);
}

/* ---- from many threads at once ------------------------------------------------------------------
 */

#define THREADS 8
#define ROUNDS  400000
#define SLOWER  50 /* a thread's answers take a ms more after so many of them */

static struct osb_load shared;
static _Atomic unsigned lost;
static pthread_barrier_t gate;

static uint32_t shared_average(void)
{
    return (uint32_t)shared.average >> 16;
}

/* The answers of some threads are slower and slower, the others' are quick: these must not undo
 * what the slow ones told. Nothing fades, since no time passes. */
static void *ask_on(void *slow)
{
    struct osb_attempt attempt;

    pthread_barrier_wait(&gate);
    for (uint32_t i = 0; i < ROUNDS; i++) {
        uint32_t took = slow != NULL ? 1 + i / SLOWER : 1;

        osb_load_begin(&shared, &attempt, START - took);
        osb_load_answer(&shared, &attempt, START);
        osb_load_end(&shared, &attempt, OSB_ATTEMPT_ANSWERED, START);
        lost += shared_average() < took;
    }
    osb_load_begin(&shared, &attempt, START);
    return NULL;
}

static void nothing_is_lost_between_threads(void **state)
{
    pthread_t threads[THREADS];

    (void)state;
    assert_int_equal(pthread_barrier_init(&gate, NULL, THREADS), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_on, i % 4 == 0 ? &shared : NULL), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&gate);
    assert_int_equal(lost, 0);
    assert_int_equal(osb_load_in_flight(&shared, START), THREADS);
    assert_int_equal(osb_load_waiting(&shared, START), THREADS);
    assert_int_equal(shared_average(), ROUNDS / SLOWER);
}

/* ---- slow start and choice ----------------------------------------------------------------------
 */

static const struct share_row {
    const char *says;
    uint64_t up_ms;
    uint32_t slowstart_ms;
    int64_t percent;
} shares[] = {
    {"without a slow start all at once", 0, 0, 100},
    {"it begins with a tenth", 0, 60000, 10},
    {"a third of the way", 20000, 60000, 40},
    {"half of it", 30000, 60000, 55},
    {"all of it", 60000, 60000, 100},
    {"a day later", 86400000, 60000, 100},
};

static void a_slow_start_is_a_straight_line(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, shares)
    assert_int_equal(rounded(100 * osb_load_share(row->up_ms, row->slowstart_ms)), row->percent);
}

#define MOST_OFFERS 4

static const struct offer_row {
    const char *says;
    struct {
        double cost; /* 0 ends */
        int turn;
    } offers[MOST_OFFERS];
    int chosen;
} offers[] = {
    {"the only one", {{70, 9}}, 0},
    {"the cheapest, wherever it stands", {{300, 1}, {70, 9}, {200, 2}}, 1},
    {"the cheapest, though it was chosen last", {{70, 9}, {80, 1}}, 0},
    {"of two alike the one whose turn it is", {{70, 9}, {70, 8}}, 1},
    {"also if it stands first", {{70, 8}, {70, 9}}, 0},
    {"within an eighth is alike", {{70, 9}, {78, 8}}, 1},
    {"whichever is offered first", {{78, 8}, {70, 9}}, 0},
    {"of three", {{72, 5}, {70, 9}, {75, 3}}, 2},
    {"an eighth of an eighth is none", {{70, 9}, {78, 8}, {85, 7}}, 1},
    {"the least counts, though another is chosen", {{100, 5}, {110, 4}, {95, 9}}, 2},
    {"at first nobody was chosen ever", {{70, 0}, {70, 0}}, 0},
};

static void the_choice_is_the_least_cost_and_then_the_turn(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, offers)
    {
        struct osb_choice choice = {.made = false};
        int chosen = -1;

        for (int i = 0; i < MOST_OFFERS && row->offers[i].cost > 0; i++) {
            if (osb_choice_offer(&choice, row->offers[i].cost, row->offers[i].turn))
                chosen = i;
        }
        assert_int_equal(chosen, row->chosen);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_latency_is_a_moving_average_that_minds_peaks),
        cmocka_unit_test(many_quick_answers_pull_it_down_as_one_does),
        cmocka_unit_test(requests_under_way_are_counted_and_their_silence_too),
        cmocka_unit_test(a_thread_that_was_held_up_for_minutes_counts_for_nothing),
        cmocka_unit_test(the_time_of_an_upload_is_no_latency),
        cmocka_unit_test(only_the_beginning_of_an_answer_is_its_latency),
        cmocka_unit_test(nothing_is_lost_between_threads),
        cmocka_unit_test(a_slow_start_is_a_straight_line),
        cmocka_unit_test(the_choice_is_the_least_cost_and_then_the_turn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
