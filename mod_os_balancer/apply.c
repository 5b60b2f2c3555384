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

static void set_bits(const struct osb_member *member, bool out)
{
    if (out)
        osb_member_exclude(member->worker);
    else
        osb_member_admit(member->group->balancer, member->worker);
}

struct osb_roster osb_group_apply(const struct osb_group *group, const struct osb_term *term,
                                  apr_pool_t *temp)
{
    struct osb_judgement judgement = osb_group_judge(group, temp);

    for (unsigned i = 0; i < judgement.count && (term == NULL || osb_term_lasts(term)); i++) {
        const struct osb_member *member = &group->members[i];

        if (member->slot != NULL)
            osb_slot_set_out(member->slot, !judgement.places[i].serves);
        set_bits(member, !judgement.places[i].serves);
    }
    return judgement.roster;
}

/* Not where mod_proxy keeps bits over a stop: what it has written by now is to be without ours. */
void osb_group_follow(const struct osb_group *group)
{
    unsigned count = atomic_load_explicit(&group->member_count, memory_order_acquire);

    if (osb_group_is_persistent(group))
        return;
    for (unsigned i = 0; i < count; i++) {
        const struct osb_member *member = &group->members[i];

        if (member->slot != NULL)
            set_bits(member, osb_slot_is_out(member->slot));
    }
}
