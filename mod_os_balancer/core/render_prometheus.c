/* SPDX-License-Identifier: Apache-2.0 */
/* The status for Prometheus, in its text format. All samples of a metric stand together, so the
 * tables of metrics are walked outside and the members inside. */
#include "snapshot.h"

#include <string.h>

/* How a number is written. */
enum unit {
    UNIT_ONE,    /* as it is */
    UNIT_MS,     /* in seconds, of ms; none where it is 0: not known */
    UNIT_PERCENT /* as a share of one, of hundredths */
};

struct metric {
    const char *name; /* behind "os_balancer_" */
    const char *type; /* "gauge" or "counter" */
    enum unit unit;
    const char *help;
};

enum { MEMBERS, MEMBERS_UP, MEMBERS_SERVING, SHARED_CAUSE, SKEWED, BUDGET_USED, BUDGET_ALLOWED };

static const struct metric of_balancers[] = {
    [MEMBERS] = {"members", "gauge", UNIT_ONE, "members that the balancer has"},
    [MEMBERS_UP] = {"members_up", "gauge", UNIT_ONE, "of these, how many are up"},
    [MEMBERS_SERVING] = {"members_serving", "gauge", UNIT_ONE,
                         "of these, to how many new users may be sent"},
    [SHARED_CAUSE] = {"shared_cause", "gauge", UNIT_ONE, "1: it is the database, for all members"},
    [SKEWED] = {"skewed", "gauge", UNIT_ONE, "1: members run different builds"},
    [BUDGET_USED] = {"failover_budget_used", "gauge", UNIT_ONE,
                     "failovers of the last ten seconds"},
    [BUDGET_ALLOWED] = {"failover_budget_allowed", "gauge", UNIT_ONE,
                        "how many of these there may be; 0: failover is off"},
};

enum {
    UP,
    SERVES,
    WITHDRAWN,
    SLOW,
    OTHER_BUILD,
    SINCE,
    LATENCY,
    WAIT,
    WEIGHT,
    BUSY,
    CHECKS,
    CHECKS_FAILED,
    CHECKS_LATE,
    REQUESTS,
    FAILOVERS
};

static const struct metric of_members[] = {
    [UP] = {"member_up", "gauge", UNIT_ONE, "1: the member is up"},
    [SERVES] = {"member_serves", "gauge", UNIT_ONE, "1: new users may be sent to it"},
    [WITHDRAWN] = {"member_withdrawn", "gauge", UNIT_ONE,
                   "1: an operator disabled, stopped or drains it"},
    [SLOW] = {"member_slow", "gauge", UNIT_ONE,
              "1: its checks take many times as long as its peers'"},
    [OTHER_BUILD] = {"member_skewed", "gauge", UNIT_ONE, "1: its build isn't the majority's"},
    [SINCE] = {"member_state_since_timestamp_seconds", "gauge", UNIT_MS, "when its state began"},
    [LATENCY] = {"member_check_latency_seconds", "gauge", UNIT_MS,
                 "how long its good checks take, a moving average"},
    [WAIT] = {"member_expected_wait_seconds", "gauge", UNIT_MS, "how long a user waits there"},
    [WEIGHT] = {"member_weight", "gauge", UNIT_PERCENT, "its share of the requests"},
    [BUSY] = {"member_busy_requests", "gauge", UNIT_ONE, "requests that are under way there"},
    [CHECKS] = {"member_checks_total", "counter", UNIT_ONE, "checks that were made"},
    [CHECKS_FAILED] = {"member_checks_failed_total", "counter", UNIT_ONE,
                       "of these, how many found it bad"},
    [CHECKS_LATE] = {"member_checks_late_total", "counter", UNIT_ONE,
                     "of these, how many began late"},
    [REQUESTS] = {"member_requests_total", "counter", UNIT_ONE,
                  "requests that it was given since httpd's latest reload"},
    [FAILOVERS] = {"member_failovers_total", "counter", UNIT_ONE,
                   "of these, how many went on to another member"},
};

static uint64_t number_of_balancer(const struct osb_balancer_view *balancer, size_t metric)
{
    uint64_t up = 0, serving = 0;

    for (size_t i = 0; i < balancer->member_count; i++) {
        up += balancer->members[i].state == OSB_STATE_UP;
        serving += balancer->members[i].serves;
    }
    return (const uint64_t[]){[MEMBERS] = balancer->member_count,
                              [MEMBERS_UP] = up,
                              [MEMBERS_SERVING] = serving,
                              [SHARED_CAUSE] = balancer->roster.shared_cause,
                              [SKEWED] = balancer->roster.skewed,
                              [BUDGET_USED] = balancer->failover.used,
                              [BUDGET_ALLOWED] = balancer->failover.allowed}[metric];
}

static uint64_t number_of_member(const struct osb_member_view *member, size_t metric)
{
    const unsigned withdrawn = OSB_FLAG_DRAINING | OSB_FLAG_DISABLED | OSB_FLAG_STOPPED;

    return (const uint64_t[]){[UP] = member->state == OSB_STATE_UP,
                              [SERVES] = member->serves,
                              [WITHDRAWN] = (member->flags & withdrawn) != 0,
                              [SLOW] = (member->flags & OSB_FLAG_SLOW) != 0,
                              [OTHER_BUILD] = (member->flags & OSB_FLAG_SKEWED) != 0,
                              [SINCE] = member->since,
                              [LATENCY] = member->latency,
                              [WAIT] = member->load,
                              [WEIGHT] = member->weight,
                              [BUSY] = member->busy,
                              [CHECKS] = member->checks,
                              [CHECKS_FAILED] = member->failures,
                              [CHECKS_LATE] = member->late,
                              [REQUESTS] = member->requests,
                              [FAILOVERS] = member->failovers}[metric];
}

