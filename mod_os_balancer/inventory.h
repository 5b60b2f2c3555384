/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The members that are checked: found in mod_proxy's configuration of every server, once each,
 * however many virtual hosts share them, and tied to their slots on the board. Members may be added
 * in balancer-manager while httpd runs; each child takes them in when it next looks
 * (osb_group_sync).
 */
#ifndef OSB_INVENTORY_H
#define OSB_INVENTORY_H

#include "core/record.h"
#include "core/roster.h"
#include "core/settings.h"
#include "probe/probe.h"
#include "floor.h"

#include <stdatomic.h>

struct osb_board;
struct osb_slot;
struct osb_group;

struct osb_member {
    struct osb_group *group; /* its balancer */
    unsigned number;         /* among all that may ever be, from 0: an index for others' arrays */
    proxy_worker *worker;    /* mod_proxy's */
    struct osb_slot *_Atomic slot; /* on the board; NULL until the leader gave it one */
    const char *key;               /* the slot's: server, balancer and URL */
    enum osb_scheme scheme;        /* of its URL */
    const char *context;           /* OpenSpecimen's context path there */
};

/* The same balancer as one server_rec has it: virtual hosts have copies of the main server's, which
 * share the array of workers. */
struct osb_copy {
    server_rec *server;
    proxy_balancer *balancer;
};

/* A balancer with OSBalancerHealth On. */
struct osb_group {
    unsigned number;                     /* among all groups, from 0 */
    server_rec *server;                  /* in whose configuration it stands first */
    proxy_balancer *balancer;            /* mod_proxy's, of that server */
    apr_array_header_t *copies;          /* struct osb_copy, the first one among them */
    const char *name;                    /* of the server, "test.openspecimen.org:80"; distinct */
    const char *site;                    /* the Host that checks send: what the server is called */
    const struct osb_health *health;     /* its settings */
    enum osb_skew_policy skew;           /* what is done about different builds */
    const struct osb_failover *failover; /* its settings; NULL: off */
    apr_pool_t *pool;              /* for members that come later; under the balancer's mutex */
    struct osb_slot *slots;        /* on the board, `room` of them */
    struct osb_member *members;    /* those that can be checked, in mod_proxy's order */
    _Atomic unsigned member_count; /* of members, which others read while one is added */
    unsigned known;                /* so many of mod_proxy's workers were looked at */
    unsigned room;                 /* the most members that there may ever be */
};

struct osb_inventory {
    apr_array_header_t *groups; /* struct osb_group */
    unsigned room;              /* of all groups */
};

/* Finds what is to be checked; slots are not claimed yet. */
struct osb_inventory *osb_inventory_make(apr_pool_t *pool, server_rec *main);

static inline unsigned osb_inventory_group_count(const struct osb_inventory *inventory)
{
    return (unsigned)inventory->groups->nelts;
}

static inline struct osb_group *osb_inventory_group(const struct osb_inventory *inventory,
                                                    unsigned number)
{
    return &APR_ARRAY_IDX(inventory->groups, number, struct osb_group);
}

/* Claims a slot for each member. APR_ENOSPC: the board has too few, or a name is too long. */
apr_status_t osb_inventory_claim(struct osb_inventory *inventory, struct osb_board *board);

/* Takes in members that were added since. ADD, the leader's business, gives those a slot that have
 * none yet; others wait until the leader did. */
void osb_group_sync(struct osb_group *group, struct osb_board *board, bool add);

/* Whether checks can reach it: not over a unix: socket, nor by a scheme that isn't ours. The
 * configuration may hold no other, but balancer-manager adds what it likes. */
bool osb_worker_can_be_checked(const proxy_worker *worker);

/* The checked balancer of that worker of mod_proxy's, in whichever server's copy, or NULL. */
struct osb_group *osb_inventory_group_of(const struct osb_inventory *inventory,
                                         const proxy_worker *worker);

/* The member that is that worker, or NULL if this child hasn't looked since it was added. It has no
 * slot before the leader took it in. For any thread. */
const struct osb_member *osb_group_find(const struct osb_group *group, const proxy_worker *worker);

/* What the board knows of it. For any thread. */
struct osb_record osb_member_record(const struct osb_member *member);

/* Whether mod_proxy_balancer keeps the bits of its members over a stop (BalancerPersist On). */
bool osb_group_is_persistent(const struct osb_group *group);

#endif
