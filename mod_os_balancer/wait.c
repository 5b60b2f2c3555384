/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange.h"

/* From then on there are fewer looks: what takes so long is a report or an export, of which there
 * may be hundreds, or it is known to the checks by then. */
#define PATIENT_AFTER APR_TIME_C(1000000)
#define LOOK          APR_TIME_C(20000)
#define PATIENT_LOOK  APR_TIME_C(100000)

/* Hardly anything of OpenSpecimen's takes so long, and a check is cheap. */
#define LONG APR_TIME_C(300000)

static apr_time_t lasted(const struct osb_wait *wait)
{
    return apr_time_now() - wait->began;
}

struct osb_wait osb_wait_begin(const struct osb_exchange *exchange)
{
    return (struct osb_wait){.exchange = exchange, .began = apr_time_now()};
}

apr_interval_time_t osb_wait_next(struct osb_wait *wait)
{
    apr_time_t so_far = lasted(wait);

    if (so_far >= LONG && !wait->told) {
        wait->told = true;
        wait->exchange->waits_long(wait->exchange->baton);
    }
    return so_far < PATIENT_AFTER ? LOOK : PATIENT_LOOK;
}

bool osb_wait_is_over(const struct osb_wait *wait, apr_interval_time_t limit)
{
    return limit >= 0 && lasted(wait) >= limit;
}
