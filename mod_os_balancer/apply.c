/* SPDX-License-Identifier: Apache-2.0 */
#include "apply.h"
#include "board.h"
#include "members.h"

static struct osb_place *make_places(const struct osb_group *group, apr_pool_t *temp,
                                     unsigned count)
{
    struct osb_place *places = apr_pcalloc(temp, (count + 1) * sizeof *places);
    struct osb_identity *builds = apr_palloc(temp, (count + 1) * sizeof *builds);

    for (unsigned i = 0; i < count; i++) {
        const struct osb_member *member = &group->members[i];
        struct osb_record record = {.verdict = osb_verdict_new()};

        if (member->slot != NULL)
            record = osb_slot_read(member->slot, NULL);
        builds[i] = record.build;
        places[i] = (struct osb_place){
            .state = record.verdict.state,
            .offered = osb_member_is_offered(member->worker),
            .since = record.verdict.since,
            .build = &builds[i],
        };
    }
    return places;
}

static unsigned count_members(const struct osb_group *group)
{
    return atomic_load_explicit(&group->member_count, memory_order_acquire);
}

struct osb_roster osb_group_judge(const struct osb_group *group, apr_pool_t *temp, bool *skewed)
{
    unsigned count = count_members(group);
    struct osb_place *places = make_places(group, temp, count);
    struct osb_roster roster = osb_roster_decide(group->skew, places, count);

    for (unsigned i = 0; skewed != NULL && i < count; i++)
        skewed[i] = places[i].skewed;
    return roster;
}

struct osb_roster osb_group_apply(const struct osb_group *group, apr_pool_t *temp)
{
    unsigned count = count_members(group);
    struct osb_place *places = make_places(group, temp, count);
    struct osb_roster roster = osb_roster_decide(group->skew, places, count);

    for (unsigned i = 0; i < count; i++) {
        if (places[i].serves)
            osb_member_admit(group->balancer, group->members[i].worker);
        else
            osb_member_exclude(group->members[i].worker);
    }
    return roster;
}
