/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The status for Prometheus, in its text format: a family of samples for each figure, whole before
 * the next one begins. Names and labels are an interface: none changes its meaning.
 */
#include "snapshot.h"

#include <inttypes.h>

enum unit { UNIT_ONE, UNIT_SECOND /* the figure is in milliseconds */ };

struct family {
    const char *name; /* after "os_balancer_" */
    const char *type; /* "gauge", or "counter" */
    const char *help; /* a sentence without its full stop */
    enum unit unit;
};

enum member_figure {
    MEMBER_UP,
    MEMBER_SERVES,
    MEMBER_SKEWED,
    MEMBER_SLOW,
    MEMBER_CHECKS,
    MEMBER_CHECKS_FAILED,
    MEMBER_CHECKS_LATE,
    MEMBER_CHECKS_HINTED,
    MEMBER_LATENCY,
    MEMBER_LOAD,
    MEMBER_REQUESTS,
    MEMBER_FAILOVERS,
    MEMBER_BUSY,
    MEMBER_FIGURES
};

static const struct family member_families[] = {
    [MEMBER_UP] = {"member_up", "gauge", "Whether the checks hold the member for up", UNIT_ONE},
    [MEMBER_SERVES] = {"member_serves", "gauge", "Whether new users may be sent to it", UNIT_ONE},
    [MEMBER_SKEWED] = {"member_skewed", "gauge", "Whether its build isn't the majority's",
                       UNIT_ONE},
    [MEMBER_SLOW] = {"member_slow", "gauge", "Whether its checks take many times its peers' time",
                     UNIT_ONE},
    [MEMBER_CHECKS] = {"member_checks_total", "counter", "Checks done", UNIT_ONE},
    [MEMBER_CHECKS_FAILED] = {"member_checks_failed_total", "counter", "Checks that found it bad",
                              UNIT_ONE},
    [MEMBER_CHECKS_LATE] = {"member_checks_late_total", "counter", "Checks that began late",
                            UNIT_ONE},
    [MEMBER_CHECKS_HINTED] = {"member_checks_hinted_total", "counter",
                              "Checks that users' requests pulled forward", UNIT_ONE},
    [MEMBER_LATENCY] = {"member_check_latency_seconds", "gauge",
                        "How long its good checks take, a moving average", UNIT_SECOND},
    [MEMBER_LOAD] = {"member_load_seconds", "gauge", "How long a user waits there, as reckoned",
                     UNIT_SECOND},
    [MEMBER_REQUESTS] = {"member_requests_total", "counter", "Requests that it was given",
                         UNIT_ONE},
    [MEMBER_FAILOVERS] = {"member_failovers_total", "counter",
                          "Requests that went on from it to another member", UNIT_ONE},
    [MEMBER_BUSY] = {"member_busy", "gauge", "Requests under way there", UNIT_ONE},
};

static void read_member(const struct osb_member_view *member, uint64_t *figures)
{
    figures[MEMBER_UP] = member->state == OSB_STATE_UP;
    figures[MEMBER_SERVES] = member->serves;
    figures[MEMBER_SKEWED] = (member->flags & OSB_FLAG_SKEWED) != 0;
    figures[MEMBER_SLOW] = (member->flags & OSB_FLAG_SLOW) != 0;
    figures[MEMBER_CHECKS] = member->checks;
    figures[MEMBER_CHECKS_FAILED] = member->failures;
    figures[MEMBER_CHECKS_LATE] = member->late;
    figures[MEMBER_CHECKS_HINTED] = member->hinted;
    figures[MEMBER_LATENCY] = member->latency;
    figures[MEMBER_LOAD] = member->load;
    figures[MEMBER_REQUESTS] = member->requests;
    figures[MEMBER_FAILOVERS] = member->failovers;
    figures[MEMBER_BUSY] = member->busy;
}

enum balancer_figure {
    BALANCER_SHARED_CAUSE,
    BALANCER_SKEWED,
    BALANCER_FAILOVERS_USED,
    BALANCER_FAILOVERS_ALLOWED,
    BALANCER_FIGURES
};

static const struct family balancer_families[] = {
    [BALANCER_SHARED_CAUSE] = {"shared_cause", "gauge", "Whether it is the database of all members",
                               UNIT_ONE},
    [BALANCER_SKEWED] = {"skewed", "gauge", "Whether members run different builds", UNIT_ONE},
    [BALANCER_FAILOVERS_USED] = {"failovers_used", "gauge",
                                 "Failovers in the span of the failover budget", UNIT_ONE},
    [BALANCER_FAILOVERS_ALLOWED] = {"failovers_allowed", "gauge",
                                    "Failovers that the budget allows in its span, 0 without any",
                                    UNIT_ONE},
};

static void read_balancer(const struct osb_balancer_view *balancer, uint64_t *figures)
{
    figures[BALANCER_SHARED_CAUSE] = balancer->roster.shared_cause;
    figures[BALANCER_SKEWED] = balancer->roster.skewed;
    figures[BALANCER_FAILOVERS_USED] = balancer->failover.used;
    figures[BALANCER_FAILOVERS_ALLOWED] = balancer->failover.allowed;
}

