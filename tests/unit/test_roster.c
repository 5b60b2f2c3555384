/* SPDX-License-Identifier: Apache-2.0 */
/* Which members of a balancer take users, and what holds for the balancer as a whole. */
#include "unit.h"

#include "core/roster.h"

#include <stdlib.h>

#define MOST 6

/*
 * Members, a blank between two of them: a minus if an operator took it out; a letter for the state,
 * + up, ? unverified, D database-down, T stalled, others that never serve; for its build a small
 * letter, or none if it isn't known; a digit for how long ago the state began, 0 if none.
 */
static const struct roster_row {
    const char *says;
    const char *members;
    const char *serves; /* y or n for each */
    bool shared_cause;
} rosters[] = {
    {"an empty balancer is decided", "", "", false},
    {"all that are up serve", "+ + +", "yyy", false},
    {"what is up serves, what isn't doesn't", "+ U H S +", "ynnny", false},
    {"beside an up member nobody else serves", "+ ? D T F", "ynnnn", false},
    {"before the first check everybody serves", "? ? ?", "yyy", false},
    {"while nobody is up, the unverified serve", "? U N F H", "ynnnn", false},
    {"a database that is down for every node takes no node out", "D D", "yy", true},
    {"a database that stalls for every node takes no node out", "T T D", "yyy", true},
    {"so it is with one node alone", "D", "y", true},
    {"nodes that are gone stay out beside nodes without a database", "D U T N", "ynyn", true},
    {"one that is healthy again sends the others out", "D + D", "nyn", false},
    {"so does one that just stalls beside it", "+ T", "yn", false},
    {"of an unverified node nobody knows whether it has the database", "D ? T", "yyy", false},
    {"one that an operator took out is nobody's hope", "D -? T", "yyy", true},
    {"an up member that an operator took out doesn't count, but it has the database", "-+ D", "yy",
     false},
    {"one that is offered counts", "-+ + D", "yyn", false},
    {"a last resort that an operator took out is left to the operator", "-D U", "yn", false},
    {"nobody serves where nobody can", "S H N F U", "nnnnn", false},
    {"nor where access is refused or something else answers", "X O", "nn", false},
};

static const struct skew_row {
    const char *says;
    const char *members;
    const char *skewed; /* s for each that is */
    const char *serves; /* y or n for each with the policy eject */
} skews[] = {
    {"an empty balancer", "", "", ""},
    {"one build", "+a +a", "..", "yy"},
    {"one member", "+a", ".", "y"},
    {"the minority", "+a +b +a", ".s.", "yny"},
    {"the minority comes first", "+b +a +a", "s..", "nyy"},
    {"more than half isn't needed", "+a +b +c +b", "s.s.", "nyny"},
    {"of two halves the one whose member has been up longest stays", "+a3 +b9", "s.", "ny"},
    {"one old member is enough for its half", "+a5 +a6 +b1 +b9", "ss..", "nnyy"},
    {"up equally long, the first in the configuration stays", "+a4 +b4", ".s", "yn"},
    {"a newer majority outvotes an older minority", "+a9 +b1 +b1", "s..", "nyy"},
    {"no two alike", "+c1 +b2 +a3", "ss.", "nny"},
    {"an unknown build is no other build", "+a + +a", "...", "yyy"},
    {"unknown builds have no majority", "+ + +a", "...", "yyy"},
    {"nobody knows", "+ +", "..", "yy"},
    {"who isn't up isn't compared", "+a Db Ub ?b", "....", "ynnn"},
    {"who isn't up has no vote", "+a9 +b Ub Ub", ".s..", "ynnn"},
    {"who isn't offered has no vote", "+a -+b -+b", ".ss", "ynn"},
    {"but is skewed among others", "+a +a -+b", "..s", "yyn"},
    {"nobody who is offered has a build", "-+a -+b D", "...", "yyy"},
};

