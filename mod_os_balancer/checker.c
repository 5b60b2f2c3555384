/* SPDX-License-Identifier: Apache-2.0 */
#include "checker.h"
#include "apply.h"
#include "board.h"
#include "config.h"
#include "inventory.h"
#include "notifier.h"
#include "round.h"
#include "runtime.h"
#include "store.h"

#include <apr_portable.h>
#include <apr_thread_proc.h>
#include <http_config.h>
#include <http_log.h>
#include <mpm_common.h>

#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

APLOG_USE_MODULE(os_balancer);

/* A leader renews its lease at least this often, and so often the others look at it. */
#define TURN_MS 100
/* Without a heartbeat for so long the leader counts as gone. */
#define STALE_MS 500
/* Between two looks of a child that ends at what users wait for in it. */
#define FOLLOW_MS 20
/* So long a child that ends waits for the thread. */
#define STOP_MS 1500

/* What the child has while it leads, all or nothing. */
struct office {
    struct osb_round *round;
    struct osb_store *store;
};

struct osb_checker {
    server_rec *main;
    const struct osb_runtime *runtime;
    apr_thread_t *thread;
    _Atomic bool stop;     /* the child ends */
    _Atomic bool finished; /* the thread did */
    struct osb_term term;  /* the present one, or the one to come */
    uint64_t held;         /* ms on the prober's clock when it last held the lease; 0: not yet */
    struct office office;  /* round is NULL: this child doesn't lead */
    struct osb_notifier *notifier;
};

static void step_down(struct osb_checker *checker)
{
    osb_round_free(checker->office.round);
    osb_store_free(checker->office.store);
    checker->office = (struct office){.round = NULL};
}

static bool take_over(struct osb_checker *checker)
{
    const struct osb_runtime *runtime = checker->runtime;
    const struct osb_server_config *config = osb_config_of(checker->main);
    struct office *office = &checker->office;

    office->round = osb_round_make(runtime->inventory, &checker->term);
    office->store = osb_store_make(config->state_file, checker->main, &checker->term);
    if (office->round == NULL || office->store == NULL) {
        step_down(checker);
        return false;
    }
    osb_board_set_leader(&checker->term, getpid());
    ap_log_error(APLOG_MARK, APLOG_INFO, 0, checker->main,
                 "os_balancer: this child now checks the members");
    return true;
}

/* Takes or renews the lease. After a silence that was long enough for another's term, what is left
 * of the own one is worth nothing. */
static bool holds_lease(struct osb_checker *checker)
{
    struct osb_lease *lease = osb_board_lease(checker->runtime->board);
    uint64_t now = osb_prober_now();

    if (checker->held != 0 && now - checker->held >= STALE_MS) {
        step_down(checker);
        checker->term.ticket = osb_lease_ticket(lease);
        checker->held = 0;
    }
    if (!osb_lease_hold(lease, checker->term.ticket, (uint32_t)now, STALE_MS))
        return false;
    checker->held = now;
    return true;
}

/* Takes over if need be. A child that can't, for want of memory or descriptors, leaves the lease to
 * others for a while. */
static bool has_office(struct osb_checker *checker)
{
    if (checker->office.round != NULL || take_over(checker))
        return true;
    ap_log_error(APLOG_MARK, APLOG_ERR, 0, checker->main,
                 "os_balancer: this child can't check the members, for want of memory or "
                 "descriptors; another one may");
    osb_lease_release(osb_board_lease(checker->runtime->board), checker->term.ticket);
    checker->held = 0;
    apr_sleep(apr_time_from_msec(2 * STALE_MS));
    return false;
}

static void lead(struct osb_checker *checker)
{
    osb_round_turn(checker->office.round, TURN_MS);
    osb_store_turn(checker->office.store);
    osb_notifier_turn(checker->notifier, &checker->term);
}

static void follow(struct osb_checker *checker)
{
    step_down(checker);
    osb_notifier_reap(checker->notifier);
    apr_sleep(apr_time_from_msec(TURN_MS));
}

static bool goes_on(const struct osb_checker *checker)
{
    int state;

    if (checker->stop || osb_board_is_retired(checker->runtime->board))
        return false;
    return ap_mpm_query(AP_MPMQ_MPM_STATE, &state) != APR_SUCCESS || state != AP_MPMQ_STOPPING;
}

/* A child that ends may have requests to finish, for minutes. After a reload another generation's
 * leader says which members go out meanwhile, so that who waits for one of these is rescued here
 * too. A run of the program whose child nobody waits for would stay as a zombie, and seem to go on.
 */
static void finish(struct osb_checker *checker)
{
    const struct osb_inventory *inventory = checker->runtime->inventory;

    while (!checker->stop) {
        for (unsigned i = 0; osb_board_is_retired(checker->runtime->board) &&
                             i < osb_inventory_group_count(inventory);
             i++)
            osb_group_follow(osb_inventory_group(inventory, i));
        osb_notifier_reap(checker->notifier);
        apr_sleep(apr_time_from_msec(FOLLOW_MS));
    }
}

static void *APR_THREAD_FUNC run(apr_thread_t *thread, void *baton)
{
    struct osb_checker *checker = baton;

    (void)thread;
    /* Signals are the MPM's business, in its own threads. */
    apr_setup_signal_thread();
    while (goes_on(checker)) {
        if (holds_lease(checker) && has_office(checker))
            lead(checker);
        else
            follow(checker);
    }
    step_down(checker);
    osb_lease_release(osb_board_lease(checker->runtime->board), checker->term.ticket);
    finish(checker);
    free(checker->notifier);
    checker->finished = true;
    return NULL;
}

/* Bounded, since prefork ends its children from within a signal handler: if that interrupted an
 * allocation, the thread can't finish, and must not keep the child from ending. */
static apr_status_t stop(void *baton)
{
    struct osb_checker *checker = baton;
    apr_status_t ignored;

    checker->stop = true;
    for (int waited = 0; !checker->finished && waited < STOP_MS; waited += 5)
        apr_sleep(apr_time_from_msec(5));
    if (checker->finished)
        apr_thread_join(&ignored, checker->thread);
    return APR_SUCCESS;
}

apr_status_t osb_checker_start(apr_pool_t *pchild, server_rec *main,
                               const struct osb_runtime *runtime)
{
    /* Not from the pool: a thread that doesn't end in time must not find its memory gone. A child
     * that ends takes it along. */
    struct osb_checker *checker = ap_calloc(1, sizeof *checker);
    apr_status_t status;

    checker->main = main;
    checker->runtime = runtime;
    checker->term = (struct osb_term){.board = runtime->board,
                                      .ticket = osb_lease_ticket(osb_board_lease(runtime->board))};
    checker->notifier = osb_notifier_make(osb_config_of(main)->notify, main);
    if (checker->notifier == NULL || !osb_prober_prepare())
        return APR_EGENERAL;
    status = apr_thread_create(&checker->thread, NULL, run, checker, pchild);
    if (status == APR_SUCCESS)
        apr_pool_pre_cleanup_register(pchild, checker, stop);
    return status;
}
