/* SPDX-License-Identifier: Apache-2.0 */
#include "verdict.h"

static const enum osb_state states_seen[OSB_SEEN_KINDS] = {
    [OSB_SEEN_HEALTHY] = OSB_STATE_UP,
    [OSB_SEEN_SILENT] = OSB_STATE_HUNG,
    [OSB_SEEN_STALLED] = OSB_STATE_STALLED,
    [OSB_SEEN_NOT_DEPLOYED] = OSB_STATE_NOT_DEPLOYED,
    [OSB_SEEN_DATABASE_DOWN] = OSB_STATE_DATABASE_DOWN,
    [OSB_SEEN_FAILING] = OSB_STATE_FAILING,
    [OSB_SEEN_UNREACHABLE] = OSB_STATE_UNREACHABLE,
    [OSB_SEEN_FORBIDDEN] = OSB_STATE_FORBIDDEN,
    [OSB_SEEN_FOREIGN] = OSB_STATE_FOREIGN,
};

struct osb_verdict osb_verdict_new(void)
{
    return (struct osb_verdict){.state = OSB_STATE_UNVERIFIED, .booting = true};
}

/* No connection within the time limit. From a member that was silent before it means no more than
 * that: the kernel takes connections for a process that accepts none until the backlog is full,
 * 100 on Tomcat, and checks alone fill it. */
static bool is_connect_timeout(const struct osb_finding *finding)
{
    return finding->seen == OSB_SEEN_UNREACHABLE && finding->outcome == OSB_SILENT;
}

/* Counts the finding, and remembers whether a silence after it is a start or a hang. */
static void take_note(struct osb_verdict *verdict, const struct osb_finding *finding)
{
    bool good = osb_finding_is_good(finding);

    if (verdict->streak > 0 && verdict->good != good)
        verdict->streak = 0;
    verdict->good = good;
    if (verdict->streak < UINT32_MAX)
        verdict->streak++;
    if (finding->seen == OSB_SEEN_UNREACHABLE && !is_connect_timeout(finding))
        verdict->booting = true;
    else if (good)
        verdict->booting = false;
}

static enum osb_state state_seen(const struct osb_verdict *verdict,
                                 const struct osb_finding *finding)
{
    bool silent = verdict->state == OSB_STATE_STARTING || verdict->state == OSB_STATE_HUNG;

    if (silent && is_connect_timeout(finding))
        return verdict->state;
    if (finding->seen == OSB_SEEN_SILENT && verdict->booting)
        return OSB_STATE_STARTING;
    return states_seen[finding->seen];
}

/* Whether the streak suffices for leaving the state in the direction of the latest finding. */
static bool has_weight(const struct osb_health *policy, const struct osb_verdict *verdict)
{
    if (verdict->state == OSB_STATE_UNVERIFIED || verdict->restored)
        return true;
    if (verdict->state == OSB_STATE_UP)
        return verdict->streak >= policy->fall;
    return !verdict->good || verdict->streak >= policy->rise;
}

struct osb_transition osb_verdict_step(const struct osb_health *policy, struct osb_verdict *verdict,
                                       const struct osb_finding *finding, uint64_t now)
{
    struct osb_transition transition = {.from = verdict->state, .to = verdict->state};
    enum osb_state seen;

    take_note(verdict, finding);
    seen = state_seen(verdict, finding);
    if (seen != verdict->state && has_weight(policy, verdict)) {
        transition.happened = true;
        transition.to = seen;
        transition.lasted = verdict->since > 0 && now > verdict->since ? now - verdict->since : 0;
        verdict->state = seen;
        verdict->since = now;
    }
    verdict->restored = false;
    return transition;
}

bool osb_verdict_is_changing(const struct osb_verdict *verdict)
{
    return verdict->streak > 0 && verdict->good != (verdict->state == OSB_STATE_UP);
}

/* The pause of a verdict that isn't changing. */
static uint32_t steady_pause(const struct osb_health *policy, const struct osb_verdict *verdict)
{
    bool out = verdict->state != OSB_STATE_UP && verdict->state != OSB_STATE_UNVERIFIED;

    return out ? policy->down_ms : policy->interval_ms;
}

uint32_t osb_verdict_pause(const struct osb_health *policy, const struct osb_verdict *verdict,
                           uint32_t chance)
{
    uint32_t pause =
        osb_verdict_is_changing(verdict) ? policy->fast_ms : steady_pause(policy, verdict);

    return pause - (uint32_t)((uint64_t)chance * (pause / 20) >> 32);
}

uint32_t osb_verdict_first_pause(const struct osb_health *policy, const struct osb_verdict *verdict,
                                 unsigned index, unsigned count, uint32_t chance)
{
    uint64_t share;

    if (osb_verdict_is_changing(verdict))
        return osb_verdict_pause(policy, verdict, chance);
    share = (uint64_t)steady_pause(policy, verdict) * (index + UINT64_C(1)) / count;
    return share > 0 ? (uint32_t)share : 1;
}

uint32_t osb_finding_least_pause(const struct osb_finding *finding)
{
    return finding->outcome == OSB_UNRESOLVED ? OSB_LOOKUP_PAUSE_MS : 0;
}

bool osb_check_is_late(const struct osb_health *policy, uint64_t due, uint64_t now)
{
    return now > due && now - due > policy->interval_ms / 10;
}