static enum osb_state state_of(char letter)
{
    static const char letters[OSB_STATES] = {
        [OSB_STATE_UNVERIFIED] = '?',    [OSB_STATE_UP] = '+',      [OSB_STATE_STARTING] = 'S',
        [OSB_STATE_HUNG] = 'H',          [OSB_STATE_STALLED] = 'T', [OSB_STATE_NOT_DEPLOYED] = 'N',
        [OSB_STATE_DATABASE_DOWN] = 'D', [OSB_STATE_FAILING] = 'F', [OSB_STATE_UNREACHABLE] = 'U',
        [OSB_STATE_FORBIDDEN] = 'X',     [OSB_STATE_FOREIGN] = 'O'};
    const char *place = memchr(letters, letter, sizeof letters);

    assert_non_null(place);
    return (enum osb_state)(place - letters);
}

/* A build each time anew, so that nobody may compare addresses. */
static const struct osb_identity *build_of(char letter)
{
    static struct osb_identity builds[MOST];
    static unsigned next;
    struct osb_identity *build = &builds[next++ % MOST];

    *build = (struct osb_identity){.known = letter != '\0', .version = {'v', letter}};
    return build;
}

static unsigned read_members(const char *members, struct osb_place *places)
{
    unsigned count = 0;

    while (*members != '\0') {
        struct osb_place *place = &places[count++];
        bool known;

        assert_in_range(count, 1, MOST);
        *place = (struct osb_place){.offered = *members != '-'};
        members += !place->offered;
        place->state = state_of(*members++);
        known = *members >= 'a' && *members <= 'z';
        place->build = build_of(known ? *members++ : '\0');
        place->since = 1000 - (uint64_t)(*members >= '0' && *members <= '9' ? *members++ - '0' : 0);
        members += *members == ' ';
    }
    return count;
}

/* Whatever stands in the results before must not matter. */
static struct osb_roster decide_twice(enum osb_skew_policy policy, struct osb_place *places,
                                      unsigned count)
{
    struct osb_roster roster;

    for (int before = 0; before < 2; before++) {
        for (unsigned i = 0; i < count; i++) {
            places[i].serves = before;
            places[i].skewed = before;
            places[i].slow = before;
        }
        roster = osb_roster_decide(policy, places, count);
    }
    return roster;
}

static void assert_serve(const struct osb_place *places, unsigned count, const char *serves)
{
    assert_int_equal(count, strlen(serves));
    for (unsigned i = 0; i < count; i++)
        assert_int_equal(places[i].serves, serves[i] == 'y');
}

static void who_serves_depends_on_the_others(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, rosters)
    {
        for (unsigned policy = 0; policy < osb_skew_policies_count; policy++) {
            struct osb_place places[MOST];
            unsigned count = read_members(row->members, places);
            struct osb_roster roster = decide_twice(policy, places, count);

            assert_serve(places, count, row->serves);
            assert_int_equal(roster.shared_cause, row->shared_cause);
            assert_false(roster.skewed);
        }
    }
}

static void check_skew(const struct skew_row *row, enum osb_skew_policy policy)
{
    struct osb_place places[MOST], plain[MOST];
    unsigned count = read_members(row->members, places);
    struct osb_roster roster = decide_twice(policy, places, count);

    assert_int_equal(count, strlen(row->skewed));
    for (unsigned i = 0; i < count; i++)
        assert_int_equal(places[i].skewed, policy != OSB_SKEW_IGNORE && row->skewed[i] == 's');
    assert_int_equal(roster.skewed, policy != OSB_SKEW_IGNORE && strchr(row->skewed, 's') != NULL);
    if (policy == OSB_SKEW_EJECT) {
        assert_serve(places, count, row->serves);
        return;
    }
    memcpy(plain, places, sizeof plain);
    for (unsigned i = 0; i < count; i++)
        plain[i].build = NULL;
    osb_roster_decide(policy, plain, count);
    for (unsigned i = 0; i < count; i++)
        assert_int_equal(places[i].serves, plain[i].serves);
}

static void the_minority_is_flagged_ejected_or_ignored(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, skews)
    {
        check_skew(row, OSB_SKEW_WARN);
        check_skew(row, OSB_SKEW_EJECT);
        check_skew(row, OSB_SKEW_IGNORE);
    }
}

/* Latencies in ms of members of which the minus stands for one that is out, and s for each that is
 * slow. */