static void put_head(const struct osb_sink *sink, const struct family *family)
{
    osb_putf(sink, "# HELP os_balancer_%s %s.\n# TYPE os_balancer_%s %s\n", family->name,
             family->help, family->name, family->type);
}

static void put_label(const struct osb_sink *sink, const char *before, const char *name,
                      const char *value)
{
    osb_putf(sink, "%s%s=\"", before, name);
    for (; *value != '\0'; value++)
        osb_putf(sink, *value == '"' || *value == '\\' ? "\\%c" : "%c", *value);
    osb_put(sink, "\"");
}

static void put_balancer_labels(const struct osb_sink *sink,
                                const struct osb_balancer_view *balancer)
{
    put_label(sink, "{", "server", balancer->server);
    put_label(sink, ",", "balancer", balancer->name);
}

/* Ends the labels. */
static void put_figure(const struct osb_sink *sink, enum unit unit, uint64_t figure)
{
    if (unit == UNIT_SECOND)
        osb_putf(sink, "} %" PRIu64 ".%03" PRIu64 "\n", figure / 1000, figure % 1000);
    else
        osb_putf(sink, "} %" PRIu64 "\n", figure);
}

static void put_balancers(const struct osb_sink *sink, const struct osb_snapshot *snapshot,
                          enum balancer_figure which)
{
    const struct family *family = &balancer_families[which];
    uint64_t figures[BALANCER_FIGURES];

    put_head(sink, family);
    for (size_t i = 0; i < snapshot->balancer_count; i++) {
        read_balancer(&snapshot->balancers[i], figures);
        osb_putf(sink, "os_balancer_%s", family->name);
        put_balancer_labels(sink, &snapshot->balancers[i]);
        put_figure(sink, family->unit, figures[which]);
    }
}

/* Begins a sample of each member and lets PUT end it. */
static void put_members(const struct osb_sink *sink, const struct osb_snapshot *snapshot,
                        const struct family *family,
                        void (*put)(const struct osb_sink *sink, const struct family *family,
                                    const struct osb_member_view *member))
{
    put_head(sink, family);
    for (size_t i = 0; i < snapshot->balancer_count; i++) {
        const struct osb_balancer_view *balancer = &snapshot->balancers[i];

        for (size_t j = 0; j < balancer->member_count; j++) {
            osb_putf(sink, "os_balancer_%s", family->name);
            put_balancer_labels(sink, balancer);
            put_label(sink, ",", "member", balancer->members[j].url);
            put(sink, family, &balancer->members[j]);
        }
    }
}

static void put_member_figure(const struct osb_sink *sink, const struct family *family,
                              const struct osb_member_view *member)
{
    uint64_t figures[MEMBER_FIGURES];

    read_member(member, figures);
    put_figure(sink, family->unit, figures[family - member_families]);
}

/* What is a word and no figure is a label of a sample that is always 1. */
static void put_member_state(const struct osb_sink *sink, const struct family *family,
                             const struct osb_member_view *member)
{
    put_label(sink, ",", "state", osb_state_name(member->state));
    put_figure(sink, family->unit, 1);
}

static void put_member_build(const struct osb_sink *sink, const struct family *family,
                             const struct osb_member_view *member)
{
    put_label(sink, ",", "version", member->build.version);
    put_label(sink, ",", "commit", member->build.commit);
    put_figure(sink, family->unit, member->build.known);
}

static const struct family state_family = {
    "member_state", "gauge", "The state that a member is in now, as a label", UNIT_ONE};
static const struct family build_family = {
    "member_build", "gauge", "The build of a member, as labels; 0 while it isn't known", UNIT_ONE};
static const struct family beat_family = {
    "checker_beat_seconds", "gauge", "Since the latest sign of life of the process that checks",
    UNIT_SECOND};

static void put_checker(const struct osb_sink *sink, const struct osb_snapshot *snapshot)
{
    put_head(sink, &beat_family);
    if (snapshot->checker_pid == 0)
        return;
    osb_putf(sink, "os_balancer_%s", beat_family.name);
    put_label(sink, "{", "host", snapshot->host);
    put_figure(sink, beat_family.unit, snapshot->checker_beat_ms);
}

void osb_render_prometheus(const struct osb_snapshot *snapshot, const struct osb_sink *sink)
{
    put_checker(sink, snapshot);
    for (unsigned i = 0; i < BALANCER_FIGURES; i++)
        put_balancers(sink, snapshot, (enum balancer_figure)i);
    put_members(sink, snapshot, &state_family, put_member_state);
    put_members(sink, snapshot, &build_family, put_member_build);
    for (unsigned i = 0; i < MEMBER_FIGURES; i++)
        put_members(sink, snapshot, &member_families[i], put_member_figure);
}
