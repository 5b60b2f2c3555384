/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept of a member from check to check. */
#include "unit.h"

#include "core/record.h"

/* Checks one after the other: a number of ms for a good one, -1 for a bad one; and the latency that
 * is then known. */
static const struct row {
    const char *says;
    int checks[4]; /* 0 ends */
    uint32_t latency;
} rows[] = {
    {"of nothing nothing is known", {0}, 0},
    {"the first good check counts in full", {40}, 40},
    {"each later one for an eighth", {40, 120}, 50},
    {"a second of one check is forgotten slowly", {8, 1000, 8}, 116},
    {"bad checks say nothing of speed", {-1, 40, -1}, 40},
    {"a bad check alone leaves it unknown", {-1}, 0},
    {"less than a ms is known as one", {1, 1, 1}, 1},
    {"a minute doesn't overflow", {60000, 60000, 60000}, 60000},
};

static void the_latency_is_a_moving_average_of_good_checks(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, rows)
    {
        struct osb_record record = {.verdict = osb_verdict_new()};

        for (int i = 0; i < 4 && row->checks[i] != 0; i++) {
            bool good = row->checks[i] > 0;
            struct osb_finding finding = {.seen = good ? OSB_SEEN_HEALTHY : OSB_SEEN_SILENT,
                                          .ms = good ? (uint32_t)row->checks[i] : 60000};

            osb_record_add(&record, &finding, 1);
        }
        assert_int_equal(osb_record_latency(&record), row->latency);
    }
}

static void checks_are_counted_and_the_latest_build_is_kept(void **state)
{
    struct osb_record record = {.verdict = osb_verdict_new()};
    struct osb_finding good = {.seen = OSB_SEEN_HEALTHY,
                               .identity = {.known = true, .version = "v12.2"}};
    struct osb_finding bad = {.seen = OSB_SEEN_FAILING, .status = 500};

    (void)state;
    osb_record_add(&record, &good, 1000);
    osb_record_add(&record, &bad, 2000);
    assert_int_equal(record.checks, 2);
    assert_int_equal(record.failures, 1);
    assert_int_equal(record.checked, 2000);
    assert_int_equal(record.finding.status, 500);
    assert_int_equal(record.identified, 1000);
    assert_string_equal(record.build.version, "v12.2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_latency_is_a_moving_average_of_good_checks),
        cmocka_unit_test(checks_are_counted_and_the_latest_build_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
