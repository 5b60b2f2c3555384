/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How requests split among members when os_least_time deals them out, simulated with a fixed seed.
 * Users ask one request after the other by one of httpd's children each. A child looks at the
 * shared state, and what comes of the look is written up to LAG_MS later, as when its thread is
 * held up in between; ends of requests are told late in the same way, and so out of order.
 */
#include "unit.h"

#include "core/load.h"

#define MEMBERS  4
#define CHILDREN 32
#define LAG_MS   20
#define PAUSE_MS 10 /* between a user's requests, on average */
#define START    UINT64_C(1000000)
#define NEVER    UINT64_MAX

struct member {
    struct osb_load load;
    uint32_t latency_ms; /* on average; 0: it answers nobody */
    bool failing;        /* it fails in a ms */
    uint32_t slowstart_ms;
    uint64_t up; /* when it came up */
    int turn;
    unsigned chosen; /* how often, since forget() */
};

/* What a child does next. */
enum step { LOOK, BEGIN, ANSWER, TELL };

struct child {
    enum step step;
    uint64_t at; /* when; NEVER: it waits for a member that hangs */
    struct member *member;
    struct osb_attempt attempt;
    enum osb_attempt_result result;
};

struct world {
    uint64_t now;
    uint32_t chance;
    uint32_t lag_ms;
    int turns;
    unsigned member_count, child_count;
    struct member members[MEMBERS];
    struct child children[CHILDREN];
};

/* Below LIMIT. */
static uint32_t pick(struct world *world, uint32_t limit)
{
    world->chance ^= world->chance << 13;
    world->chance ^= world->chance >> 17;
    world->chance ^= world->chance << 5;
    return (uint32_t)((uint64_t)world->chance * limit >> 32);
}

/* From a half of MS to three halves. */
static uint32_t vary(struct world *world, uint32_t ms)
{
    return ms / 2 + pick(world, ms + 1);
}

static uint32_t lag(struct world *world)
{
    return world->lag_ms > 0 ? pick(world, world->lag_ms + 1) : 0;
}

static struct member *choose(struct world *world)
{
    struct osb_choice choice = {.made = false};
    struct member *chosen = NULL;

    for (unsigned i = 0; i < world->member_count; i++) {
        struct member *member = &world->members[i];
        double share = osb_load_share(world->now - member->up, member->slowstart_ms);

        if (osb_choice_offer(&choice, osb_load_wait(&member->load, world->now) / share,
                             member->turn))
            chosen = member;
    }
    chosen->turn = ++world->turns;
    chosen->chosen++;
    return chosen;
}

static void look(struct world *world, struct child *child)
{
    child->member = choose(world);
    child->step = BEGIN;
    child->at += lag(world);
}

static void begin(struct world *world, struct child *child)
{
    struct member *member = child->member;

    osb_load_begin(&member->load, &child->attempt, world->now);
    child->result = member->failing ? OSB_ATTEMPT_FAILED : OSB_ATTEMPT_ANSWERED;
    child->step = ANSWER;
    if (member->latency_ms == 0)
        child->at = NEVER;
    else
        child->at += member->failing ? 1 : vary(world, member->latency_ms);
}

/* The answer is there, and in a while the child is, too. */
static void answer(struct world *world, struct child *child)
{
    child->attempt.answered = world->now;
    child->step = TELL;
    child->at += lag(world);
}

static void tell(struct world *world, struct child *child)
{
    uint64_t answered = child->attempt.answered;

    child->attempt.answered = 0;
    osb_load_answer(&child->member->load, &child->attempt, answered);
    osb_load_end(&child->member->load, &child->attempt, child->result, answered);
    child->step = LOOK;
    child->at += vary(world, PAUSE_MS);
}

static struct child *next_child(struct world *world)
{
    struct child *next = &world->children[0];

    for (unsigned i = 1; i < world->child_count; i++)
        next = world->children[i].at < next->at ? &world->children[i] : next;
    return next;
}

static void run(struct world *world, uint64_t ms)
{
    static void (*const steps[])(struct world *, struct child *) = {
        [LOOK] = look, [BEGIN] = begin, [ANSWER] = answer, [TELL] = tell};
    uint64_t end = world->now + ms;

    for (struct child *child; child = next_child(world), child->at < end;) {
        world->now = child->at;
        steps[child->step](world, child);
    }
    world->now = end;
}

static void forget(struct world *world)
{
    for (unsigned i = 0; i < world->member_count; i++)
        world->members[i].chosen = 0;
}

/* Permille of all choices that fell on member NUMBER, since forget(). */
static unsigned share_of(const struct world *world, unsigned number)
{
    unsigned all = 0;

    for (unsigned i = 0; i < world->member_count; i++)
        all += world->members[i].chosen;
    print_message("             member %u has %u of %u\n", number, world->members[number].chosen,
                  all);
    return all > 0 ? 1000 * world->members[number].chosen / all : 0;
}

static void set_world(struct world *world, unsigned children, uint32_t lag_ms,
                      const uint32_t *latencies, unsigned members)
{
    *world = (struct world){.now = START,
                            .chance = 20261123,
                            .lag_ms = lag_ms,
                            .member_count = members,
                            .child_count = children};
    for (unsigned i = 0; i < members; i++)
        world->members[i].latency_ms = latencies[i];
    for (unsigned i = 0; i < children; i++)
        world->children[i].at = START + pick(world, PAUSE_MS);
}

