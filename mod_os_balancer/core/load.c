/* SPDX-License-Identifier: Apache-2.0 */
#include "load.h"

#define MINUTE_MS 60000

/* Of a word of struct osb_load's average. */
#define UNIT 65536.0

/* Of a word of its minutes. */
#define WAITING     UINT64_C(1)
#define IN_FLIGHT   (UINT64_C(1) << 20)
#define COUNT_MASK  UINT32_C(0xfffff)
#define MINUTE_MASK UINT32_C(0xffffff)

#define TIE (1.0 + 1.0 / 8)

/* e^(-1 / OSB_LOAD_FADE_MS) */
#define SHARE_LEFT_AFTER_1_MS 0.99990000499983333

struct average {
    uint32_t stamp; /* ms, wraps around */
    double ms;
};

static struct average read_average(uint64_t word)
{
    return (struct average){.stamp = (uint32_t)(word >> 32), .ms = (uint32_t)word / UNIT};
}

static uint64_t average_word(struct average average)
{
    return (uint64_t)average.stamp << 32 | (uint32_t)(average.ms * UNIT);
}

static double least_of(double a, double b)
{
    return a < b ? a : b;
}

static double greatest_of(double a, double b)
{
    return a > b ? a : b;
}

/* A time before the stamp is another child's, which looked at the clock a little earlier. */
static uint32_t age_of(uint32_t stamp, uint64_t now)
{
    uint32_t age = (uint32_t)now - stamp;

    return age <= INT32_MAX ? age : 0;
}

/* e^(-ms / OSB_LOAD_FADE_MS), by squaring. */
static double share_left(uint32_t ms)
{
    double share = 1, power = SHARE_LEFT_AFTER_1_MS;

    for (; ms > 0; ms /= 2, power *= power) {
        if (ms % 2 == 1)
            share *= power;
    }
    return share;
}

static double faded(struct average average, uint64_t now)
{
    return greatest_of(OSB_LOAD_LEAST_MS, average.ms * share_left(age_of(average.stamp, now)));
}

/* The average after an answer that took MS. What comes late, with an older time, changes the stamp
 * no more than what comes in time. */
static struct average take_latency(struct average average, double ms, uint64_t now)
{
    uint32_t age = age_of(average.stamp, now);

    if (ms < average.ms)
        ms += (average.ms - ms) * share_left(age);
    return (struct average){.stamp = average.stamp + age, .ms = ms};
}

static void record(struct osb_load *load, uint64_t took, bool failed, uint64_t now)
{
    uint64_t word = atomic_load_explicit(&load->average, memory_order_relaxed), next;

    do {
        struct average average = read_average(word);
        double ms = (double)took;

        if (word == 0)
            average.stamp = (uint32_t)now;
        if (failed)
            ms = greatest_of(ms, 2 * faded(average, now));
        next = average_word(take_latency(average, least_of(ms, OSB_LOAD_MOST_MS), now));
    } while (!atomic_compare_exchange_weak_explicit(&load->average, &word, next,
                                                    memory_order_relaxed, memory_order_relaxed));
}

static uint32_t minute_of(uint64_t ms)
{
    return (uint32_t)(ms / MINUTE_MS) & MINUTE_MASK;
}

static uint32_t minute_in(uint64_t word)
{
    return (uint32_t)(word >> 40);
}

static _Atomic uint64_t *minute_word(struct osb_load *load, uint32_t minute)
{
    return &load->minutes[minute % 2];
}

/* Counts a request that begins. The minute before the last makes room; one that has passed already,
 * since this thread was held up, isn't counted, nor is its end then. */
static void count(struct osb_load *load, uint32_t minute)
{
    _Atomic uint64_t *place = minute_word(load, minute);
    uint64_t word = atomic_load_explicit(place, memory_order_relaxed), next;

    do {
        uint32_t ahead = (minute_in(word) - minute) & MINUTE_MASK;

        if (ahead > 0 && ahead <= MINUTE_MASK / 2)
            return;
        next = (ahead == 0 ? word : (uint64_t)minute << 40) + IN_FLIGHT + WAITING;
    } while (!atomic_compare_exchange_weak_explicit(place, &word, next, memory_order_relaxed,
                                                    memory_order_relaxed));
}

