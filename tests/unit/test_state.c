/* SPDX-License-Identifier: Apache-2.0 */
/* The states' names, and which of them are a last resort. */
#include "unit.h"

#include "core/state.h"

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

static void a_last_resort_is_what_may_well_answer(void **state)
{
    (void)state;
    for (int i = 0; i < OSB_STATES; i++)
        assert_int_equal(osb_state_is_last_resort((enum osb_state)i),
                         i == OSB_STATE_UNVERIFIED || i == OSB_STATE_STALLED ||
                             i == OSB_STATE_DATABASE_DOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_has_its_name_and_its_meaning),
        cmocka_unit_test(a_last_resort_is_what_may_well_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
