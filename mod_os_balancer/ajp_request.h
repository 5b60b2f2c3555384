/* SPDX-License-Identifier: Apache-2.0 */
/* The head of a request as mod_proxy_ajp would send it to a member, in one packet. */
#ifndef OSB_AJP_REQUEST_H
#define OSB_AJP_REQUEST_H

#include "floor.h"

/* What the worker's URL and the request came to. */
struct osb_ajp_target {
    const apr_uri_t *uri; /* path and query at the member */
    const char *secret;   /* the worker's; "" for none */
    apr_size_t limit; /* of the packet, in bytes: ProxyIOBufferSize as mod_proxy_ajp rounds it */
};

/* Of all but the request's body. The packet lies in r->pool. Its length, or 0 if it is too long or
 * AJP13 can't say it. */
apr_size_t osb_ajp_request_write(request_rec *r, const struct osb_ajp_target *target,
                                 apr_byte_t **packet);

/* So long a packet may be, by ProxyIOBufferSize or the worker's own iobuffersize, as mod_proxy_ajp
 * of httpd 2.4.64 and later takes them. */
apr_size_t osb_ajp_packet_limit(const proxy_worker *worker, const proxy_server_conf *conf);

#endif
