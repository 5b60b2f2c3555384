/* SPDX-License-Identifier: Apache-2.0 */
#include "members.h"
#include "core/snapshot.h"

/* mod_proxy's own writes are plain |= and &=~ in any child. Ours are atomic, so that we never undo
 * one of them; if one of them undoes ours, the next check does it again. */
static unsigned load_bits(const proxy_worker *worker)
{
    return __atomic_load_n(&worker->s->status, __ATOMIC_RELAXED);
}

static void set_bits(proxy_worker *worker, unsigned bits)
{
    if ((load_bits(worker) & bits) != bits)
        __atomic_fetch_or(&worker->s->status, bits, __ATOMIC_RELAXED);
}

static void clear_bits(proxy_worker *worker, unsigned bits)
{
    if ((load_bits(worker) & bits) != 0)
        __atomic_fetch_and(&worker->s->status, ~bits, __ATOMIC_RELAXED);
}

void osb_member_admit(proxy_balancer *balancer, proxy_worker *worker)
{
    if (!(load_bits(worker) & PROXY_WORKER_HC_FAIL))
        return;
    clear_bits(worker, PROXY_WORKER_HC_FAIL | PROXY_WORKER_IN_ERROR);
    /* The lbmethod starts counting anew, or it would give a member that was away all it missed. */
    balancer->s->need_reset = 1;
}

void osb_member_exclude(proxy_worker *worker)
{
    set_bits(worker, PROXY_WORKER_HC_FAIL);
}

void osb_member_forgive(proxy_worker *worker, uint64_t age_ms)
{
    if ((load_bits(worker) & PROXY_WORKER_IN_ERROR) &&
        worker->s->error_time + (apr_time_t)age_ms * 1000 < apr_time_now())
        clear_bits(worker, PROXY_WORKER_IN_ERROR);
}

void osb_member_set_error(proxy_worker *worker)
{
    set_bits(worker, PROXY_WORKER_IN_ERROR);
}

void osb_member_clear_error(proxy_worker *worker)
{
    clear_bits(worker, PROXY_WORKER_IN_ERROR);
}

bool osb_member_is_out(const proxy_worker *worker)
{
    return load_bits(worker) & PROXY_WORKER_HC_FAIL;
}

bool osb_member_is_offered(const proxy_worker *worker)
{
    return !(load_bits(worker) &
             (PROXY_WORKER_DISABLED | PROXY_WORKER_STOPPED | PROXY_WORKER_DRAIN));
}

bool osb_member_serves(const proxy_worker *worker)
{
    return osb_member_is_offered(worker) && !(load_bits(worker) & PROXY_WORKER_HC_FAIL);
}

bool osb_member_is_usable(const proxy_worker *worker)
{
    return osb_member_serves(worker) && !(load_bits(worker) & PROXY_WORKER_IN_ERROR);
}

unsigned osb_member_flags(const proxy_worker *worker)
{
    static const struct row {
        unsigned bit;
        enum osb_flag flag;
    } rows[] = {
        {PROXY_WORKER_DRAIN, OSB_FLAG_DRAINING},  {PROXY_WORKER_DISABLED, OSB_FLAG_DISABLED},
        {PROXY_WORKER_STOPPED, OSB_FLAG_STOPPED}, {PROXY_WORKER_HOT_STANDBY, OSB_FLAG_STANDBY},
        {PROXY_WORKER_HOT_SPARE, OSB_FLAG_SPARE}, {PROXY_WORKER_IN_ERROR, OSB_FLAG_ERROR}};
    unsigned bits = load_bits(worker), flags = 0;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        flags |= bits & rows[i].bit ? (unsigned)rows[i].flag : 0;
    return flags;
}
