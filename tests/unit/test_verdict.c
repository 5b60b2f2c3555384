/* SPDX-License-Identifier: Apache-2.0 */
/* Findings in a row, and the states that they lead to. */
#include "unit.h"

#include "core/verdict.h"

/* A letter each. Among the states, a silent member is s while it starts and S when it hangs. Among
 * the findings, C is a connection that doesn't come about before the deadline. */
static const char findings[] = {
    [OSB_SEEN_HEALTHY] = 'G',      [OSB_SEEN_SILENT] = 'S',        [OSB_SEEN_STALLED] = 'T',
    [OSB_SEEN_NOT_DEPLOYED] = 'N', [OSB_SEEN_DATABASE_DOWN] = 'D', [OSB_SEEN_FAILING] = 'F',
    [OSB_SEEN_UNREACHABLE] = 'U',  [OSB_SEEN_FORBIDDEN] = 'X',     [OSB_SEEN_FOREIGN] = 'O'};
static const char states[] = {
    [OSB_STATE_UNVERIFIED] = '?',    [OSB_STATE_UP] = 'G',      [OSB_STATE_STARTING] = 's',
    [OSB_STATE_HUNG] = 'S',          [OSB_STATE_STALLED] = 'T', [OSB_STATE_NOT_DEPLOYED] = 'N',
    [OSB_STATE_DATABASE_DOWN] = 'D', [OSB_STATE_FAILING] = 'F', [OSB_STATE_UNREACHABLE] = 'U',
    [OSB_STATE_FORBIDDEN] = 'X',     [OSB_STATE_FOREIGN] = 'O'};

static const struct walk_row {
    const char *says;
    uint32_t rise, fall;
    const char *seen;    /* a finding each */
    const char *held;    /* the state after it */
    const char *changes; /* c where the next check should come fast */
} walks[] = {
    {"the first good finding decides at once", 2, 2, "G", "G", "."},
    {"the first bad finding decides at once", 2, 3, "U", "U", "."},
    {"each finding has its state", 1, 1, "GSTNDFUXOG", "GSTNDFUXOG", ".........."},
    {"each finding of a member that was never up has its state", 9, 9, "STNDFUXO", "sTNDFUXO",
     "........"},
    {"one bad finding takes no member out", 2, 2, "GFGFGFG", "GGGGGGG", ".c.c.c."},
    {"two bad findings in a row do", 2, 2, "GFF", "GGF", ".c."},
    {"bad findings of different kinds are in a row too", 2, 3, "GDFN", "GGGN", ".cc."},
    {"a good finding between begins the count anew", 2, 3, "GFFGFFGFFF", "GGGGGGGGGF",
     ".cc.cc.cc."},
    {"one good finding brings no member back", 2, 2, "UGUGU", "UUUUU", ".c.c."},
    {"two good findings in a row do", 2, 2, "UGG", "UUG", ".c."},
    {"a bad finding between begins the count anew", 3, 2, "UGGFGGG", "UUUFFFG", ".cc.cc."},
    {"with rise 1 one good finding is enough", 1, 2, "UG", "UG", ".."},
    {"with fall 1 one bad finding is enough", 2, 1, "GU", "GU", ".."},
    {"among bad states the name follows the latest finding", 2, 2, "UNDXOFT", "UNDXOFT", "......."},
    {"a good finding leaves the bad state its name", 3, 2, "NGDG", "NNDD", ".c.c"},

    {"a silent member that was never up starts", 2, 2, "SSS", "sss", "..."},
    {"a silent member that was up hangs", 2, 2, "GSS", "GGS", ".c."},
    {"a member that was refused before it was silent starts", 2, 2, "GUUS", "GGUs", ".c.."},
    {"so does one that was refused but once", 2, 2, "GUS", "GGs", ".c."},
    {"a member that was up and failed before it was silent hangs", 2, 2, "GFFS", "GGFS", ".c.."},
    {"one good answer ends the start, even if it brings no member back", 2, 2, "USGS", "UssS",
     "..c."},
    {"a hung member whose backlog is full hangs on", 2, 2, "GSSCC", "GGSSS", ".c..."},
    {"and so does a start go on", 2, 2, "USCS", "Usss", "...."},
    {"a member that was up and gives no connection any more is unreachable", 2, 2, "GCC", "GGU",
     ".c."},
    {"it hangs if it is silent next, since nobody saw it gone", 2, 2, "GCCS", "GGUS", ".c.."},
    {"a restart from end to end", 2, 2, "GUUSSSNGG", "GGUsssNNG", ".c.....c."},
    {"a hang that ends by itself", 2, 2, "GSSSGG", "GGSSSG", ".c..c."},
    {"a hung member that is killed and started", 2, 2, "GSSUSSGG", "GGSUsssG", ".c....c."},
};