/* ---- in a steady state --------------------------------------------------------------------------
 */

static const struct split_row {
    const char *says;
    unsigned children;
    uint32_t lag_ms;
    uint32_t latencies[MEMBERS];
    struct {
        unsigned least, most; /* permille */
    } shares[MEMBERS];
} splits[] = {
    {"once, twice and ten times the latency, one user",
     1,
     0,
     {50, 100, 500},
     {{950, 995}, {5, 40}, {1, 10}}},
    {"eight users", 8, 0, {50, 100, 500}, {{700, 850}, {140, 290}, {1, 20}}},
    {"32 users", 32, 0, {50, 100, 500}, {{700, 830}, {170, 280}, {3, 20}}},
    {"32 users, told late", 32, LAG_MS, {50, 100, 500}, {{700, 830}, {170, 280}, {3, 20}}},
    {"four alike, one user",
     1,
     0,
     {50, 50, 50, 50},
     {{220, 280}, {220, 280}, {220, 280}, {220, 280}}},
    {"four alike, 32 users",
     32,
     0,
     {50, 50, 50, 50},
     {{240, 260}, {240, 260}, {240, 260}, {240, 260}}},
    {"four alike, 32 users, told late",
     32,
     LAG_MS,
     {50, 50, 50, 50},
     {{240, 260}, {240, 260}, {240, 260}, {240, 260}}},
    {"four that answer at once, in turn",
     1,
     0,
     {2, 2, 2, 2},
     {{249, 251}, {249, 251}, {249, 251}, {249, 251}}},
};

static unsigned count_members(const uint32_t *latencies)
{
    unsigned count = 0;

    while (count < MEMBERS && latencies[count] > 0)
        count++;
    return count;
}

static void requests_split_by_latency(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, splits)
    {
        unsigned members = count_members(row->latencies);
        struct world world;

        set_world(&world, row->children, row->lag_ms, row->latencies, members);
        run(&world, 20000);
        forget(&world);
        run(&world, 60000);
        for (unsigned i = 0; i < members; i++)
            assert_in_range(share_of(&world, i), row->shares[i].least, row->shares[i].most);
    }
}

/* ---- when something changes ---------------------------------------------------------------------
 */

static const uint32_t alike[MEMBERS] = {50, 50, 50, 50};

static void set_three_alike(struct world *world)
{
    set_world(world, CHILDREN, LAG_MS, alike, 3);
    run(world, 20000);
    forget(world);
}

/* What is said of ten seconds each: a user alone meets the member less often while it is slow, so
 * it takes longer until it is known that it isn't any more. */
static const struct recovery_row {
    const char *says;
    unsigned children;
    struct {
        unsigned least, most; /* permille, of a member that recovered among two others */
    } shares[4];
} recoveries[] = {
    {"one user", 1, {{2, 150}, {120, 300}, {200, 320}, {290, 370}}},
    {"eight users", 8, {{50, 200}, {180, 300}, {290, 350}, {300, 360}}},
    {"32 users", CHILDREN, {{60, 180}, {140, 260}, {220, 330}, {270, 355}}},
};

static void after_a_recovery_a_member_has_its_share_again(void **state)
{
    const uint32_t latencies[] = {50, 50, 500};

    (void)state;
    FOR_EACH_ROW(row, recoveries)
    {
        struct world world;

        set_world(&world, row->children, LAG_MS, latencies, 3);
        run(&world, 60000);
        world.members[2].latency_ms = 50;
        for (int i = 0; i < 4; i++) {
            forget(&world);
            run(&world, 10000);
            assert_in_range(share_of(&world, 2), row->shares[i].least, row->shares[i].most);
        }
    }
}

/* 32 users make 500 requests a second here. */
static void a_member_that_hangs_loses_its_users_within_a_few_requests(void **state)
{
    struct world world;

    (void)state;
    set_three_alike(&world);
    world.members[1].latency_ms = 0;
    run(&world, 10000);
    assert_in_range(world.members[1].chosen, 1, 15);
    forget(&world);
    run(&world, 10000);
    assert_in_range(world.members[1].chosen, 1, 10);
}

static void a_member_that_fails_at_once_attracts_nobody(void **state)
{
    struct world world;

    (void)state;
    set_three_alike(&world);
    world.members[1].failing = true;
    run(&world, 10000);
    assert_in_range(world.members[1].chosen, 1, 12);
}

/* Cost is shared out, so of the requests it has a tenth of the others' at first, and grows. */
static void a_slow_start_grows_to_a_whole_share(void **state)
{
    static const struct {
        unsigned least, most;
    } shares[] = {{80, 150},  {140, 200}, {190, 240}, {225, 275},
                  {255, 310}, {290, 340}, {310, 355}};
    struct world world;

    (void)state;
    set_three_alike(&world);
    world.members[1].slowstart_ms = 60000;
    world.members[1].up = world.now;
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        forget(&world);
        run(&world, 10000);
        assert_in_range(share_of(&world, 1), shares[i].least, shares[i].most);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_split_by_latency),
        cmocka_unit_test(after_a_recovery_a_member_has_its_share_again),
        cmocka_unit_test(a_member_that_hangs_loses_its_users_within_a_few_requests),
        cmocka_unit_test(a_member_that_fails_at_once_attracts_nobody),
        cmocka_unit_test(a_slow_start_grows_to_a_whole_share),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
