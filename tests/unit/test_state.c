/* SPDX-License-Identifier: Apache-2.0 */
/* The states' names, and which members of a balancer take users. */
#include "unit.h"

#include "core/state.h"

#define MOST 5

/* A letter for each member: + up, ? unverified, D database-down, T stalled, x and all other
 * letters a state that never serves; the same with a minus before it: an operator took it out. */
static const struct roster_row {
    const char *says;
    const char *members;
    const char *serves; /* y or n for each */
} rosters[] = {
    {"an empty balancer is decided", "", ""},
    {"all that are up serve", "+++", "yyy"},
    {"what is up serves, what isn't doesn't", "+UHS+", "ynnny"},
    {"beside an up member nobody else serves", "+?DTF", "ynnnn"},
    {"before the first check everybody serves", "???", "yyy"},
    {"while nobody is up, the unverified serve", "?UNFH", "ynnnn"},
    {"a database that is down for every node takes no node out", "DD", "yy"},
    {"a database that stalls for every node takes no node out", "TTD", "yyy"},
    {"nodes that are gone stay out beside nodes without a database", "DUTN", "ynyn"},
    {"an up member that an operator took out doesn't count", "-+D", "yy"},
    {"but one that is offered does", "-++D", "yyn"},
    {"a last resort that an operator took out is left to the operator", "-DU", "yn"},
    {"nobody serves where nobody can", "SHNFU", "nnnnn"},
    {"nor where access is refused or something else answers", "XO", "nn"},
};

static enum osb_state state_of(char letter)
{
    static const struct {
        char letter;
        enum osb_state state;
    } letters[] = {
        {'?', OSB_STATE_UNVERIFIED},    {'+', OSB_STATE_UP},      {'S', OSB_STATE_STARTING},
        {'H', OSB_STATE_HUNG},          {'T', OSB_STATE_STALLED}, {'N', OSB_STATE_NOT_DEPLOYED},
        {'D', OSB_STATE_DATABASE_DOWN}, {'F', OSB_STATE_FAILING}, {'U', OSB_STATE_UNREACHABLE},
        {'X', OSB_STATE_FORBIDDEN},     {'O', OSB_STATE_FOREIGN},
    };

    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        if (letters[i].letter == letter)
            return letters[i].state;
    }
    fail_msg("no state has the letter %c", letter);
    return OSB_STATES;
}

static unsigned read_members(const char *members, struct osb_place *places)
{
    unsigned count = 0;

    for (; *members != '\0'; members++) {
        bool offered = *members != '-';

        if (!offered)
            members++;
        assert_in_range(count, 0, MOST - 1);
        places[count++] = (struct osb_place){.state = state_of(*members), .offered = offered};
    }
    return count;
}

static void a_roster_is_decided(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, rosters)
    {
        struct osb_place places[MOST];
        unsigned count = read_members(row->members, places);

        assert_int_equal(count, strlen(row->serves));
        /* Whatever stands in the result before must not matter. */
        for (int before = 0; before < 2; before++) {
            for (unsigned i = 0; i < count; i++)
                places[i].serves = before;
            osb_roster_decide(places, count);
            for (unsigned i = 0; i < count; i++)
                assert_int_equal(places[i].serves, row->serves[i] == 'y');
        }
    }
}

/* Names are keys: in JSON, in logs and in the minds of operators. */
static void every_state_has_its_name_and_its_meaning(void **state)
{
    static const char *const names[OSB_STATES] = {
        [OSB_STATE_UNVERIFIED] = "unverified",
        [OSB_STATE_UP] = "up",
        [OSB_STATE_STARTING] = "starting",
        [OSB_STATE_HUNG] = "hung",
        [OSB_STATE_STALLED] = "stalled",
        [OSB_STATE_NOT_DEPLOYED] = "not-deployed",
        [OSB_STATE_DATABASE_DOWN] = "database-down",
        [OSB_STATE_FAILING] = "failing",
        [OSB_STATE_UNREACHABLE] = "unreachable",
        [OSB_STATE_FORBIDDEN] = "forbidden",
        [OSB_STATE_FOREIGN] = "foreign",
    };

    (void)state;
    for (int i = 0; i < OSB_STATES; i++) {
        assert_string_equal(osb_state_name((enum osb_state)i), names[i]);
        assert_in_range(strlen(osb_state_meaning((enum osb_state)i)), 4, 60);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_roster_is_decided),
        cmocka_unit_test(every_state_has_its_name_and_its_meaning),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
