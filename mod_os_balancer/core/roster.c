/* SPDX-License-Identifier: Apache-2.0 */
#include "roster.h"

const char *const osb_skew_policies[] = {
    [OSB_SKEW_WARN] = "warn", [OSB_SKEW_EJECT] = "eject", [OSB_SKEW_IGNORE] = "ignore"};
const size_t osb_skew_policies_count = sizeof osb_skew_policies / sizeof *osb_skew_policies;

/* Up, and with a build to compare. */
static bool has_build(const struct osb_place *place)
{
    return place->state == OSB_STATE_UP && place->build != NULL && place->build->known;
}

/* Those of one build. */
struct camp {
    const struct osb_identity *build; /* of them all; NULL: no camp */
    unsigned size;                    /* how many are offered */
    uint64_t since;                   /* since when the one of them is up that is so longest */
};

/* Gathers the camp of the first of COUNT places. While members are counted, `skewed` marks those
 * that aren't yet: so a roster takes one turn for each build, and no memory. */
static struct camp gather_camp(struct osb_place *places, unsigned count)
{
    struct camp camp = {.build = places->build, .since = places->since};

    for (unsigned i = 0; i < count; i++) {
        struct osb_place *place = &places[i];

        if (!place->skewed || !osb_identity_is_same(place->build, camp.build))
            continue;
        place->skewed = false;
        camp.size++;
        if (place->since < camp.since)
            camp.since = place->since;
    }
    return camp;
}

static bool is_greater(const struct camp *one, const struct camp *other)
{
    return one->size != other->size ? one->size > other->size : one->since < other->since;
}

static const struct osb_identity *find_majority(struct osb_place *places, unsigned count)
{
    struct camp greatest = {.build = NULL};

    for (unsigned i = 0; i < count; i++)
        places[i].skewed = has_build(&places[i]) && places[i].offered;
    for (unsigned i = 0; i < count; i++) {
        if (places[i].skewed) {
            struct camp camp = gather_camp(&places[i], count - i);

            if (is_greater(&camp, &greatest))
                greatest = camp;
        }
    }
    return greatest.build;
}

/* Says of each place whether it is skewed; returns whether any is. */
static bool mark_skewed(enum osb_skew_policy policy, struct osb_place *places, unsigned count)
{
    const struct osb_identity *majority =
        policy != OSB_SKEW_IGNORE ? find_majority(places, count) : NULL;
    bool any = false;

    for (unsigned i = 0; i < count; i++) {
        struct osb_place *place = &places[i];

        place->skewed =
            majority != NULL && has_build(place) && !osb_identity_is_same(place->build, majority);
        any |= place->skewed;
    }
    return any;
}

static bool has_latency(const struct osb_place *place)
{
    return place->state == OSB_STATE_UP && place->latency > 0;
}

/* How many members take at most MS. */
static unsigned count_within(const struct osb_place *places, unsigned count, uint32_t ms)
{
    unsigned within = 0;

    for (unsigned i = 0; i < count; i++)
        within += has_latency(&places[i]) && places[i].latency <= ms;
    return within;
}

/* Found by halving the range in which it lies, which takes no memory. */
static uint32_t median_latency(const struct osb_place *places, unsigned count)
{
    unsigned half = (count_within(places, count, UINT32_MAX) + 1) / 2;
    uint32_t low = 0, high = UINT32_MAX;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (count_within(places, count, middle) >= half)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static void mark_slow(struct osb_place *places, unsigned count)
{
    uint64_t median = median_latency(places, count);

    for (unsigned i = 0; i < count; i++)
        places[i].slow = has_latency(&places[i]) && places[i].latency >= OSB_SLOW_TIMES * median &&
                         places[i].latency >= median + OSB_SLOW_MS;
}

/* An operator who took out the one up member has not taken its database away with it. */
static bool is_shared_cause(const struct osb_place *places, unsigned count)
{
    bool any = false;

    for (unsigned i = 0; i < count; i++) {
        const struct osb_place *place = &places[i];

        if (place->state == OSB_STATE_UP ||
            (place->state == OSB_STATE_UNVERIFIED && place->offered))
            return false;
        any |= place->offered && osb_state_is_last_resort(place->state);
    }
    return any;
}

struct osb_roster osb_roster_decide(enum osb_skew_policy policy, struct osb_place *places,
                                    unsigned count)
{
    struct osb_roster roster = {.skewed = mark_skewed(policy, places, count),
                                .shared_cause = is_shared_cause(places, count)};
    bool any_up = false;

    mark_slow(places, count);
    for (unsigned i = 0; i < count; i++)
        any_up |= places[i].state == OSB_STATE_UP && places[i].offered;
    for (unsigned i = 0; i < count; i++) {
        struct osb_place *place = &places[i];

        if (place->state == OSB_STATE_UP)
            place->serves = policy != OSB_SKEW_EJECT || !place->skewed;
        else
            place->serves = !any_up && osb_state_is_last_resort(place->state);
    }
    return roster;
}