static void put_head(const struct osb_sink *sink, const struct metric *metric)
{
    osb_putf(sink, "# HELP os_balancer_%s %s\n# TYPE os_balancer_%s %s\n", metric->name,
             metric->help, metric->name, metric->type);
}

/* A snapshot's texts have no line's end. */
static void put_label(const struct osb_sink *sink, const char *name, const char *text)
{
    osb_putf(sink, "%s=\"", name);
    while (*text != '\0') {
        size_t plain = strcspn(text, "\\\"");

        sink->write(sink->baton, text, plain);
        text += plain;
        if (*text != '\0')
            osb_putf(sink, "\\%c", *text++);
    }
    osb_put(sink, "\"");
}

/* Of the member, if there is one. */
static void put_labels(const struct osb_sink *sink, const struct osb_balancer_view *balancer,
                       const struct osb_member_view *member)
{
    put_label(sink, "{server", balancer->server);
    put_label(sink, ",balancer", balancer->name);
    if (member != NULL)
        put_label(sink, ",member", member->url);
}

static void put_value(const struct osb_sink *sink, enum unit unit, uint64_t value)
{
    const unsigned long long number = value;

    if (unit == UNIT_MS)
        osb_putf(sink, " %llu.%03llu\n", number / 1000, number % 1000);
    else if (unit == UNIT_PERCENT)
        osb_putf(sink, " %llu.%02llu\n", number / 100, number % 100);
    else
        osb_putf(sink, " %llu\n", number);
}

static void put_sample(const struct osb_sink *sink, const struct metric *metric,
                       const struct osb_balancer_view *balancer,
                       const struct osb_member_view *member, uint64_t number)
{
    if (metric->unit == UNIT_MS && number == 0)
        return;
    osb_putf(sink, "os_balancer_%s", metric->name);
    put_labels(sink, balancer, member);
    osb_put(sink, "}");
    put_value(sink, metric->unit, number);
}

static void put_balancers(const struct osb_sink *sink, const struct osb_snapshot *snapshot)
{
    for (size_t i = 0; i < sizeof of_balancers / sizeof *of_balancers; i++) {
        put_head(sink, &of_balancers[i]);
        for (size_t j = 0; j < snapshot->balancer_count; j++)
            put_sample(sink, &of_balancers[i], &snapshot->balancers[j], NULL,
                       number_of_balancer(&snapshot->balancers[j], i));
    }
}

static void put_members(const struct osb_sink *sink, const struct osb_snapshot *snapshot,
                        size_t metric)
{
    put_head(sink, &of_members[metric]);
    for (size_t i = 0; i < snapshot->balancer_count; i++) {
        const struct osb_balancer_view *balancer = &snapshot->balancers[i];

        for (size_t j = 0; j < balancer->member_count; j++)
            put_sample(sink, &of_members[metric], balancer, &balancer->members[j],
                       number_of_member(&balancer->members[j], metric));
    }
}

/* A state is no number: it is a label, of one sample for each member. */
static void put_states(const struct osb_sink *sink, const struct osb_snapshot *snapshot)
{
    static const struct metric state = {"member_state", "gauge", UNIT_ONE,
                                        "1: the member is in the state that the label names"};

    put_head(sink, &state);
    for (size_t i = 0; i < snapshot->balancer_count; i++) {
        const struct osb_balancer_view *balancer = &snapshot->balancers[i];

        for (size_t j = 0; j < balancer->member_count; j++) {
            osb_putf(sink, "os_balancer_%s", state.name);
            put_labels(sink, balancer, &balancer->members[j]);
            put_label(sink, ",state", osb_state_name(balancer->members[j].state));
            osb_put(sink, "} 1\n");
        }
    }
}

static void put_checker(const struct osb_sink *sink, const struct osb_snapshot *snapshot)
{
    static const struct metric running = {"checker_running", "gauge", UNIT_ONE,
                                          "1: a process of httpd's checks the members"},
                               silence = {"checker_silence_seconds", "gauge", UNIT_MS,
                                          "since its latest sign of life"};

    put_head(sink, &running);
    osb_putf(sink, "os_balancer_%s %d\n", running.name, snapshot->checker_pid > 0);
    if (snapshot->checker_pid <= 0)
        return;
    put_head(sink, &silence);
    osb_putf(sink, "os_balancer_%s", silence.name);
    put_value(sink, silence.unit, snapshot->checker_beat_ms);
}

void osb_render_prometheus(const struct osb_snapshot *snapshot, const struct osb_sink *sink)
{
    put_checker(sink, snapshot);
    put_balancers(sink, snapshot);
    put_states(sink, snapshot);
    for (size_t i = 0; i < sizeof of_members / sizeof *of_members; i++)
        put_members(sink, snapshot, i);
}
