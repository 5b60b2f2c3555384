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
        struct osb_record record = osb_member_record(member);

        builds[i] = record.build;
        places[i] = (struct osb_place){
            .state = record.verdict.state,
            .offered = osb_member_is_offered(member->worker),
            .since = record.verdict.since,
            .build = &builds[i],
            .latency = osb_record_latency(&record),
        };
    }
    return places;
}

struct osb_judgement osb_group_judge(const struct osb_group *group, apr_pool_t *temp)
{
    unsigned count = atomic_load_explicit(&group->member_count, memory_order_acquire);
    struct osb_judgement judgement = {.places = make_places(group, temp, count), .count = count};

    judgement.roster = osb_roster_decide(group->skew, judgement.places, count);
    return judgement;
}

struct osb_roster osb_group_apply(const struct osb_group *group, const struct osb_term *term,
                                  apr_pool_t *temp)
{
    struct osb_judgement judgement = osb_group_judge(group, temp);

    for (unsigned i = 0; i < judgement.count && (term == NULL || osb_term_lasts(term)); i++) {
        if (judgement.places[i].serves)
            osb_member_admit(group->balancer, group->members[i].worker);
        else
            osb_member_exclude(group->members[i].worker);
    }
    return judgement.roster;
}
