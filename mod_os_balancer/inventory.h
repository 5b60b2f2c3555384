/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The members that are checked: found in mod_proxy's configuration of every server, once each,
 * however many virtual hosts share them, and tied to their slots on the board.
 */
#ifndef OSB_INVENTORY_H
#define OSB_INVENTORY_H

#include "core/settings.h"
#include "probe/probe.h"

#include <httpd.h>
#include <mod_proxy.h>

struct osb_board;
struct osb_slot;
struct osb_group;

struct osb_member {
    struct osb_group *group; /* its balancer */
    proxy_worker *worker;    /* mod_proxy's */
    struct osb_slot *slot;   /* on the board */
    const char *key;         /* the slot's: server, balancer and URL */
    enum osb_scheme scheme;  /* of its URL */
    const char *context;     /* OpenSpecimen's context path there */
};

/* A balancer with OSBalancerHealth On. */
struct osb_group {
    server_rec *server;              /* in whose configuration it stands first */
    proxy_balancer *balancer;        /* mod_proxy's */
    const char *site;                /* the Host that checks send: what the server is called */
    const struct osb_health *health; /* its settings */
    struct osb_member *members;      /* member_count of them, in the order of configuration */
    unsigned member_count;
    struct osb_place *places; /* as many, for osb_group_apply to think in */
};

struct osb_inventory {
    apr_array_header_t *groups; /* struct osb_group */
    unsigned member_count;      /* of all groups */
};

/* Finds what is to be checked; slots are not claimed yet. */
struct osb_inventory *osb_inventory_make(apr_pool_t *pool, server_rec *main);

/* Claims a slot for each member. APR_ENOSPC: the board has too few, or a name is too long. */
apr_status_t osb_inventory_claim(struct osb_inventory *inventory, struct osb_board *board);

/* Brings mod_proxy's bits of a balancer's members into line with the states on the board. One
 * thread of a process at a time. */
void osb_group_apply(const struct osb_group *group);

/* Whether mod_proxy_balancer keeps the bits of its members over a stop (BalancerPersist On). */
bool osb_group_is_persistent(const struct osb_group *group);

/* "test.openspecimen.org:80", for pages and keys. */
const char *osb_server_name(apr_pool_t *pool, const server_rec *server);

#endif
