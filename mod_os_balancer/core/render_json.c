/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The status for programs. The schema has a version of its own: a key may be added at any time,
 * but none changes its meaning or goes without a new number.
 */
#include "json.h"
#include "snapshot.h"
#include "vocabulary.h"

#define SCHEMA_VERSION 1

static osb_json *make_flags(unsigned flags)
{
    static const struct row {
        enum osb_flag flag;
        const char *name;
    } rows[] = {{OSB_FLAG_DRAINING, "draining"}, {OSB_FLAG_DISABLED, "disabled"},
                {OSB_FLAG_STOPPED, "stopped"},   {OSB_FLAG_STANDBY, "standby"},
                {OSB_FLAG_SPARE, "spare"},       {OSB_FLAG_ERROR, "error"}};
    osb_json *list = osb_json_array();

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (flags & (unsigned)rows[i].flag)
            osb_json_append(list, osb_json_string(rows[i].name));
    }
    return list;
}

static void put_time(osb_json *object, const char *key, uint64_t ms)
{
    char text[24];

    osb_json_put_text(object, key, ms > 0 ? osb_format_time(ms, text, sizeof text) : NULL);
}

static osb_json *make_build(const struct osb_identity *build)
{
    osb_json *object = osb_json_object();

    osb_json_put_text(object, "version", build->version);
    osb_json_put_text(object, "commit", build->commit);
    osb_json_put_text(object, "date", build->date);
    osb_json_put_text(object, "environment", build->environment);
    return object;
}

static osb_json *make_last_check(const struct osb_member_view *member)
{
    osb_json *object = osb_json_object();

    put_time(object, "at", member->checked);
    osb_json_put_bool(object, "good", osb_finding_is_good(&member->finding));
    osb_json_put_number(object, "latency_ms", member->finding.ms);
    osb_json_put_number(object, "status", member->finding.status);
    osb_json_put_text(object, "code", member->finding.code);
    return object;
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
    put_time(object, "since", member->since);
    osb_json_put(object, "last_check", member->checked > 0 ? make_last_check(member) : NULL);
    osb_json_put_number(object, "consecutive_good", member->good ? member->streak : 0);
    osb_json_put_number(object, "consecutive_bad", member->good ? 0 : member->streak);
    osb_json_put_number(object, "checks", member->checks);
    osb_json_put_number(object, "checks_failed", member->failures);
    osb_json_put_number(object, "requests", member->requests);
    osb_json_put_number(object, "busy", member->busy);
    osb_json_put_number(object, "weight_percent", member->weight);
    osb_json_put(object, "build", member->build.known ? make_build(&member->build) : NULL);
    return object;
}

static osb_json *make_health(const struct osb_health *health)
{
    osb_json *object = osb_json_object();

    osb_json_put_number(object, "interval_ms", health->interval_ms);
    osb_json_put_number(object, "fast_ms", health->fast_ms);
    osb_json_put_number(object, "timeout_ms", health->timeout_ms);
    osb_json_put_number(object, "rise", health->rise);
    osb_json_put_number(object, "fall", health->fall);
    return object;
}

static osb_json *make_balancer(const struct osb_balancer_view *balancer)
{
    osb_json *object = osb_json_object(), *members = osb_json_array();

    osb_json_put_text(object, "name", balancer->name);
    osb_json_put_text(object, "server", balancer->server);
    osb_json_put(object, "health", make_health(&balancer->health));
    for (size_t i = 0; i < balancer->member_count; i++)
        osb_json_append(members, make_member(&balancer->members[i]));
    osb_json_put(object, "members", members);
    return object;
}

void osb_render_json(const struct osb_snapshot *snapshot, const struct osb_sink *sink)
{
    osb_json *object = osb_json_object(), *balancers = osb_json_array();

    osb_json_put_number(object, "schema", SCHEMA_VERSION);
    osb_json_put_text(object, "software", "mod_os_balancer/" OSB_VERSION);
    osb_json_put_text(object, "host", snapshot->host);
    put_time(object, "time", snapshot->taken);
    for (size_t i = 0; i < snapshot->balancer_count; i++)
        osb_json_append(balancers, make_balancer(&snapshot->balancers[i]));
    osb_json_put(object, "balancers", balancers);
    osb_json_write(object, sink);
    osb_json_free(object);
}
