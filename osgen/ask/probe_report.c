/* SPDX-License-Identifier: Apache-2.0 */
#include "probe_report.h"
#include "base/arena.h"
#include "base/exit.h"
#include "base/text.h"
#include "topology/topology.h"

#include "core/roster.h"

static const char *put_url(struct osg_arena *arena, const struct osg_url *url)
{
    struct osg_text text = {0};
    const char *copy;

    osg_url_put(&text, url);
    copy = osg_arena_copy(arena, text.bytes, text.length);
    osg_text_free(&text);
    return copy;
}

/* httpd leaves out a port that is the scheme's own. */
static const char *url_of(struct osg_arena *arena, const struct osg_instance *instance)
{
    struct osg_url url = instance->url;

    if (url.port == url.scheme->port)
        url.port = 0;
    return put_url(arena, &url);
}

static const char *label_of(struct osg_arena *arena, const struct osg_instance *instance)
{
    struct osg_url url = instance->url;

    if (instance->name.text != NULL)
        return instance->name.text;
    url.path = "";
    return put_url(arena, &url);
}

struct osg_probe_report osg_probe_report_new(struct osg_arena *arena,
                                             const struct osg_topology *topology)
{
    const struct osg_instances *instances = &topology->instances;
    struct osg_probe_report report = {
        .topology = topology,
        .rows = osg_arena_alloc(arena, instances->count * sizeof *report.rows),
        .places = osg_arena_alloc(arena, instances->count * sizeof *report.places),
        .count = instances->count,
    };

    for (size_t i = 0; i < report.count; i++)
        report.rows[i] = (struct osg_probe_row){
            .instance = &instances->items[i],
            .label = label_of(arena, &instances->items[i]),
            .url = url_of(arena, &instances->items[i]),
            .verdict = osb_verdict_new(),
        };
    return report;
}

void osg_probe_row_judge(struct osg_probe_row *row, uint64_t now)
{
    struct osb_health policy = osb_health_defaults();

    policy.rise = policy.fall = 1;
    if (!row->inquiry.local)
        osb_verdict_step(&policy, &row->verdict, &row->inquiry.finding, now);
}

static void count_row(struct osg_probe_report *report, const struct osg_probe_row *row)
{
    bool unasked = row->inquiry.answered && row->inquiry.local;
    bool up = row->verdict.state == OSB_STATE_UP;

    report->unasked += unasked;
    if (row->instance->disabled)
        return;
    report->offered++;
    report->up += up && !unasked;
    report->bad += row->inquiry.answered && !up && !unasked;
}

static struct osb_place place_of(const struct osg_probe_row *row)
{
    return (struct osb_place){
        .state = row->verdict.state,
        .offered = !row->instance->disabled,
        .since = row->verdict.since,
        .build = &row->inquiry.finding.identity,
    };
}

void osg_probe_report_count(struct osg_probe_report *report)
{
    struct osb_roster roster;

    report->offered = report->up = report->bad = report->unasked = 0;
    for (size_t i = 0; i < report->count; i++) {
        count_row(report, &report->rows[i]);
        report->places[i] = place_of(&report->rows[i]);
    }
    roster = osb_roster_decide(OSB_SKEW_WARN, report->places, (unsigned)report->count);
    report->shared_cause = roster.shared_cause;
    report->skewed = roster.skewed;
    for (size_t i = 0; i < report->count; i++)
        report->rows[i].skewed = report->places[i].skewed;
}

int osg_probe_exit_code(const struct osg_probe_report *report)
{
    if (report->unasked > 0)
        return OSG_EXIT_INPUT;
    if (report->bad > 0 || report->up == 0 || report->skewed)
        return OSG_EXIT_FINDINGS;
    return OSG_EXIT_DONE;
}
