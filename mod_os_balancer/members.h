/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only writer of mod_proxy's worker bits. Of these it writes two: HC_FAIL, which takes a member
 * out and which balancer-manager shows as "HcFl", and IN_ERROR, which it clears. Everything else
 * that the bits say is the operator's or mod_proxy's.
 */
#ifndef OSB_MEMBERS_H
#define OSB_MEMBERS_H

#include "floor.h"

#include <stdbool.h>
#include <stdint.h>

/* Whether users may be sent to the member, as far as health checks are concerned. Letting a member
 * back in also clears the error that mod_proxy remembers of it, or it would wait for `retry`. */
void osb_member_admit(proxy_balancer *balancer, proxy_worker *worker);
void osb_member_exclude(proxy_worker *worker);

/* Forgets an error of mod_proxy's that is older than AGE_MS: checks have passed since. */
void osb_member_forgive(proxy_worker *worker, uint64_t age_ms);

/* The same at once, for an error that a failover's own answer made mod_proxy remember. */
void osb_member_clear_error(proxy_worker *worker);
/* Takes that back. */
void osb_member_set_error(proxy_worker *worker);

/* Whether checks have taken it out. */
bool osb_member_is_out(const proxy_worker *worker);

/* Whether no operator or configuration keeps new users from it. */
bool osb_member_is_offered(const proxy_worker *worker);

/* Whether new users may be sent to it now, by the checks and by the operator. */
bool osb_member_serves(const proxy_worker *worker);

/* The same, and mod_proxy remembers no error of it. */
bool osb_member_is_usable(const proxy_worker *worker);

/* enum osb_flag of what the bits say. */
unsigned osb_member_flags(const proxy_worker *worker);

#endif