static struct osb_finding finding_of(char letter)
{
    bool timed_out = letter == 'C';
    const char *place = memchr(findings, timed_out ? 'U' : letter, sizeof findings);

    assert_non_null(place);
    return (struct osb_finding){.seen = (enum osb_seen)(place - findings),
                                .rung = timed_out ? OSB_ASK_CONNECT : OSB_ASK_DATABASE,
                                .outcome = timed_out ? OSB_SILENT : OSB_REFUSED};
}

static enum osb_state state_of(char letter)
{
    const char *place = memchr(states, letter, sizeof states);

    assert_non_null(place);
    return (enum osb_state)(place - states);
}

/* How many findings up to and with the one AT are good like it, or bad like it. */
static uint32_t streak_at(const char *seen, size_t at)
{
    uint32_t streak = 1;

    while (streak <= at && (seen[at - streak] == 'G') == (seen[at] == 'G'))
        streak++;
    return streak;
}

static void walk_one_row(const struct walk_row *row)
{
    const struct osb_health policy = {.rise = row->rise, .fall = row->fall};
    struct osb_verdict verdict = osb_verdict_new();
    uint64_t now = 1000, since = 0;

    assert_int_equal(strlen(row->seen), strlen(row->held));
    assert_int_equal(strlen(row->seen), strlen(row->changes));
    for (size_t at = 0; row->seen[at] != '\0'; at++, now += 700) {
        const struct osb_finding finding = finding_of(row->seen[at]);
        enum osb_state before = verdict.state;
        struct osb_transition transition = osb_verdict_step(&policy, &verdict, &finding, now);

        assert_int_equal(states[verdict.state], row->held[at]);
        assert_int_equal(verdict.streak, streak_at(row->seen, at));
        assert_int_equal(verdict.good, row->seen[at] == 'G');
        assert_int_equal(osb_verdict_is_changing(&verdict), row->changes[at] == 'c');
        assert_int_equal(transition.from, before);
        assert_int_equal(transition.to, state_of(row->held[at]));
        assert_int_equal(transition.happened, before != verdict.state);
        if (transition.happened) {
            assert_int_equal(transition.lasted, before == OSB_STATE_UNVERIFIED ? 0 : now - since);
            since = now;
        }
        assert_int_equal(verdict.since, since);
    }
}

static void findings_in_a_row_lead_to_states(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, walks)
    walk_one_row(row);
}

static void every_state_is_reached_by_some_row(void **state)
{
    (void)state;
    for (size_t i = OSB_STATE_UP; i < OSB_STATES; i++) {
        bool reached = false;

        for (size_t row = 0; row < sizeof walks / sizeof *walks; row++)
            reached |= strchr(walks[row].held, states[i]) != NULL;
        assert_true(reached);
    }
}

static void a_new_verdict_knows_nothing_and_changes_nothing(void **state)
{
    struct osb_verdict verdict = osb_verdict_new();

    (void)state;
    assert_int_equal(verdict.state, OSB_STATE_UNVERIFIED);
    assert_int_equal(verdict.since, 0);
    assert_int_equal(verdict.streak, 0);
    assert_false(osb_verdict_is_changing(&verdict));
}

