/* SPDX-License-Identifier: Apache-2.0 */
/* Data that a leader writes and others read: who was deposed changes nothing, who reads meanwhile
 * sees it whole. */
#include "unit.h"

#include "core/guard.h"

#include <pthread.h>

#define STALE 500

enum { OLD_LEADER = 1, NEW_LEADER = 2 };

/* The guard, its data, and a lease that LEADER holds. */
struct stage {
    struct osb_lease lease;
    struct osb_guard guard;
    int data;
};

static struct stage set_stage(uint32_t leader)
{
    struct stage stage = {.data = 7};

    assert_true(osb_lease_hold(&stage.lease, leader, 1000, STALE));
    return stage;
}

static uint32_t read_stage(const struct stage *stage, int *copy)
{
    return osb_guard_read(&stage->guard, &stage->data, copy, sizeof *copy);
}

static bool write_stage(struct stage *stage, uint32_t edition, uint32_t ticket, int data)
{
    return osb_guard_write(&stage->guard, edition, &stage->lease, ticket, &stage->data, &data,
                           sizeof data);
}

static void what_is_written_is_read(void **state)
{
    struct stage stage = set_stage(OLD_LEADER);
    uint32_t first, second;
    int copy = 0;

    (void)state;
    first = read_stage(&stage, &copy);
    assert_int_equal(copy, 7);
    assert_true(write_stage(&stage, first, OLD_LEADER, 8));
    second = read_stage(&stage, &copy);
    assert_int_equal(copy, 8);
    assert_int_not_equal(first, second);
    assert_int_equal(second % 2, 0);
}

static void one_who_read_before_another_wrote_writes_nothing(void **state)
{
    struct stage stage = set_stage(OLD_LEADER);
    int copy;
    uint32_t edition = read_stage(&stage, &copy);

    (void)state;
    assert_true(write_stage(&stage, edition, OLD_LEADER, 8));
    assert_false(write_stage(&stage, edition, OLD_LEADER, 9));
    read_stage(&stage, &copy);
    assert_int_equal(copy, 8);
}

static void a_deposed_leader_writes_nothing_though_nobody_else_has_written_yet(void **state)
{
    struct stage stage = set_stage(OLD_LEADER);
    int copy;
    uint32_t edition = read_stage(&stage, &copy);

    (void)state;
    assert_true(osb_lease_hold(&stage.lease, NEW_LEADER, 1000 + STALE, STALE));
    assert_false(write_stage(&stage, edition, OLD_LEADER, 9));
    assert_int_equal(read_stage(&stage, &copy), edition);
    assert_int_equal(copy, 7);
    assert_true(write_stage(&stage, edition, NEW_LEADER, 10));
}

static void what_a_killed_leader_left_half_written_is_told_and_overwritten(void **state)
{
    struct stage stage = set_stage(NEW_LEADER);
    uint32_t edition;
    int copy;

    (void)state;
    stage.guard.edition = 5;
    edition = read_stage(&stage, &copy);
    assert_int_equal(edition % 2, 1);
    assert_true(write_stage(&stage, edition, NEW_LEADER, 10));
    assert_int_equal(read_stage(&stage, &copy) % 2, 0);
    assert_int_equal(copy, 10);
}

/* ---- whole while it is being written --------------------------------------------------------- */

#define WORDS  512
#define WRITES 100000

static struct {
    struct osb_lease lease;
    struct osb_guard guard;
    uint32_t words[WORDS]; /* all alike */
    _Atomic bool end;
} board;

static void *write_on(void *unused)
{
    uint32_t words[WORDS], copy[WORDS];

    (void)unused;
    for (uint32_t round = 1; round <= WRITES; round++) {
        uint32_t edition = osb_guard_read(&board.guard, board.words, copy, sizeof copy);

        for (size_t i = 0; i < WORDS; i++)
            words[i] = round;
        osb_guard_write(&board.guard, edition, &board.lease, OLD_LEADER, board.words, words,
                        sizeof words);
    }
    board.end = true;
    return NULL;
}

static void a_reader_never_sees_half_a_write(void **state)
{
    uint32_t copy[WORDS], torn = 0;
    pthread_t writer;

    (void)state;
    assert_true(osb_lease_hold(&board.lease, OLD_LEADER, 1000, STALE));
    assert_int_equal(pthread_create(&writer, NULL, write_on, NULL), 0);
    while (!board.end) {
        if (osb_guard_read(&board.guard, board.words, copy, sizeof copy) % 2 == 1)
            continue;
        for (size_t i = 1; i < WORDS; i++)
            torn += copy[i] != copy[0];
    }
    pthread_join(writer, NULL);
    assert_int_equal(torn, 0);
    assert_int_equal(board.words[0], WRITES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(one_who_read_before_another_wrote_writes_nothing),
        cmocka_unit_test(a_deposed_leader_writes_nothing_though_nobody_else_has_written_yet),
        cmocka_unit_test(what_a_killed_leader_left_half_written_is_told_and_overwritten),
        cmocka_unit_test(a_reader_never_sees_half_a_write),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