static const struct slow_row {
    const char *says;
    int latencies[MOST];
    const char *slow;
} slows[] = {
    {"all alike", {20, 20, 25}, "..."},
    {"one far behind its peers", {20, 20, 400}, "..s"},
    {"of two the other is the measure", {300, 30}, "s."},
    {"a member alone has no peers", {5000}, "."},
    {"many times slower, but by little", {1, 1, 90}, "..."},
    {"a hundred ms more, and five times", {25, 25, 125}, "..s"},
    {"a hundred ms more, but not five times", {60, 60, 299}, "..."},
    {"where most are slow nobody is", {20, 900, 900, 900}, "...."},
    {"two of five", {10, 10, 10, 700, 800}, "...ss"},
    {"what is out is no measure and not slow", {-10, 400, -900}, "..."},
    {"what isn't known is no measure and not slow", {0, 400, 0}, "..."},
};

static void a_member_far_behind_its_peers_is_slow(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, slows)
    {
        struct osb_place places[MOST];
        unsigned count = (unsigned)strlen(row->slow);

        for (unsigned i = 0; i < count; i++) {
            bool up = row->latencies[i] >= 0;

            places[i] = (struct osb_place){.state = up ? OSB_STATE_UP : OSB_STATE_FAILING,
                                           .offered = true,
                                           .latency = (uint32_t)abs(row->latencies[i])};
        }
        decide_twice(OSB_SKEW_WARN, places, count);
        for (unsigned i = 0; i < count; i++) {
            assert_int_equal(places[i].slow, row->slow[i] == 's');
            assert_int_equal(places[i].serves, places[i].state == OSB_STATE_UP);
        }
    }
}

static void ejecting_leaves_somebody(void **state)
{
    static const char kinds[] = "+?DU";
    struct osb_place places[MOST];

    (void)state;
    for (unsigned trial = 0; trial < 1u << (4 * MOST - 6); trial++) {
        unsigned rest = trial * 2654435761u, up = 0, serving = 0;

        for (unsigned i = 0; i < MOST; i++, rest >>= 4)
            places[i] = (struct osb_place){.state = state_of(kinds[rest & 3]),
                                           .offered = true,
                                           .since = rest & 15,
                                           .build = build_of((char)('a' + (rest >> 2 & 3)))};
        osb_roster_decide(OSB_SKEW_EJECT, places, MOST);
        for (unsigned i = 0; i < MOST; i++) {
            up += places[i].state == OSB_STATE_UP;
            serving += places[i].state == OSB_STATE_UP && places[i].serves;
        }
        assert_true(up == 0 || serving > 0);
    }
}

static void builds_of_a_thousand_members_are_compared(void **state)
{
    static struct osb_place places[1000];
    static const struct osb_identity builds[] = {{.known = true, .version = "v12.1"},
                                                 {.known = true, .version = "v12.2"}};
    unsigned skewed = 0;

    (void)state;
    for (unsigned i = 0; i < 1000; i++)
        places[i] =
            (struct osb_place){.state = OSB_STATE_UP, .offered = true, .build = &builds[i % 3 > 0]};
    assert_true(osb_roster_decide(OSB_SKEW_EJECT, places, 1000).skewed);
    for (unsigned i = 0; i < 1000; i++) {
        assert_int_equal(places[i].skewed, i % 3 == 0);
        assert_int_equal(places[i].serves, i % 3 > 0);
        skewed += places[i].skewed;
    }
    assert_int_equal(skewed, 334);
}

static void the_policies_have_their_names(void **state)
{
    (void)state;
    assert_int_equal(osb_skew_policies_count, 3);
    assert_string_equal(osb_skew_policies[OSB_SKEW_WARN], "warn");
    assert_string_equal(osb_skew_policies[OSB_SKEW_EJECT], "eject");
    assert_string_equal(osb_skew_policies[OSB_SKEW_IGNORE], "ignore");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_serves_depends_on_the_others),
        cmocka_unit_test(the_minority_is_flagged_ejected_or_ignored),
        cmocka_unit_test(a_member_far_behind_its_peers_is_slow),
        cmocka_unit_test(ejecting_leaves_somebody),
        cmocka_unit_test(builds_of_a_thousand_members_are_compared),
        cmocka_unit_test(the_policies_have_their_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
