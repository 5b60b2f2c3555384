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

static const struct pause_row {
    const char *says;
    struct osb_verdict verdict;
    uint32_t chance, pause;
} pauses[] = {
    {"a steady member waits for the interval", {OSB_STATE_UP, 1, 5, true, false}, 0, 2000},
    {"at most a tenth is taken off", {OSB_STATE_UP, 1, 5, true, false}, UINT32_MAX, 1801},
    {"half the chance takes half of that", {OSB_STATE_UP, 1, 5, true, false}, 1U << 31, 1900},
    {"a steady bad member waits as long", {OSB_STATE_HUNG, 1, 5, false, false}, 0, 2000},
    {"a member that was never checked too", {OSB_STATE_UNVERIFIED, 0, 0, false, true}, 0, 2000},
    {"a verdict that changes is looked at fast", {OSB_STATE_UP, 1, 1, false, false}, 0, 500},
    {"and so is a way back", {OSB_STATE_HUNG, 1, 1, true, false}, 0, 500},
    {"less a tenth of that", {OSB_STATE_HUNG, 1, 1, true, false}, UINT32_MAX, 451},
};

static void the_pause_is_interval_or_fast_less_up_to_a_tenth(void **state)
{
    const struct osb_health policy = {.interval_ms = 2000, .fast_ms = 500, .rise = 2, .fall = 2};

    (void)state;
    FOR_EACH_ROW(row, pauses)
    assert_int_equal(osb_verdict_pause(&policy, &row->verdict, row->chance), row->pause);
}

static void the_longest_interval_wraps_around_nowhere(void **state)
{
    const struct osb_health policy = {.interval_ms = UINT32_MAX};
    const struct osb_verdict verdict = osb_verdict_new();

    (void)state;
    assert_in_range(osb_verdict_pause(&policy, &verdict, UINT32_MAX), UINT32_MAX / 10 * 9,
                    UINT32_MAX / 10 * 9 + 10);
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
        cmocka_unit_test(the_pause_is_interval_or_fast_less_up_to_a_tenth),
        cmocka_unit_test(the_longest_interval_wraps_around_nowhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