static void a_clock_that_was_set_back_makes_no_age_of_centuries(void **state)
{
    const struct osb_health policy = {.rise = 1, .fall = 1};
    const struct osb_finding good = {.seen = OSB_SEEN_HEALTHY}, bad = {.seen = OSB_SEEN_FAILING};
    struct osb_verdict verdict = osb_verdict_new();
    struct osb_transition transition;

    (void)state;
    osb_verdict_step(&policy, &verdict, &good, 5000);
    transition = osb_verdict_step(&policy, &verdict, &bad, 4000);
    assert_true(transition.happened);
    assert_int_equal(transition.lasted, 0);
}

static void a_streak_stays_at_its_greatest(void **state)
{
    const struct osb_health policy = {.rise = 2, .fall = 2};
    const struct osb_finding good = {.seen = OSB_SEEN_HEALTHY};
    struct osb_verdict verdict = {.state = OSB_STATE_UP, .streak = UINT32_MAX, .good = true};

    (void)state;
    osb_verdict_step(&policy, &verdict, &good, 1);
    assert_int_equal(verdict.streak, UINT32_MAX);
    assert_int_equal(verdict.state, OSB_STATE_UP);
}

static const struct restored_row {
    const char *says;
    char from;        /* the state in the file */
    const char *seen; /* a finding each */
    const char *held; /* the state after it */
} restorations[] = {
    {"what was down and answers is up at once", 'U', "G", "G"},
    {"so is what was never deployed", 'N', "G", "G"},
    {"what was up and is bad is out at once", 'G', "F", "F"},
    {"what was up and answers stays up", 'G', "G", "G"},
    {"after that it takes fall to go", 'G', "GFF", "GGF"},
    {"and rise to come back", 'U', "UGG", "UUG"},
    {"one that decided at once is held to that", 'U', "GFGFF", "GGGGF"},
    {"what was up and is silent hangs", 'G', "S", "S"},
    {"what was starting and is silent starts on", 's', "S", "s"},
    {"what was never checked is as before", '?', "G", "G"},
};

/* As a file has it: with a streak of the past, which doesn't count for the first finding. */
static struct osb_verdict restore(char state)
{
    return (struct osb_verdict){.state = state_of(state),
                                .since = state == '?' ? 0 : 500,
                                .streak = state == '?' ? 0 : 9,
                                .good = state == 'G',
                                .booting = state == 's' || state == '?',
                                .restored = true};
}

static void the_first_finding_after_a_stop_of_the_server_decides_at_once(void **state)
{
    const struct osb_health policy = {.rise = 2, .fall = 2};

    (void)state;
    FOR_EACH_ROW(row, restorations)
    {
        struct osb_verdict verdict = restore(row->from);

        for (size_t at = 0; row->seen[at] != '\0'; at++) {
            const struct osb_finding finding = finding_of(row->seen[at]);
            enum osb_state before = verdict.state;
            struct osb_transition transition =
                osb_verdict_step(&policy, &verdict, &finding, 1000 + at);

            assert_int_equal(states[verdict.state], row->held[at]);
            assert_false(verdict.restored);
            assert_int_equal(transition.happened, before != verdict.state);
            if (at == 0 && transition.happened)
                assert_int_equal(transition.lasted, row->from == '?' ? 0 : 500);
        }
    }
}

