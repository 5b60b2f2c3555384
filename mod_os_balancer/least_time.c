/* SPDX-License-Identifier: Apache-2.0 */
#include "least_time.h"
#include "board.h"
#include "inventory.h"
#include "runtime.h"
#include "core/load.h"
#include "core/vocabulary.h"

#include <ap_provider.h>
#include <apr_optional.h>

#include <limits.h>

static APR_OPTIONAL_FN_TYPE(proxy_balancer_get_best_worker) * get_best_worker;

/* One look for the best member. */
struct search {
    const struct osb_group *group; /* NULL: the balancer isn't checked */
    unsigned next;                 /* the number in its group that the next member likely has */
    uint64_t now;                  /* ms on the clock of osb_prober_now */
    uint64_t time;                 /* ms since 1970 */
    struct osb_choice choice;
};

static const struct osb_group *find_group(const proxy_balancer *balancer)
{
    const struct osb_runtime *runtime = osb_runtime_get();

    return runtime != NULL && balancer->workers->nelts > 0
               ? osb_inventory_group_of(runtime->inventory,
                                        APR_ARRAY_IDX(balancer->workers, 0, proxy_worker *))
               : NULL;
}

/* mod_proxy offers its members in the group's order, most of the time. */
static struct osb_slot *find_slot(struct search *search, const proxy_worker *worker)
{
    const struct osb_group *group = search->group;
    const struct osb_member *member;

    if (group == NULL)
        return NULL;
    member = search->next < atomic_load_explicit(&group->member_count, memory_order_acquire)
                 ? &group->members[search->next]
                 : NULL;
    if (member == NULL || member->worker->s != worker->s)
        member = osb_group_find(group, worker);
    if (member == NULL)
        return NULL;
    search->next = (unsigned)(member - group->members) + 1;
    return member->slot;
}

static double share_of(const struct search *search, const struct osb_slot *slot)
{
    uint32_t slowstart_ms = search->group->health->slowstart_ms;
    uint64_t since = slowstart_ms > 0 ? osb_slot_up_since(slot) : 0;

    if (since == 0)
        return 1;
    return osb_load_share(search->time > since ? search->time - since : 0, slowstart_ms);
}

static double cost_of(struct search *search, const proxy_worker *worker)
{
    struct osb_slot *slot = find_slot(search, worker);
    double weight = worker->s->lbfactor > 0 ? worker->s->lbfactor : 1;

    if (slot == NULL)
        return OSB_LOAD_LEAST_MS * ((double)worker->s->busy + 1) / weight;
    return osb_load_wait(osb_slot_load(slot), search->now) / (weight * share_of(search, slot));
}

/* mod_proxy's lbstatus is each method's to use: here it is the number of the choice that fell on
 * the member last. */
static int is_best(proxy_worker *current, proxy_worker *best, void *baton)
{
    struct search *search = baton;

    if (best == NULL)
        search->choice.made = false;
    return osb_choice_offer(&search->choice, cost_of(search, current), current->s->lbstatus);
}

static apr_status_t reset(proxy_balancer *balancer, server_rec *server)
{
    (void)server;
    for (int i = 0; i < balancer->workers->nelts; i++)
        APR_ARRAY_IDX(balancer->workers, i, proxy_worker *)->s->lbstatus = 0;
    return APR_SUCCESS;
}

/* Plain writes, as mod_proxy's own: two children that choose at once may give the same number. */
static apr_status_t number_choice(proxy_balancer *balancer, proxy_worker *chosen,
                                  server_rec *server)
{
    int latest = 0;

    for (int i = 0; i < balancer->workers->nelts; i++) {
        int number = APR_ARRAY_IDX(balancer->workers, i, proxy_worker *)->s->lbstatus;

        latest = number > latest ? number : latest;
    }
    if (latest == INT_MAX) {
        reset(balancer, server);
        latest = 0;
    }
    chosen->s->lbstatus = latest + 1;
    return APR_SUCCESS;
}

static proxy_worker *find_best(proxy_balancer *balancer, request_rec *r)
{
    struct search search = {.group = find_group(balancer),
                            .now = osb_prober_now(),
                            .time = (uint64_t)apr_time_as_msec(apr_time_now())};
    proxy_worker *worker = get_best_worker(balancer, r, is_best, &search);

    if (worker != NULL)
        number_choice(balancer, worker, r->server);
    return worker;
}

static apr_status_t age(proxy_balancer *balancer, server_rec *server)
{
    (void)balancer;
    (void)server;
    return APR_SUCCESS;
}

void osb_least_time_register(apr_pool_t *pool)
{
    static const proxy_balancer_method method = {
        .name = OSB_LBMETHOD,
        .finder = find_best,
        .reset = reset,
        .age = age,
        .updatelbstatus = number_choice,
    };

    ap_register_provider(pool, PROXY_LBMETHOD, OSB_LBMETHOD, "0", &method);
}

void osb_least_time_begin(void)
{
    get_best_worker = APR_RETRIEVE_OPTIONAL_FN(proxy_balancer_get_best_worker);
}
