/* SPDX-License-Identifier: Apache-2.0 */
#include "round.h"
#include "apply.h"
#include "board.h"
#include "chronicle.h"
#include "inventory.h"
#include "members.h"
#include "warmup.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/resource.h>

/* Between two looks at what is due, at least: with many members there is always something due. */
#define LOOK_MS 10
/* So many checks begin at one look, at most: a thousand that begin together would each want their
 * memory at the same time. */
#define STARTS_MAX 64
/* Between two looks at what users' requests tell, and while there were none for a second. */
#define PULSE_MS      20
#define IDLE_PULSE_MS 100
#define IDLE_AFTER_MS 1000
/* So often bits are brought into line even if no state changed: an operator may have disabled the
 * last member that was up, and mod_proxy's own writes may have undone one of ours. New members are
 * taken in as often. */
#define APPLY_MS 500
/* So old a build may be before it is asked for again. */
#define IDENTITY_MS 60000
/* So often the log says that checks can't be carried out. */
#define WANT_MS 60000
/* Requests under way, and none that ended for so long: that is worth a check. */
#define QUIET_MS 100
#define NEVER    UINT64_MAX

/* The checks of one member. */
struct check {
    struct osb_round *round;
    const struct osb_member *member; /* NULL: none with this number yet */
    struct osb_probe_spec spec;      /* of the probe under way */
    struct osb_kept kept;            /* what the one before left for it */
    bool lost;                       /* the loss of that has pulled the next check forward */
    bool restless;                   /* such a loss meant nothing: connections aren't kept */
    bool in_flight;                  /* one is under way; never two */
    bool first;                      /* the latest one began with everybody else's first */
    bool late;                       /* the latest one began late */
    bool pulled;                     /* users' requests pull the next one forward */
    bool hinted;                     /* they did with the latest one */
    bool warm;                       /* it was warmed up, and has been well since */
    struct osb_warmup *warmup;       /* under way in place of a check; NULL: none */
    uint32_t hints;                  /* of the pulse, when the latest one began */
    uint64_t started;                /* ms on the prober's clock, of the latest probe; 0: none */
    uint64_t due;                    /* the same, when the next may start */
};

struct osb_round {
    const struct osb_inventory *inventory;
    struct osb_term term;
    struct osb_prober *prober;
    apr_pool_t *pool;     /* cleared after each use */
    unsigned next;        /* number at which the next look at dues begins */
    unsigned flying;      /* checks under way */
    unsigned most_flying; /* as many as there may be */
    unsigned most_kept;   /* connections: the first so many members may keep one */
    uint64_t want_due;    /* ms on the prober's clock: when a check that couldn't be carried out is
                           * worth a line again */
    uint64_t look_due;    /* ms on the prober's clock, of each of the constants above */
    uint64_t pulse_due;
    uint64_t apply_due;
    uint32_t chance; /* the latest of a row of random numbers */
    /* By the members' numbers, inventory->room of each: */
    uint64_t *dues; /* those of the checks; NEVER where there is none, or one is under way. Looked
                     * through all the time, so that they stand close together. */
    struct check checks[];
};

/* Whether somebody else takes users, who has been up since BEFORE, ms since 1970, and whose latest
 * check was good: what silences all of them for a moment takes nobody out. */
static bool is_covered(const struct check *check, uint64_t before)
{
    const struct osb_group *group = check->member->group;

    for (unsigned i = 0; i < atomic_load(&group->member_count); i++) {
        const struct osb_member *other = &group->members[i];
        uint64_t since = other->slot != NULL ? osb_slot_up_since(other->slot) : 0;

        if (other != check->member && since != 0 && since < before &&
            osb_member_serves(other->worker) && osb_slot_read(other->slot, NULL).verdict.good)
            return true;
    }
    return false;
}

static void list_due(struct check *check)
{
    check->round->dues[check->member->number] = check->in_flight ? NEVER : check->due;
}

static void set_due(struct check *check, uint64_t due)
{
    check->due = due;
    list_due(check);
    osb_slot_set_due(&check->round->term, check->member->slot, due);
}

static void set_in_flight(struct check *check, bool in_flight)
{
    check->in_flight = in_flight;
    list_due(check);
    if (in_flight)
        check->round->flying++;
    else
        check->round->flying--;
}

static bool is_up(const struct check *check)
{
    return osb_slot_read(check->member->slot, NULL).verdict.state == OSB_STATE_UP;
}

/* Never nearer than `fast` to the check before, and only members that are up: the others have their
 * pace. False if it isn't pulled. */