/* Takes back what was counted of a request that began in MINUTE, unless that is forgotten. */
static void discount(struct osb_load *load, uint32_t minute, uint64_t counts)
{
    _Atomic uint64_t *place = minute_word(load, minute);
    uint64_t word = atomic_load_explicit(place, memory_order_relaxed);

    while (minute_in(word) == minute &&
           !atomic_compare_exchange_weak_explicit(place, &word, word - counts, memory_order_relaxed,
                                                  memory_order_relaxed))
        ;
}

/* The counts of this minute and the one before, added up in the manner of one word. */
static uint64_t counts_of(const struct osb_load *load, uint64_t now)
{
    uint64_t sum = 0;

    for (int i = 0; i < 2; i++) {
        uint64_t word = atomic_load_explicit(&load->minutes[i], memory_order_relaxed);

        if (((minute_of(now) - minute_in(word)) & MINUTE_MASK) <= 1)
            sum += word & (UINT64_MAX >> 24);
    }
    return sum;
}

uint32_t osb_load_in_flight(const struct osb_load *load, uint64_t now)
{
    return (uint32_t)(counts_of(load, now) / IN_FLIGHT);
}

uint32_t osb_load_waiting(const struct osb_load *load, uint64_t now)
{
    return (uint32_t)counts_of(load, now) & COUNT_MASK;
}

static uint64_t silence_of(const struct osb_load *load, uint64_t now)
{
    uint64_t sign = atomic_load_explicit(&load->sign, memory_order_relaxed);

    return now > sign ? now - sign : 0;
}

static void give_sign(struct osb_load *load, uint64_t now)
{
    atomic_store_explicit(&load->sign, now, memory_order_relaxed);
}

void osb_load_begin(struct osb_load *load, struct osb_attempt *attempt, uint64_t now)
{
    *attempt = (struct osb_attempt){.begun = now};
    if (osb_load_waiting(load, now) == 0 || silence_of(load, now) > OSB_LOAD_SILENCE_MS)
        give_sign(load, now);
    count(load, minute_of(now));
}

void osb_load_answer(struct osb_load *load, struct osb_attempt *attempt, uint64_t now)
{
    if (attempt->answered != 0)
        return;
    attempt->answered = now;
    discount(load, minute_of(attempt->begun), WAITING);
    give_sign(load, now);
}

void osb_load_end(struct osb_load *load, const struct osb_attempt *attempt,
                  enum osb_attempt_result result, uint64_t now)
{
    bool answered = attempt->answered != 0;
    uint64_t until = answered ? attempt->answered : now;
    uint64_t took = until - attempt->begun;

    discount(load, minute_of(attempt->begun), IN_FLIGHT + (answered ? 0 : WAITING));
    if (!answered)
        give_sign(load, now);
    if (result != OSB_ATTEMPT_UNKNOWN)
        record(load, took > attempt->upload ? took - attempt->upload : 0,
               result == OSB_ATTEMPT_FAILED, now);
}

double osb_load_wait(const struct osb_load *load, uint64_t now)
{
    uint64_t word = atomic_load_explicit(&load->average, memory_order_relaxed);
    uint64_t silence = silence_of(load, now);
    double latency = faded(read_average(word), now);

    if (osb_load_waiting(load, now) > 0 && silence <= OSB_LOAD_SILENCE_MS)
        latency = greatest_of(latency, (double)silence);
    return latency * (osb_load_in_flight(load, now) + 1.0);
}

double osb_load_share(uint64_t up_ms, uint32_t slowstart_ms)
{
    if (up_ms >= slowstart_ms)
        return 1;
    return 0.1 + 0.9 * (double)up_ms / slowstart_ms;
}

bool osb_choice_offer(struct osb_choice *choice, double cost, int turn)
{
    bool ties, best_ties;

    if (!choice->made) {
        *choice = (struct osb_choice){.made = true, .cost = cost, .least = cost, .turn = turn};
        return true;
    }
    choice->least = least_of(choice->least, cost);
    ties = cost <= TIE * choice->least;
    best_ties = choice->cost <= TIE * choice->least;
    if (!ties || (best_ties && turn >= choice->turn))
        return false;
    choice->cost = cost;
    choice->turn = turn;
    return true;
}
