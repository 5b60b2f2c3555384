/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One attempt of a request at a member. A safe one can go to another member: an answer that proves
 * the member bad is looked at before the client gets any of it, and the wait for the first byte
 * ends when the member goes out. Every other one is sent once. For the client and the member it is
 * as without us.
 */
#ifndef OSB_EXCHANGE_H
#define OSB_EXCHANGE_H

#include "core/failover.h"
#include "floor.h"

#include <stdbool.h>

/* Filters of an answer that may be taken back stand before all that work on its content. */
#define OSB_FTYPE_ANSWER (AP_FTYPE_RESOURCE - 2)
/* And before these who takes the time. */
#define OSB_FTYPE_TIME (AP_FTYPE_RESOURCE - 3)

/* Why a request could go to another member. Up to then its client was given nothing. */
enum osb_trouble {
    OSB_TROUBLE_CONNECT,  /* no connection, or it was lost while asking */
    OSB_TROUBLE_SILENT,   /* nothing came within the time limit */
    OSB_TROUBLE_BROKEN,   /* the answer broke off, or wasn't AJP, before its headers were whole */
    OSB_TROUBLE_NONSENSE, /* what it answers can't be an answer: an application's fault, maybe */
    OSB_TROUBLE_OUT,      /* the member went out while the request waited */
    OSB_TROUBLE_ANSWER    /* its answer proves it bad */
};

/* The client's part in an attempt, as far as it is known: over http:// it isn't. */
struct osb_client_part {
    uint64_t waited_ms; /* how long the member waited for the request's body */
    bool failed;        /* the attempt came to its end through the client */
};

struct osb_exchange {
    request_rec *r;
    proxy_worker *worker;
    proxy_server_conf *conf;
    char *url;
    const char *proxyname; /* as mod_proxy gives them to a scheme_handler */
    apr_port_t proxyport;
    struct osb_client_part *client; /* filled in */
    bool once; /* with its first byte the request is the member's, whatever becomes of it */
    /* Whether the request goes to another member, for that reason. Asked once, when there is one,
     * but again and again while the member is out and the request waits; what isn't given away goes
     * on, or fails, as it would without us. PROOF is NONE unless TROUBLE
     * is ANSWER. */
    bool (*gives_away)(void *baton, enum osb_trouble trouble, enum osb_proof proof);
    /* Told of each wait at the member that grows long. */
    void (*waits_long)(void *baton);
    void *baton;
};

/* A wait at the member, in short pieces. */
struct osb_wait {
    const struct osb_exchange *exchange;
    apr_time_t began;
    bool told; /* waits_long was */
};

struct osb_wait osb_wait_begin(const struct osb_exchange *exchange);

/* How long to wait until the next look at the member, in microseconds. */
apr_interval_time_t osb_wait_next(struct osb_wait *wait);

/* Whether it has lasted for LIMIT, in microseconds; below 0: there is none. */
bool osb_wait_is_over(const struct osb_wait *wait, apr_interval_time_t limit);

/* Each returns what a scheme_handler does: OK, DONE or an HTTP status; 503 for a request that is
 * given away. */

/* At an ajp:// member: our own exchange, over mod_proxy's pool of connections and with core's
 * codec, since mod_proxy_ajp waits in a read that nothing ends. */
int osb_ajp_exchange(const struct osb_exchange *exchange);

/* At an http:// or https:// member: mod_proxy_http's exchange, between two filters of ours. */
int osb_http_exchange(const struct osb_exchange *exchange);
/* A request that stays with its member: it may open connections that later ones go over. */
int osb_http_exchange_once(const struct osb_exchange *exchange);
/* Registers the filters. */
void osb_http_exchange_hook(void);

#endif