static bool pull_forward(struct check *check)
{
    uint64_t now = osb_prober_now();
    uint64_t soonest = check->started + check->member->group->health->fast_ms;

    soonest = soonest > now ? soonest : now;
    if (check->in_flight || soonest >= check->due || !is_up(check))
        return false;
    set_due(check, soonest);
    return true;
}

/* The member closed the connection that was kept: it may have come to its end. */
static void take_loss(void *baton)
{
    struct check *check = baton;

    check->lost = pull_forward(check);
}

/* A member that closes what is idle, and is well, would be checked each time that it does. */
static void judge_loss(struct check *check, const struct osb_finding *finding)
{
    if (check->lost && osb_finding_is_good(finding)) {
        check->restless = true;
        osb_kept_close(&check->kept);
    }
    check->lost = false;
}

/* Takes in members that are new to the round. */
static void take_in(struct osb_round *round, uint64_t now)
{
    for (unsigned i = 0; i < osb_inventory_group_count(round->inventory); i++) {
        struct osb_group *group = osb_inventory_group(round->inventory, i);

        osb_group_sync(group, round->term.board, true);
        for (unsigned j = 0; j < atomic_load(&group->member_count); j++) {
            const struct osb_member *member = &group->members[j];
            struct check *check = &round->checks[member->number];
            uint64_t latest = now + group->health->interval_ms;

            if (check->member != NULL || member->slot == NULL)
                continue;
            *check = (struct check){
                .round = round, .member = member, .kept = {.lost = take_loss, .baton = check}};
            check->hints = osb_slot_pulse(member->slot, now).hints;
            check->due = osb_slot_due(member->slot);
            /* Left behind by a leader before, whose configuration may have been another. */
            if (check->due > latest)
                check->due = latest;
            list_due(check);
        }
    }
}

/* How much of what the process may open is ours: a half, the other is left to users' requests. A
 * check takes up to two sockets; twice as many of them may be under way as connections are kept. */
static void share_descriptors(struct osb_round *round)
{
    struct rlimit limit;

    round->most_flying = round->most_kept = UINT_MAX;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return;
    round->most_kept = (unsigned)(limit.rlim_cur / 10);
    round->most_flying = round->most_kept > 0 ? 2 * round->most_kept : 1;
}

struct osb_round *osb_round_make(const struct osb_inventory *inventory, const struct osb_term *term)
{
    struct osb_round *round = calloc(1, sizeof *round + inventory->room * sizeof *round->checks);
    apr_allocator_t *allocator;

    if (round == NULL)
        return NULL;
    *round = (struct osb_round){
        .inventory = inventory, .term = *term, .chance = ap_random_pick(1, UINT32_MAX)};
    share_descriptors(round);
    round->dues = malloc(inventory->room * sizeof *round->dues);
    round->prober = osb_prober_make();
    if (round->dues == NULL || round->prober == NULL ||
        apr_allocator_create(&allocator) != APR_SUCCESS) {
        osb_prober_free(round->prober);
        free(round->dues);
        free(round);
        return NULL;
    }
    for (unsigned i = 0; i < inventory->room; i++)
        round->dues[i] = NEVER;
    apr_pool_create_unmanaged_ex(&round->pool, NULL, allocator);
    apr_allocator_owner_set(allocator, round->pool);
    return round;
}

void osb_round_free(struct osb_round *round)
{
    if (round == NULL)
        return;
    for (unsigned i = 0; i < round->inventory->room; i++)
        osb_kept_close(&round->checks[i].kept);
    osb_prober_free(round->prober);
    for (unsigned i = 0; i < round->inventory->room; i++)
        osb_warmup_free(round->checks[i].warmup);
    apr_pool_destroy(round->pool);
    free(round->dues);
    free(round);
}

/* The check tells nothing of the member: its state stays, and that is said now and then. */
static void tell_want(const struct check *check, const struct osb_observation *observation)
{
    struct osb_round *round = check->round;
    uint64_t now = osb_prober_now();

    if (now < round->want_due || !osb_term_lasts(&round->term))
        return;
    osb_chronicle_want(check->member, observation->answers[OSB_ASK_CONNECT].words);
    round->want_due = now + WANT_MS;
}

/* Good enough to keep members apart, and far cheaper than the server's own (xorshift32: Marsaglia,
 * "Xorshift RNGs", 2003). */
static uint32_t pick_chance(struct osb_round *round)
{
    uint32_t chance = round->chance;

    chance ^= chance << 13;
    chance ^= chance >> 17;
    chance ^= chance << 5;
    return round->chance = chance;
}

