/* SPDX-License-Identifier: Apache-2.0 */
#include "inventory.h"
#include "board.h"
#include "config.h"
#include "members.h"
#include "core/state.h"

#include <apr_hash.h>
#include <apr_strings.h>

#define DEFAULT_CONTEXT "/openspecimen"

const char *osb_server_name(apr_pool_t *pool, const server_rec *server)
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
    const char *host = strstr(worker->s->name_ex, "://");
    const char *path = host != NULL ? strchr(host + 3, '/') : NULL;
    apr_size_t length = path != NULL ? strlen(path) : 0;

    if (health->context[0] != '\0')
        return health->context;
    while (length > 0 && path[length - 1] == '/')
        length--;
    return length > 0 ? apr_pstrmemdup(pool, path, length) : DEFAULT_CONTEXT;
}

/* Checks call the site by its own name, as users' requests do. A member's own name won't do: Tomcat
 * answers 400 to a Host with an underscore and to a bare IPv6 address. */
static const char *find_site(const server_rec *server)
{
    static const char accepted[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                   "0123456789-.";
    const char *name = server->server_hostname;

    return name != NULL && name[0] != '\0' && name[strspn(name, accepted)] == '\0' ? name
                                                                                   : "localhost";
}

static void fill_group(apr_pool_t *pool, struct osb_group *group)
{
    const apr_array_header_t *workers = group->balancer->workers;
    const char *server = osb_server_name(pool, group->server);

    group->site = find_site(group->server);
    group->members = apr_pcalloc(pool, (apr_size_t)workers->nelts * sizeof *group->members);
    group->places = apr_pcalloc(pool, (apr_size_t)workers->nelts * sizeof *group->places);
    for (int i = 0; i < workers->nelts; i++) {
        proxy_worker *worker = APR_ARRAY_IDX(workers, i, proxy_worker *);
        struct osb_member *member = &group->members[group->member_count];

        if (!osb_scheme_find(worker->s->scheme, &member->scheme))
            continue;
        member->worker = worker;
        member->context = find_context(pool, worker, group->health);
        member->key =
            apr_pstrcat(pool, server, " ", group->balancer->s->name, " ", worker->s->name_ex, NULL);
        group->member_count++;
    }
}

/* Virtual hosts inherit the main server's balancers as copies with the same array of workers, so
 * that array is what tells balancers apart. */
static void add_groups(apr_pool_t *pool, struct osb_inventory *inventory, server_rec *server,
                       apr_hash_t *seen)
{
    const apr_array_header_t *balancers = osb_proxy_balancers(server);

    for (int i = 0; balancers != NULL && i < balancers->nelts; i++) {
        proxy_balancer *balancer = &APR_ARRAY_IDX(balancers, i, proxy_balancer);
        const struct osb_balancer_config *config = osb_config_find(server, balancer->s->name);
        struct osb_group *group;

        if (config == NULL || !config->enabled ||
            apr_hash_get(seen, &balancer->workers, sizeof balancer->workers) != NULL)
            continue;
        apr_hash_set(seen, apr_pmemdup(pool, &balancer->workers, sizeof balancer->workers),
                     sizeof balancer->workers, balancer);
        group = apr_array_push(inventory->groups);
        *group =
            (struct osb_group){.server = server, .balancer = balancer, .health = &config->health};
        fill_group(pool, group);
        inventory->member_count += group->member_count;
    }
}

struct osb_inventory *osb_inventory_make(apr_pool_t *pool, server_rec *main)
{
    struct osb_inventory *inventory = apr_pcalloc(pool, sizeof *inventory);
    apr_hash_t *seen = apr_hash_make(pool);

    inventory->groups = apr_array_make(pool, 2, sizeof(struct osb_group));
    for (server_rec *server = main; server != NULL; server = server->next)
        add_groups(pool, inventory, server, seen);
    for (int i = 0; i < inventory->groups->nelts; i++) {
        struct osb_group *group = &APR_ARRAY_IDX(inventory->groups, i, struct osb_group);

        /* Only now, when the array doesn't move any more. */
        for (unsigned j = 0; j < group->member_count; j++)
            group->members[j].group = group;
    }
    return inventory;
}

apr_status_t osb_inventory_claim(struct osb_inventory *inventory, struct osb_board *board)
{
    for (int i = 0; i < inventory->groups->nelts; i++) {
        struct osb_group *group = &APR_ARRAY_IDX(inventory->groups, i, struct osb_group);

        for (unsigned j = 0; j < group->member_count; j++) {
            group->members[j].slot = osb_board_claim(board, group->members[j].key);
            if (group->members[j].slot == NULL)
                return APR_ENOSPC;
        }
    }
    return APR_SUCCESS;
}

void osb_group_apply(const struct osb_group *group)
{
    struct osb_place *places = group->places;

    for (unsigned i = 0; i < group->member_count; i++) {
        const struct osb_member *member = &group->members[i];

        places[i].state = osb_slot_read(member->slot).verdict.state;
        places[i].offered = osb_member_is_offered(member->worker);
    }
    osb_roster_decide(places, group->member_count);
    for (unsigned i = 0; i < group->member_count; i++) {
        if (places[i].serves)
            osb_member_admit(group->balancer, group->members[i].worker);
        else
            osb_member_exclude(group->members[i].worker);
    }
}

bool osb_group_is_persistent(const struct osb_group *group)
{
    return osb_proxy_conf(group->server)->bal_persist;
}