static const struct pause_row {
    const char *says;
    struct osb_verdict verdict;
    uint32_t chance, pause;
} pauses[] = {
    {"a steady member waits for the interval",
     {.state = OSB_STATE_UP, .streak = 5, .good = true},
     0,
     2000},
    {"at most a twentieth is taken off",
     {.state = OSB_STATE_UP, .streak = 5, .good = true},
     UINT32_MAX,
     1901},
    {"half the chance takes half of that",
     {.state = OSB_STATE_UP, .streak = 5, .good = true},
     1U << 31,
     1950},
    {"a steady bad member waits for down", {.state = OSB_STATE_HUNG, .streak = 5}, 0, 10000},
    {"less a twentieth of that", {.state = OSB_STATE_HUNG, .streak = 5}, UINT32_MAX, 9501},
    {"a member that was never checked isn't out", {.state = OSB_STATE_UNVERIFIED}, 0, 2000},
    {"a verdict that changes is looked at fast", {.state = OSB_STATE_UP, .streak = 1}, 0, 500},
    {"and so is a way back", {.state = OSB_STATE_HUNG, .streak = 1, .good = true}, 0, 500},
    {"less a twentieth of that as well",
     {.state = OSB_STATE_HUNG, .streak = 1, .good = true},
     UINT32_MAX,
     476},
};

static void the_pause_is_interval_fast_or_down_less_up_to_a_twentieth(void **state)
{
    const struct osb_health policy = {
        .interval_ms = 2000, .fast_ms = 500, .down_ms = 10000, .rise = 2, .fall = 2};

    (void)state;
    FOR_EACH_ROW(row, pauses)
    assert_int_equal(osb_verdict_pause(&policy, &row->verdict, row->chance), row->pause);
}

static void every_bad_state_waits_for_down(void **state)
{
    const struct osb_health policy = {.interval_ms = 2000, .fast_ms = 500, .down_ms = 7000};

    (void)state;
    for (unsigned i = 0; i < OSB_STATES; i++) {
        const struct osb_verdict verdict = {
            .state = (enum osb_state)i, .streak = i > 0, .good = i == OSB_STATE_UP};

        assert_int_equal(osb_verdict_pause(&policy, &verdict, 0),
                         i == OSB_STATE_UP || i == OSB_STATE_UNVERIFIED ? 2000 : 7000);
    }
}

static const struct first_pause_row {
    const char *says;
    struct osb_verdict verdict;
    unsigned index, count;
    uint32_t chance, pause;
} first_pauses[] = {
    {"one alone waits for the interval",
     {.state = OSB_STATE_UP, .streak = 1, .good = true},
     0,
     1,
     UINT32_MAX,
     2000},
    {"the first of four", {.state = OSB_STATE_UP, .streak = 1, .good = true}, 0, 4, 0, 500},
    {"the last of four", {.state = OSB_STATE_UP, .streak = 1, .good = true}, 3, 4, 0, 2000},
    {"one that is out has its share of down",
     {.state = OSB_STATE_HUNG, .streak = 1},
     1,
     4,
     0,
     5000},
    {"one that was never checked", {.state = OSB_STATE_UNVERIFIED}, 1, 4, 0, 1000},
    {"the first of more than there are milliseconds",
     {.state = OSB_STATE_UP, .streak = 1, .good = true},
     0,
     10000,
     0,
     1},
    {"the last of very many",
     {.state = OSB_STATE_UP, .streak = 1, .good = true},
     UINT32_MAX - 1,
     UINT32_MAX,
     0,
     2000},
    {"one whose verdict changes isn't held back",
     {.state = OSB_STATE_UP, .streak = 1},
     3,
     4,
     0,
     500},
    {"nor pushed", {.state = OSB_STATE_UP, .streak = 1}, 0, 10000, UINT32_MAX, 476},
};

static void the_first_pause_is_a_share(void **state)
{
    const struct osb_health policy = {.interval_ms = 2000, .fast_ms = 500, .down_ms = 10000};

    (void)state;
    FOR_EACH_ROW(row, first_pauses)
    assert_int_equal(
        osb_verdict_first_pause(&policy, &row->verdict, row->index, row->count, row->chance),
        row->pause);
}

/* Any 32 bits, the same ones in every run: the upper half of a linear congruence. */
static uint32_t next_chance(void)
{
    static uint64_t seed = 20;

    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 32);
}

#define CROWD 1000