/* When the next check may begin, counted from the start of this one. */
static uint32_t pause_after(const struct check *check, const struct osb_record *record)
{
    const struct osb_health *health = check->member->group->health;
    uint32_t chance = pick_chance(check->round);
    uint32_t least = osb_finding_least_pause(&record->finding);
    uint32_t pause = check->first
                         ? osb_verdict_first_pause(health, &record->verdict, check->member->number,
                                                   check->round->inventory->room, chance)
                         : osb_verdict_pause(health, &record->verdict, chance);

    return pause > least ? pause : least;
}

static void tell(const struct check *check, const struct osb_transition *transition,
                 const struct osb_identity *before, const struct osb_record *record)
{
    const struct osb_term *term = &check->round->term;
    bool renewed = record->build.known && !osb_identity_is_same(before, &record->build);

    if (transition->happened || renewed)
        check->round->apply_due = 0;
    if (transition->happened)
        osb_chronicle_state(term, check->member, transition, record);
    if (renewed && before->known)
        osb_chronicle_build(term, check->member, before, record);
}

/* Whether the member would come up with this finding, and is warmed up first: if somebody else has
 * been up for an interval. When the server has just started, and all of its members are checked for
 * the first time, nobody has. */
static bool wants_warmup(const struct check *check, const struct osb_record *record,
                         const struct osb_finding *finding, uint64_t now)
{
    const struct osb_health *health = check->member->group->health;
    struct osb_verdict verdict = record->verdict;

    return health->warmup[0] != '\0' && !check->warm &&
           osb_verdict_step(health, &verdict, finding, now).happened &&
           verdict.state == OSB_STATE_UP && is_covered(check, now - health->interval_ms);
}

/* However it ended: the next check, at once, says whether the member comes up. */
static void end_warmup(void *baton, const struct osb_warmup_end *end)
{
    struct check *check = baton;

    check->warm = true;
    set_in_flight(check, false);
    set_due(check, osb_prober_now());
    osb_chronicle_warmup(&check->round->term, check->member, end);
}

static bool begin_warmup(struct check *check)
{
    struct osb_probe_spec spec = check->spec;

    spec.identity = false;
    spec.ping_ms = 0;
    spec.kept = NULL;
    set_in_flight(check, true);
    if (!osb_warmup_begin(&check->warmup, check->round->prober, &spec,
                          check->member->group->health->warmup, end_warmup, check)) {
        set_in_flight(check, false);
        return false;
    }
    return true;
}

/* Takes in what a probe saw: the one way from an observation to the board. */
static void take_observation(void *baton, const struct osb_observation *observation)
{
    struct check *check = baton;
    const struct osb_member *member = check->member;
    const struct osb_health *health = member->group->health;
    struct osb_finding finding = osb_finding_read(observation);
    uint64_t now = (uint64_t)apr_time_as_msec(apr_time_now()), clock = osb_prober_now();
    uint32_t edition;
    struct osb_record record = osb_slot_read(member->slot, &edition);
    const struct osb_identity before = record.build;
    struct osb_transition transition = {.happened = false};
    uint64_t due;

    set_in_flight(check, false);
    judge_loss(check, &finding);
    if (osb_observation_is_local(observation)) {
        tell_want(check, observation);
        return;
    }
    check->warm &= osb_finding_is_good(&finding);
    record.warming = wants_warmup(check, &record, &finding, now) && begin_warmup(check);
    if (!record.warming)
        transition = osb_verdict_step(health, &record.verdict, &finding, now);
    osb_record_add(&record, &finding, now);
    record.late += check->late;
    record.hinted += check->hinted;
    if (!osb_slot_write(&check->round->term, member->slot, edition, &record))
        return;
    due = check->started + pause_after(check, &record);
    set_due(check, due > clock ? due : clock);
    tell(check, &transition, &before, &record);
    if (record.verdict.state == OSB_STATE_UP && record.verdict.streak >= health->rise)
        osb_member_forgive(member->worker, (uint64_t)health->rise * health->interval_ms);
}

static bool may_keep(const struct check *check)
{
    return !check->restless && check->member->number < check->round->most_kept;
}

/* Whether to ask for the build. A time to come is a clock's that was set back since. */
static bool wants_build(const struct osb_record *record)
{
    uint64_t now = (uint64_t)apr_time_as_msec(apr_time_now());

    return !record->verdict.good || record->identified > now ||
           now - record->identified >= IDENTITY_MS;
}

