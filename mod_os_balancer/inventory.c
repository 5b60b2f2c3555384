/* SPDX-License-Identifier: Apache-2.0 */
#include "inventory.h"
#include "board.h"
#include "config.h"
#include "members.h"
#include "proxy_api.h"

#include <apr_hash.h>
#include <apr_strings.h>

#define DEFAULT_CONTEXT "/openspecimen"

/* "test.openspecimen.org:80", for pages and keys. */
static const char *server_name(apr_pool_t *pool, const server_rec *server)
{
    const char *name = server->server_hostname != NULL ? server->server_hostname : "";
    unsigned port = server->port != 0       ? server->port
                    : server->addrs != NULL ? server->addrs->host_port
                                            : 0;

    return port != 0 ? apr_psprintf(pool, "%s:%u", name, port) : name;
}

/* The context is what context= says, or else the path of the member's URL, or else OpenSpecimen's
 * usual one. */
static const char *find_context(apr_pool_t *pool, const proxy_worker *worker,
                                const struct osb_health *health)
{
    const char *host = strstr(osb_worker_url(worker), "://");
    const char *path = host != NULL ? strchr(host + 3, '/') : NULL;
    apr_size_t length = path != NULL ? strlen(path) : 0;

    if (health->context[0] != '\0')
        return health->context;
    while (length > 0 && path[length - 1] == '/')
        length--;
    return length > 0 ? apr_pstrmemdup(pool, path, length) : DEFAULT_CONTEXT;
}

bool osb_worker_can_be_checked(const proxy_worker *worker)
{
    enum osb_scheme scheme;

    return worker->s->uds_path[0] == '\0' && osb_scheme_find(worker->s->scheme, &scheme);
}

/* One more of mod_proxy's workers. It is seen by others once it is whole. */
static void add_member(struct osb_group *group, proxy_worker *worker)
{
    unsigned count = atomic_load(&group->member_count);
    struct osb_member *member = &group->members[count];

    /* Two virtual hosts' threads may each have taken the same one in. */
    if (!osb_worker_can_be_checked(worker) || osb_group_find(group, worker) != NULL)
        return;
    osb_scheme_find(worker->s->scheme, &member->scheme);
    member->group = group;
    member->number = group->members[0].number + count;
    member->worker = worker;
    member->context = find_context(group->pool, worker, group->health);
    member->key = apr_pstrcat(group->pool, group->name, " ", group->balancer->s->name, " ",
                              osb_worker_url(worker), NULL);
    atomic_store_explicit(&group->member_count, count + 1, memory_order_release);
}

static void add_members(struct osb_group *group)
{
    const apr_array_header_t *workers = group->balancer->workers;

    for (; group->known < (unsigned)workers->nelts; group->known++) {
        if (atomic_load(&group->member_count) < group->room)
            add_member(group, APR_ARRAY_IDX(workers, group->known, proxy_worker *));
    }
}

/* Virtual hosts inherit the main server's balancers as copies with the same array of workers, so
 * that array is what tells balancers apart. */
static struct osb_group *find_group(const struct osb_inventory *inventory,
                                    const proxy_balancer *balancer)
{
    for (unsigned i = 0; i < osb_inventory_group_count(inventory); i++) {
        struct osb_group *group = osb_inventory_group(inventory, i);

        if (group->balancer->workers == balancer->workers)
            return group;
    }
    return NULL;
}

static unsigned room_of(const proxy_balancer *balancer)
{
    int most = balancer->max_workers > balancer->workers->nelts ? balancer->max_workers
                                                                : balancer->workers->nelts;

    return (unsigned)most;
}

/* Strings of members that are added later must not come from a pool that other threads use. */
static apr_pool_t *own_pool(apr_pool_t *parent)
{
    apr_allocator_t *allocator;
    apr_pool_t *pool;

    if (apr_allocator_create(&allocator) != APR_SUCCESS)
        return parent;
    apr_pool_create_ex(&pool, parent, NULL, allocator);
    apr_allocator_owner_set(allocator, pool);
    return pool;
}

/* The server's name, which tells its balancers' members from others'; with a number where a virtual
 * host before has the same one, as on another address. */
static const char *distinct_name(apr_pool_t *pool, const struct osb_inventory *inventory,
                                 server_rec *server, const proxy_balancer *balancer)
{
    const char *name = server_name(pool, server);
    unsigned same = 0;

    for (unsigned i = 0; i < osb_inventory_group_count(inventory); i++) {
        const struct osb_group *group = osb_inventory_group(inventory, i);

        same += strcmp(group->balancer->s->name, balancer->s->name) == 0 &&
                strcmp(server_name(pool, group->server), name) == 0;
    }
    return same > 0 ? apr_psprintf(pool, "%s#%u", name, same + 1) : name;
}

