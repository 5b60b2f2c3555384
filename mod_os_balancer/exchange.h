/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One attempt of a safe request at an ajp:// member, in our own hands: over mod_proxy's pool of
 * connections, with core's codec. It is mod_proxy_ajp's exchange, seen from both ends, but for two
 * things: an answer that proves the member bad is looked at before the client gets any of it, and
 * the wait for the first byte ends when the member goes out.
 */
#ifndef OSB_EXCHANGE_H
#define OSB_EXCHANGE_H

#include "core/failover.h"

#include <httpd.h>
#include <mod_proxy.h>

#include <stdbool.h>

/* Why a request could go to another member. Up to then its client was given nothing. */
enum osb_trouble {
    OSB_TROUBLE_CONNECT, /* no connection, or it was lost while asking */
    OSB_TROUBLE_SILENT,  /* nothing came within the time limit */
    OSB_TROUBLE_BROKEN,  /* the answer broke off, or wasn't AJP, before its headers were whole */
    OSB_TROUBLE_OUT,     /* the member went out while the request waited */
    OSB_TROUBLE_ANSWER   /* its answer proves it bad */
};

struct osb_exchange {
    request_rec *r;
    proxy_worker *worker;
    proxy_server_conf *conf;
    char *url;
    const char *proxyname; /* as mod_proxy gives them to a scheme_handler */
    apr_port_t proxyport;
    /* Whether the request goes to another member, for that reason. Asked once, when there is one;
     * what isn't given away goes on, or fails, as it would with mod_proxy_ajp. PROOF is NONE unless
     * TROUBLE is ANSWER. */
    bool (*gives_away)(void *baton, enum osb_trouble trouble, enum osb_proof proof);
    void *baton;
};

/* Whether the request may be sent twice: GET, HEAD or OPTIONS, and no body. */
bool osb_exchange_is_safe(request_rec *r);

/* What a scheme_handler returns: OK, DONE or an HTTP status; 503 for a request that is given away.
 */
int osb_exchange_run(const struct osb_exchange *exchange);

#endif
