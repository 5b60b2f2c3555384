/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lbmethod=os_least_time: a request goes to the member at which it is answered soonest, as
 * core/load.h reckons. Which members may be asked at all is decided by mod_proxy's own function, so
 * that lbset, hot standbys, hot spares, draining and retry work as with any other method; sticky
 * sessions come to their member without it.
 *
 * Of a member that has no place on the board, since OSBalancerHealth is Off or checks can't reach
 * it, no latency is known: then the fewest requests in hand decide, as mod_proxy counts them.
 */
#ifndef OSB_LEAST_TIME_H
#define OSB_LEAST_TIME_H

#include <apr_pools.h>

/* register_hooks: names the method, so that a configuration may use it. */
void osb_least_time_register(apr_pool_t *pool);

/* pre_config: finds mod_proxy's function. */
void osb_least_time_begin(void);

#endif