static struct osb_group *add_group(apr_pool_t *pool, struct osb_inventory *inventory,
                                   server_rec *server, proxy_balancer *balancer,
                                   const struct osb_balancer_config *config)
{
    const char *name = distinct_name(pool, inventory, server, balancer);
    struct osb_group *group = apr_array_push(inventory->groups);

    *group = (struct osb_group){
        .number = osb_inventory_group_count(inventory) - 1,
        .server = server,
        .balancer = balancer,
        .copies = apr_array_make(pool, 1, sizeof(struct osb_copy)),
        .name = name,
        .site = osb_probe_site(server->server_hostname),
        .health = &config->health,
        .skew = config->skew,
        .failover = config->fails_over ? &config->failover : NULL,
        .pool = own_pool(pool),
        .room = room_of(balancer),
    };
    group->members = apr_pcalloc(pool, group->room * sizeof *group->members);
    group->members[0].number = inventory->room;
    inventory->room += group->room;
    return group;
}

static void add_groups(apr_pool_t *pool, struct osb_inventory *inventory, server_rec *server)
{
    const apr_array_header_t *balancers = osb_proxy_balancers(server);

    for (int i = 0; balancers != NULL && i < balancers->nelts; i++) {
        proxy_balancer *balancer = &APR_ARRAY_IDX(balancers, i, proxy_balancer);
        const struct osb_balancer_config *config = osb_config_find(server, balancer->s->name);
        struct osb_group *group = find_group(inventory, balancer);

        if (group == NULL && config != NULL && config->enabled && room_of(balancer) > 0)
            group = add_group(pool, inventory, server, balancer, config);
        if (group != NULL)
            APR_ARRAY_PUSH(group->copies, struct osb_copy) =
                (struct osb_copy){.server = server, .balancer = balancer};
    }
}

struct osb_inventory *osb_inventory_make(apr_pool_t *pool, server_rec *main)
{
    struct osb_inventory *inventory = apr_pcalloc(pool, sizeof *inventory);

    inventory->groups = apr_array_make(pool, 2, sizeof(struct osb_group));
    for (server_rec *server = main; server != NULL; server = server->next)
        add_groups(pool, inventory, server);
    /* Only now, when the array of groups, to which members point, doesn't move any more. */
    for (unsigned i = 0; i < osb_inventory_group_count(inventory); i++)
        add_members(osb_inventory_group(inventory, i));
    return inventory;
}

/* Ties members without a slot to theirs. False if one has none. */
static bool name_slots(struct osb_group *group, struct osb_board *board, bool add)
{
    unsigned count = atomic_load_explicit(&group->member_count, memory_order_acquire);
    bool all = true;

    for (unsigned i = 0; i < count; i++) {
        struct osb_member *member = &group->members[i];

        if (member->slot == NULL)
            member->slot = osb_board_name(board, group->slots, group->room, member->key, add);
        all &= member->slot != NULL;
    }
    return all;
}

apr_status_t osb_inventory_claim(struct osb_inventory *inventory, struct osb_board *board)
{
    for (unsigned i = 0; i < osb_inventory_group_count(inventory); i++) {
        struct osb_group *group = osb_inventory_group(inventory, i);

        osb_board_name_group(
            board, i, apr_pstrcat(group->pool, group->name, " ", group->balancer->s->name, NULL));
        group->slots = osb_board_claim(board, group->room);
        if (group->slots == NULL || !name_slots(group, board, true))
            return APR_ENOSPC;
    }
    return APR_SUCCESS;
}

/* Under the mutex under which mod_proxy itself does it for this copy. */
static void sync_copy(const struct osb_copy *copy)
{
    if (copy->balancer->s->wupdated <= copy->balancer->wupdated ||
        PROXY_THREAD_LOCK(copy->balancer) != APR_SUCCESS)
        return;
    if (copy->balancer->s->wupdated > copy->balancer->wupdated)
        osb_proxy_api()->sync_balancer(copy->balancer, copy->server, osb_proxy_conf(copy->server));
    PROXY_THREAD_UNLOCK(copy->balancer);
}

void osb_group_sync(struct osb_group *group, struct osb_board *board, bool add)
{
    for (int i = 0; i < group->copies->nelts; i++)
        sync_copy(&APR_ARRAY_IDX(group->copies, i, struct osb_copy));
    if (PROXY_THREAD_LOCK(group->balancer) != APR_SUCCESS)
        return;
    add_members(group);
    name_slots(group, board, add);
    PROXY_THREAD_UNLOCK(group->balancer);
}

struct osb_group *osb_inventory_group_of(const struct osb_inventory *inventory,
                                         const proxy_worker *worker)
{
    return worker->balancer != NULL ? find_group(inventory, worker->balancer) : NULL;
}

const struct osb_member *osb_group_find(const struct osb_group *group, const proxy_worker *worker)
{
    unsigned count = atomic_load_explicit(&group->member_count, memory_order_acquire);

    for (unsigned i = 0; i < count; i++) {
        if (group->members[i].worker->s == worker->s)
            return &group->members[i];
    }
    return NULL;
}

struct osb_record osb_member_record(const struct osb_member *member)
{
    const struct osb_slot *slot = member->slot;

    return slot != NULL ? osb_slot_read(slot, NULL)
                        : (struct osb_record){.verdict = osb_verdict_new()};
}

bool osb_group_is_persistent(const struct osb_group *group)
{
    return osb_proxy_conf(group->server)->bal_persist;
}
