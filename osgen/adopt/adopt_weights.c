/* SPDX-License-Identifier: Apache-2.0 */
/* Shares of the requests. httpd takes 1.5, and a weight is a whole number: what counts is the
 * ratio, so all of them are scaled together. */
#include "adopt_parts.h"

#define MOST_WEIGHT 100

static uint32_t divisor_of(uint32_t one, uint32_t other)
{
    while (other != 0) {
        uint32_t rest = one % other;

        one = other;
        other = rest;
    }
    return one;
}

static uint32_t scaled(uint32_t share, uint32_t most, uint32_t divisor)
{
    uint64_t weight = most / divisor <= MOST_WEIGHT
                          ? share / divisor
                          : ((uint64_t)share * MOST_WEIGHT + most / 2) / most;

    return weight > 0 ? (uint32_t)weight : 1;
}

static void tell_weights(struct osg_adoption *adoption, bool exact)
{
    const struct osg_adopt_member *first = adoption->members;

    while (first != NULL && first->loadfactor == NULL)
        first = first->next;
    if (first != NULL)
        osg_adopt_lose(adoption, first->conf,
                       "%.100s is a weight of %u now, and all others are scaled with it: %s",
                       first->loadfactor, first->instance->weight,
                       exact ? "the ratios are the same"
                             : "the ratios are as near as whole numbers up to 100 come");
}

/* Those that are weights already stay as they are. */
void osg_adopt_weights(struct osg_adoption *adoption)
{
    uint32_t most = 0, divisor = 0, whole = OSG_WHOLE_SHARE;

    for (const struct osg_adopt_member *at = adoption->members; at != NULL; at = at->next) {
        most = at->share > most ? at->share : most;
        divisor = divisor_of(at->share, divisor);
    }
    if (divisor % whole == 0 && most <= MOST_WEIGHT * whole)
        divisor = whole;
    for (struct osg_adopt_member *at = adoption->members; at != NULL; at = at->next)
        at->instance->weight = scaled(at->share, most, divisor);
    if (divisor != whole)
        tell_weights(adoption, most / divisor <= MOST_WEIGHT);
}