static void start_check(struct check *check, uint64_t now)
{
    const struct osb_member *member = check->member;
    const struct osb_health *health = member->group->health;
    const proxy_worker_shared *worker = member->worker->s;
    struct osb_record record = osb_slot_read(member->slot, NULL);

    check->spec = (struct osb_probe_spec){
        .scheme = member->scheme,
        .host = worker->hostname_ex,
        .port = worker->port,
        .context = member->context,
        .secret = worker->secret,
        .site = member->group->site,
        .tls_ca = health->tls_ca,
        .timeout_ms = health->timeout_ms,
        /* The last one that is up has all the time: it may be a pause that would soon be over. */
        .ping_ms = is_covered(check, UINT64_MAX) ? health->ping_ms : 0,
        .identity = wants_build(&record),
        .kept = may_keep(check) ? &check->kept : NULL,
        .fresh = check->pulled || record.verdict.state != OSB_STATE_UP || !record.verdict.good,
    };
    check->first = check->due == 0;
    check->late = !check->first && osb_check_is_late(health, check->due, now);
    check->hints = osb_slot_pulse(member->slot, now).hints;
    check->hinted = check->pulled;
    check->pulled = false;
    check->started = now;
    set_due(check, now + health->interval_ms);
    set_in_flight(check, true);
    if (!osb_prober_start(check->round->prober, &check->spec, take_observation, check))
        set_in_flight(check, false);
}

/* Starts what is due, in order of numbers beginning after the latest one, so that nobody starves
 * where there isn't room for all. */
static void look_at_dues(struct osb_round *round, uint64_t now)
{
    unsigned room = round->inventory->room, started = 0;

    for (unsigned i = 0, place = round->next; i < room; i++, place = (place + 1) % room) {
        if (round->dues[place] > now)
            continue;
        if (round->flying >= round->most_flying || started == STARTS_MAX)
            return;
        start_check(&round->checks[place], now);
        started++;
        round->next = (place + 1) % room;
    }
}

/* Whether requests have spoken against the member since the latest check began, or wait at one
 * that has been silent for long. */
static bool is_hinted(const struct check *check, const struct osb_pulse *pulse, uint64_t now)
{
    if (pulse->hints != check->hints)
        return true;
    return pulse->waiting > 0 && now >= pulse->sign + QUIET_MS &&
           check->started < pulse->sign + QUIET_MS;
}

/* Pulls forward the checks of members that requests speak against. Returns when to look again. */
static uint64_t look_at_pulses(struct osb_round *round, uint64_t now)
{
    bool idle = true;

    for (unsigned i = 0; i < round->inventory->room; i++) {
        struct check *check = &round->checks[i];
        struct osb_pulse pulse;

        if (check->member == NULL)
            continue;
        pulse = osb_slot_pulse(check->member->slot, now);
        idle &= pulse.waiting == 0 && now >= pulse.sign + IDLE_AFTER_MS;
        if (is_hinted(check, &pulse, now))
            check->pulled |= pull_forward(check);
    }
    return now + (idle ? IDLE_PULSE_MS : PULSE_MS);
}

static void apply_states(struct osb_round *round)
{
    for (unsigned i = 0; i < osb_inventory_group_count(round->inventory); i++) {
        const struct osb_group *group = osb_inventory_group(round->inventory, i);
        struct osb_roster roster = osb_group_apply(group, &round->term, round->pool);

        osb_chronicle_roster(&round->term, group, &roster);
        apr_pool_clear(round->pool);
    }
}

/* Until something is to be looked at again. */
static uint32_t time_left(const struct osb_round *round, uint32_t most_ms)
{
    uint64_t now = osb_prober_now();
    uint64_t until = now + most_ms;

    if (round->apply_due < until)
        until = round->apply_due;
    if (round->pulse_due < until)
        until = round->pulse_due;
    for (unsigned i = 0; i < round->inventory->room; i++)
        until = round->dues[i] < until ? round->dues[i] : until;
    if (until < round->look_due && until < now + LOOK_MS)
        until = round->look_due;
    return until > now ? (uint32_t)(until - now) : 0;
}

void osb_round_turn(struct osb_round *round, uint32_t wait_ms)
{
    uint64_t now = osb_prober_now();

    if (now >= round->apply_due) {
        take_in(round, now);
        apply_states(round);
        round->apply_due = now + APPLY_MS;
    }
    if (now >= round->pulse_due)
        round->pulse_due = look_at_pulses(round, now);
    if (now >= round->look_due) {
        look_at_dues(round, now);
        round->look_due = now + LOOK_MS;
    }
    osb_prober_turn(round->prober, time_left(round, wait_ms));
}
