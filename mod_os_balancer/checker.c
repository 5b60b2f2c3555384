/* SPDX-License-Identifier: Apache-2.0 */
#include "checker.h"
#include "board.h"
#include "inventory.h"
#include "members.h"
#include "core/snapshot.h"

#include <apr_portable.h>
#include <apr_thread_proc.h>
#include <http_config.h>
#include <http_log.h>
#include <mpm_common.h>

#include <stdatomic.h>

APLOG_USE_MODULE(os_balancer);

/* A leader renews its lease at least this often, and so often the others look at it. */
#define TURN_MS 100
/* Without a heartbeat for so long the leader counts as gone. */
#define STALE_MS 500
/* So often bits are brought into line even if no state changed: an operator may have disabled the
 * last member that was up, and mod_proxy's own writes may have undone one of ours. */
#define APPLY_MS 1000
/* So old a build may be before it is asked for again. */
#define IDENTITY_MS 60000
/* So long a child that ends waits for the thread. */
#define STOP_MS 1000

/* The checks of one member. */
struct check {
    struct osb_checker *checker;
    const struct osb_member *member;
    struct osb_probe_spec spec; /* of the probe under way */
    bool in_flight;             /* one is under way; never two */
    uint64_t started;           /* ms on the prober's clock, of the latest probe */
    uint64_t due;               /* ms on the prober's clock, when the next may start */
};

struct osb_checker {
    server_rec *main;
    const struct osb_inventory *inventory;
    struct osb_board *board;
    struct check *checks; /* inventory->member_count of them */
    apr_thread_t *thread;
    _Atomic bool stop;         /* the child ends */
    _Atomic bool finished;     /* the thread did */
    uint32_t ticket;           /* for the lease */
    struct osb_prober *prober; /* while leading, else NULL */
    uint64_t apply_due;        /* ms on the prober's clock */
};

static uint64_t wall_clock(void)
{
    return (uint64_t)apr_time_now() / 1000;
}

/* Asked before each write: a newer configuration or a newer leader may have taken over. */
static bool leads(const struct osb_checker *checker)
{
    return !osb_board_is_retired(checker->board) &&
           osb_lease_is_held(osb_board_lease(checker->board), checker->ticket);
}

static void log_transition(const struct osb_member *member, const struct osb_transition *transition,
                           const struct osb_record *record)
{
    int level = transition->to == OSB_STATE_UP ? APLOG_NOTICE : APLOG_WARNING;
    bool known = transition->from != OSB_STATE_UNVERIFIED;
    char words[160], span[48];

    ap_log_error(APLOG_MARK, level, 0, member->group->server,
                 "os_balancer: %s member %s: %s -> %s: %s "
                 "(check took %u ms, %u %s in a row%s%s%s%s)",
                 member->group->balancer->s->name, member->worker->s->name_ex,
                 osb_state_name(transition->from), osb_state_name(transition->to),
                 osb_finding_words(&record->finding, words, sizeof words), record->finding.ms,
                 record->verdict.streak, record->verdict.good ? "good" : "bad",
                 known ? ", was " : "", known ? osb_state_name(transition->from) : "",
                 known ? " for " : "",
                 known ? osb_format_span(transition->lasted, span, sizeof span) : "");
}

static void update_record(struct osb_record *record, const struct osb_finding *finding,
                          uint64_t now)
{
    record->finding = *finding;
    record->checked = now;
    record->checks++;
    record->failures += !osb_finding_is_good(finding);
    if (finding->identity.known) {
        record->build = finding->identity;
        record->identified = now;
    }
}

/* Takes in what a probe saw: the one way from an observation to the board. */
static void take_observation(void *baton, const struct osb_observation *observation)
{
    struct check *check = baton;
    const struct osb_member *member = check->member;
    const struct osb_health *health = member->group->health;
    struct osb_finding finding = osb_finding_read(observation);
    struct osb_record record = osb_slot_read(member->slot);
    struct osb_transition transition;
    uint64_t now = wall_clock();

    check->in_flight = false;
    if (!leads(check->checker))
        return;
    transition = osb_verdict_step(health, &record.verdict, &finding, now);
    update_record(&record, &finding, now);
    osb_slot_write(member->slot, &record);
    check->due =
        check->started + osb_verdict_pause(health, &record.verdict, ap_random_pick(0, UINT32_MAX));
    if (transition.happened) {
        check->checker->apply_due = 0;
        log_transition(member, &transition, &record);
    }
    if (record.verdict.state == OSB_STATE_UP && record.verdict.streak >= health->rise)
        osb_member_forgive(member->worker, (uint64_t)health->rise * health->interval_ms);
}

