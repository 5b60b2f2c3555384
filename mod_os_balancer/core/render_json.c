/* SPDX-License-Identifier: Apache-2.0 */
/* The status for programs. */
#include "event_json.h"
#include "finding_json.h"
#include "snapshot.h"

static osb_json *make_flags(unsigned flags)
{
    static const struct row {
        enum osb_flag flag;
        const char *name;
    } rows[] = {{OSB_FLAG_DRAINING, "draining"}, {OSB_FLAG_DISABLED, "disabled"},
                {OSB_FLAG_STOPPED, "stopped"},   {OSB_FLAG_STANDBY, "standby"},
                {OSB_FLAG_SPARE, "spare"},       {OSB_FLAG_ERROR, "error"},
                {OSB_FLAG_SKEWED, "skewed"},     {OSB_FLAG_SLOW, "slow"},
                {OSB_FLAG_WARMING, "warming"}};
    osb_json *list = osb_json_array();

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (flags & (unsigned)rows[i].flag)
            osb_json_append(list, osb_json_string(rows[i].name));
    }
    return list;
}

static osb_json *make_member(const struct osb_member_view *member)
{
    osb_json *object = osb_json_object();
    char words[160];

    osb_json_put_text(object, "url", member->url);
    osb_json_put_text(object, "state", osb_state_name(member->state));
    osb_json_put_text(object, "reason", osb_member_reason(member, words, sizeof words));
    osb_json_put_bool(object, "serves", member->serves);
    osb_json_put(object, "flags", make_flags(member->flags));
    osb_json_put_time(object, "since", member->since);
    osb_json_put(object, "last_check",
                 member->checked > 0 ? osb_finding_json(&member->finding, member->checked) : NULL);
    osb_json_put_number(object, "consecutive_good", member->good ? member->streak : 0);
    osb_json_put_number(object, "consecutive_bad", member->good ? 0 : member->streak);
    osb_json_put_number(object, "checks", member->checks);
    osb_json_put_number(object, "checks_failed", member->failures);
    osb_json_put_number(object, "checks_late", member->late);
    osb_json_put_number(object, "checks_hinted", member->hinted);
    osb_json_put_number(object, "latency_ms", member->latency);
    osb_json_put_number(object, "requests", member->requests);
    osb_json_put_number(object, "busy", member->busy);
    osb_json_put_number(object, "failovers", member->failovers);
    osb_json_put_number(object, "load_ms", member->load);
    osb_json_put_number(object, "weight_percent", member->weight);
    osb_json_put(object, "build", osb_identity_json(&member->build));
    return object;
}

static osb_json *make_health(const struct osb_health *health)
{
    osb_json *object = osb_json_object();

    osb_json_put_number(object, "interval_ms", health->interval_ms);
    osb_json_put_number(object, "fast_ms", health->fast_ms);
    osb_json_put_number(object, "down_ms", health->down_ms);
    osb_json_put_number(object, "timeout_ms", health->timeout_ms);
    osb_json_put_number(object, "ping_ms", health->ping_ms);
    osb_json_put_number(object, "rise", health->rise);
    osb_json_put_number(object, "fall", health->fall);
    osb_json_put_number(object, "slowstart_ms", health->slowstart_ms);
    osb_json_put_text(object, "context", health->context[0] != '\0' ? health->context : NULL);
    osb_json_put_text(object, "tls_ca", health->tls_ca[0] != '\0' ? health->tls_ca : NULL);
    return object;
}

static osb_json *make_failover(const struct osb_failover_view *failover)
{
    osb_json *object = osb_json_object();

    osb_json_put_number(object, "retries", failover->settings.retries);
    osb_json_put_number(object, "budget_percent", failover->settings.budget);
    osb_json_put_number(object, "used", failover->used);
    osb_json_put_number(object, "allowed", failover->allowed);
    return object;
}

/* All but its members. */
static osb_json *make_balancer(const struct osb_balancer_view *balancer)
{
    osb_json *object = osb_json_object();

    osb_json_put_text(object, "name", balancer->name);
    osb_json_put_text(object, "server", balancer->server);
    osb_json_put(object, "health", make_health(&balancer->health));
    osb_json_put(object, "failover",
                 balancer->failover.enabled ? make_failover(&balancer->failover) : NULL);
    osb_json_put_text(object, "skew_policy", osb_skew_policies[balancer->skew]);
    osb_json_put_bool(object, "skewed", balancer->roster.skewed);
    osb_json_put_bool(object, "shared_cause", balancer->roster.shared_cause);
    return object;
}

static osb_json *make_checker(const struct osb_snapshot *snapshot)
{
    osb_json *object = osb_json_object();

    osb_json_put_number(object, "pid", (uint64_t)snapshot->checker_pid);
    osb_json_put_number(object, "beat_ms", snapshot->checker_beat_ms);
    return object;
}

/* Members and events go out one by one, so that a page of thousands costs the memory of one. */
static void put_element(const struct osb_sink *sink, size_t index, osb_json *element)
{
    osb_put(sink, index == 0 ? "\n{" : ",\n{");
    osb_json_write_inside(element, sink);
    osb_json_free(element);
}

static void put_balancer(const struct osb_sink *sink, size_t index,
                         const struct osb_balancer_view *balancer)
{
    put_element(sink, index, make_balancer(balancer));
    osb_put(sink, ",\"members\":[");
    for (size_t i = 0; i < balancer->member_count; i++) {
        put_element(sink, i, make_member(&balancer->members[i]));
        osb_put(sink, "}");
    }
    osb_put(sink, "]}");
}

void osb_render_json(const struct osb_snapshot *snapshot, const struct osb_sink *sink)
{
    osb_json *object = osb_json_document(snapshot->host);

    osb_json_put_time(object, "time", snapshot->taken);
    osb_json_put(object, "checker", snapshot->checker_pid > 0 ? make_checker(snapshot) : NULL);
    osb_put(sink, "{");
    osb_json_write_inside(object, sink);
    osb_json_free(object);
    osb_put(sink, ",\n\"balancers\":[");
    for (size_t i = 0; i < snapshot->balancer_count; i++)
        put_balancer(sink, i, &snapshot->balancers[i]);
    osb_put(sink, "],\n\"journal\":[");
    for (size_t i = 0; i < snapshot->event_count; i++) {
        put_element(sink, i, osb_event_json(&snapshot->events[i]));
        osb_put(sink, "}");
    }
    osb_put(sink, "]}\n");
}