static void the_first_pauses_cover_the_interval_evenly(void **state)
{
    const struct osb_health policy = {.interval_ms = 2000, .fast_ms = 500, .down_ms = 2000};
    const struct osb_verdict verdict = {.state = OSB_STATE_UP, .streak = 1, .good = true};
    uint32_t last = 0;

    (void)state;
    for (unsigned i = 0; i < CROWD; i++) {
        uint32_t pause = osb_verdict_first_pause(&policy, &verdict, i, CROWD, next_chance());

        assert_in_range(pause - last, 1, policy.interval_ms / CROWD + 1);
        last = pause;
    }
    assert_int_equal(last, policy.interval_ms);
}

/* Evenly would be a tenth of the crowd in each tenth of the interval. */
static void a_hundred_rounds_later_they_are_still_spread(void **state)
{
    const struct osb_health policy = {.interval_ms = 2000, .fast_ms = 500, .down_ms = 2000};
    const struct osb_verdict verdict = {.state = OSB_STATE_UP, .streak = 1, .good = true};
    unsigned tenths[10] = {0};

    (void)state;
    for (unsigned i = 0; i < CROWD; i++) {
        uint64_t due = osb_verdict_first_pause(&policy, &verdict, i, CROWD, next_chance());

        for (unsigned round = 0; round < 100; round++)
            due += osb_verdict_pause(&policy, &verdict, next_chance());
        tenths[due % policy.interval_ms * 10 / policy.interval_ms]++;
    }
    for (unsigned i = 0; i < 10; i++)
        assert_in_range(tenths[i], CROWD / 10 / 2, CROWD / 10 * 2);
}

static const struct late_row {
    const char *says;
    uint32_t interval;
    uint64_t due, now;
    bool late;
} lates[] = {
    {"on time", 2000, 5000, 5000, false},
    {"early", 2000, 5000, 4000, false},
    {"a tenth of the interval late is in time", 2000, 5000, 5200, false},
    {"more isn't", 2000, 5000, 5201, true},
    {"an interval", 100, 5000, 5100, true},
    {"the shortest interval has its tenth too", 100, 5000, 5010, false},
    {"and no more", 100, 5000, 5011, true},
    {"the longest interval", 3600000, 5000, 365000, false},
    {"a time beyond 32 bits", 2000, UINT64_C(1) << 40, (UINT64_C(1) << 40) + 201, true},
};

static void a_check_is_late_by_more_than_a_tenth_of_the_interval(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, lates)
    {
        const struct osb_health policy = {.interval_ms = row->interval, .down_ms = 1};

        assert_int_equal(osb_check_is_late(&policy, row->due, row->now), row->late);
    }
}

static void the_longest_interval_wraps_around_nowhere(void **state)
{
    const struct osb_health policy = {.interval_ms = UINT32_MAX};
    const struct osb_verdict verdict = osb_verdict_new();

    (void)state;
    assert_in_range(osb_verdict_pause(&policy, &verdict, UINT32_MAX), UINT32_MAX / 20 * 19,
                    UINT32_MAX / 20 * 19 + 20);
    assert_int_equal(osb_verdict_pause(&policy, &verdict, 0), UINT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_in_a_row_lead_to_states),
        cmocka_unit_test(every_state_is_reached_by_some_row),
        cmocka_unit_test(a_new_verdict_knows_nothing_and_changes_nothing),
        cmocka_unit_test(a_clock_that_was_set_back_makes_no_age_of_centuries),
        cmocka_unit_test(a_streak_stays_at_its_greatest),
        cmocka_unit_test(the_first_finding_after_a_stop_of_the_server_decides_at_once),
        cmocka_unit_test(the_pause_is_interval_fast_or_down_less_up_to_a_twentieth),
        cmocka_unit_test(every_bad_state_waits_for_down),
        cmocka_unit_test(the_first_pause_is_a_share),
        cmocka_unit_test(the_first_pauses_cover_the_interval_evenly),
        cmocka_unit_test(a_hundred_rounds_later_they_are_still_spread),
        cmocka_unit_test(a_check_is_late_by_more_than_a_tenth_of_the_interval),
        cmocka_unit_test(the_longest_interval_wraps_around_nowhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