static void start_check(struct check *check, uint64_t now)
{
    const struct osb_member *member = check->member;
    const proxy_worker_shared *worker = member->worker->s;
    struct osb_record record = osb_slot_read(member->slot);

    check->spec = (struct osb_probe_spec){
        .scheme = member->scheme,
        .host = worker->hostname_ex,
        .port = worker->port,
        .context = member->context,
        .secret = worker->secret,
        .site = member->group->site,
        .timeout_ms = member->group->health->timeout_ms,
        .identity = !record.verdict.good || record.identified + IDENTITY_MS <= wall_clock(),
    };
    check->started = now;
    check->due = now + member->group->health->interval_ms;
    check->in_flight =
        osb_prober_start(check->checker->prober, &check->spec, take_observation, check);
}

/* Starts what is due, and returns how long until the next is. */
static uint32_t start_due_checks(struct osb_checker *checker)
{
    uint64_t now = osb_prober_now();
    uint64_t wait = TURN_MS;

    for (unsigned i = 0; i < checker->inventory->member_count; i++) {
        struct check *check = &checker->checks[i];

        if (check->in_flight)
            continue;
        if (check->due <= now)
            start_check(check, now);
        else if (check->due - now < wait)
            wait = check->due - now;
    }
    return (uint32_t)wait;
}

static void apply_states(struct osb_checker *checker)
{
    const apr_array_header_t *groups = checker->inventory->groups;
    uint64_t now = osb_prober_now();

    if (now < checker->apply_due || !leads(checker))
        return;
    for (int i = 0; i < groups->nelts; i++)
        osb_group_apply(&APR_ARRAY_IDX(groups, i, struct osb_group));
    checker->apply_due = now + APPLY_MS;
}

/* One who takes over checks everybody at once. */
static bool take_over(struct osb_checker *checker)
{
    checker->prober = osb_prober_make();
    checker->apply_due = 0;
    for (unsigned i = 0; i < checker->inventory->member_count; i++) {
        checker->checks[i].in_flight = false;
        checker->checks[i].due = 0;
    }
    if (checker->prober != NULL)
        ap_log_error(APLOG_MARK, APLOG_INFO, 0, checker->main,
                     "os_balancer: this child now checks %u members",
                     checker->inventory->member_count);
    return checker->prober != NULL;
}

static void step_down(struct osb_checker *checker)
{
    osb_prober_free(checker->prober);
    checker->prober = NULL;
}

static void lead(struct osb_checker *checker)
{
    if (checker->prober == NULL && !take_over(checker))
        return;
    osb_prober_turn(checker->prober, start_due_checks(checker));
    apply_states(checker);
}

static bool goes_on(const struct osb_checker *checker)
{
    int state;

    if (checker->stop || osb_board_is_retired(checker->board))
        return false;
    return ap_mpm_query(AP_MPMQ_MPM_STATE, &state) != APR_SUCCESS || state != AP_MPMQ_STOPPING;
}

static void *APR_THREAD_FUNC run(apr_thread_t *thread, void *baton)
{
    struct osb_checker *checker = baton;
    struct osb_lease *lease = osb_board_lease(checker->board);

    (void)thread;
    /* Signals are the MPM's business, in its own threads. */
    apr_setup_signal_thread();
    while (goes_on(checker)) {
        if (osb_lease_hold(lease, checker->ticket, (uint32_t)osb_prober_now(), STALE_MS)) {
            lead(checker);
        } else {
            step_down(checker);
            apr_sleep(apr_time_from_msec(TURN_MS));
        }
    }
    step_down(checker);
    osb_lease_release(lease, checker->ticket);
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

static void list_checks(struct osb_checker *checker)
{
    const apr_array_header_t *groups = checker->inventory->groups;
    unsigned next = 0;

    for (int i = 0; i < groups->nelts; i++) {
        const struct osb_group *group = &APR_ARRAY_IDX(groups, i, struct osb_group);

        for (unsigned j = 0; j < group->member_count; j++)
            checker->checks[next++] =
                (struct check){.checker = checker, .member = &group->members[j]};
    }
}

apr_status_t osb_checker_start(apr_pool_t *pchild, server_rec *main,
                               const struct osb_inventory *inventory, struct osb_board *board)
{
    /* Not from the pool: a thread that doesn't end in time must not find its memory gone. A child
     * that ends takes it along. */
    struct osb_checker *checker = ap_calloc(1, sizeof *checker);
    apr_status_t status;

    checker->main = main;
    checker->inventory = inventory;
    checker->board = board;
    checker->ticket = osb_lease_ticket(osb_board_lease(board));
    checker->checks = ap_calloc(inventory->member_count, sizeof *checker->checks);
    list_checks(checker);
    if (!osb_prober_prepare())
        return APR_EGENERAL;
    status = apr_thread_create(&checker->thread, NULL, run, checker, pchild);
    if (status == APR_SUCCESS)
        apr_pool_pre_cleanup_register(pchild, checker, stop);
    return status;
}
