/* SPDX-License-Identifier: Apache-2.0 */
/* Of what Prometheus wakes somebody: what users notice is critical, what they will notice when one
 * thing more happens is a warning. */
#include "emit.h"
#include "monitoring.h"
#include "base/text.h"
#include "topology/job.h"
#include "topology/pair.h"
#include "topology/topology.h"

#include <string.h>

/* How many balancer hosts a rule is for. */
enum hosts { ANY, ONE, TWO };

/* In expr a # stands for the selector of the job, which is {job="..."}. */
static const struct rule {
    const char *name;     /* behind "OpenSpecimen" */
    const char *expr;     /* a # is "{job=...}" */
    const char *lasts;    /* how long it must hold */
    const char *severity; /* "critical" or "warning" */
    const char *summary;
    enum hosts hosts; /* with how many it makes sense */
} rules[] = {
    {"BalancerSilent", "up# == 0", "1m", "critical",
     "The balancer {{ $labels.instance }} doesn't answer", ONE},
    {"BalancerSilent", "up# == 0", "1m", "warning",
     "The balancer {{ $labels.instance }} doesn't answer; the other host may do", TWO},
    {"BothBalancersSilent", "max by (job) (up#) == 0", "30s", "critical",
     "Neither balancer host answers", TWO},
    {"ServesNobody", "os_balancer_members_serving# == 0", "15s", "critical",
     "{{ $labels.instance }} has no instance of {{ $labels.server }} to send users to", ANY},
    {"DatabaseAway", "os_balancer_shared_cause# == 1", "15s", "critical",
     "No instance of {{ $labels.server }} reaches the database", ANY},
    {"ChecksStopped",
     "os_balancer_checker_running# == 0 or os_balancer_checker_silence_seconds# > 5", "30s",
     "critical", "Nobody on {{ $labels.instance }} checks the instances", ANY},
    {"InstanceOut", "os_balancer_member_up# == 0 and os_balancer_member_withdrawn# == 0", "1m",
     "warning", "{{ $labels.member }} is out; its reason is on the status page", ANY},
    {"InstanceSlow", "os_balancer_member_slow# == 1", "10m", "warning",
     "{{ $labels.member }} is many times slower than the others", ANY},
    {"BuildsDiffer", "os_balancer_skewed# == 1", "10m", "warning",
     "The instances of {{ $labels.server }} run different builds on one database", ANY},
    {"FailoversNearLimit",
     "os_balancer_failover_budget_used# > 0.5 * os_balancer_failover_budget_allowed#", "2m",
     "warning", "Half of the failovers that {{ $labels.server }} may make are made", ANY},
    {"BalancersDisagree",
     "max by (job, server, balancer, member) (os_balancer_member_up#) != "
     "min by (job, server, balancer, member) (os_balancer_member_up#)",
     "2m", "warning", "{{ $labels.member }} is up for one balancer host and not for the other",
     TWO},
};

static void put_expr(struct osg_text *text, const char *expr, const struct osg_topology *topology)
{
    for (; *expr != '\0'; expr++) {
        if (*expr != '#') {
            osg_text_add(text, expr, 1);
            continue;
        }
        osg_text_put(text, "{job=\"");
        osg_put_job(text, topology);
        osg_text_put(text, "\"}");
    }
}

static void emit_rule(struct osg_text *text, const struct rule *rule,
                      const struct osg_topology *topology)
{
    osg_text_printf(text, "      - alert: OpenSpecimen%s\n        expr: '", rule->name);
    put_expr(text, rule->expr, topology);
    osg_text_printf(text,
                    "'\n"
                    "        for: %s\n"
                    "        labels:\n"
                    "          severity: %s\n"
                    "        annotations:\n"
                    "          summary: \"%s\"\n",
                    rule->lasts, rule->severity, rule->summary);
}

static void emit(struct osg_text *text, const struct osg_topology *topology)
{
    const enum hosts hosts = osg_has_pair(topology) ? TWO : ONE;

    osg_emit_origin(text, topology);
    osg_text_put(text, "#\n"
                       "# prometheus.yml names this file among its rule_files.\n"
                       "groups:\n"
                       "  - name: \"");
    osg_put_job(text, topology);
    osg_text_put(text, "\"\n    rules:\n");
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (rules[i].hosts == ANY || rules[i].hosts == hosts)
            emit_rule(text, &rules[i], topology);
    }
}

const struct osg_target osg_alerts_target = {
    .name = "prometheus-alerts",
    .emit = emit,
    .help = "of what Prometheus wakes somebody",
    .fits = osg_monitoring_fits,
    .next = "prometheus.yml names it among its rule_files",
};
