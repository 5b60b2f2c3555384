/* SPDX-License-Identifier: Apache-2.0 */
/* The connection that an exchange goes over. */
#include "ajp_talk.h"
#include "config.h"
#include "proxy_api.h"

#include <http_log.h>

APLOG_USE_MODULE(os_balancer);

/* Closes the connection first if it is to be. */
static int determine_connection(struct osb_ajp_talk *talk, apr_uri_t *uri)
{
    const struct osb_exchange *exchange = talk->exchange;
    char port[32], *url = exchange->url;

    return osb_proxy_api()->determine_connection(
        talk->r->pool, talk->r, exchange->conf, exchange->worker, talk->backend, uri, &url,
        exchange->proxyname, exchange->proxyport, port, sizeof port);
}

apr_status_t osb_ajp_talk_send(struct osb_ajp_talk *talk, const apr_byte_t *bytes,
                               apr_size_t length)
{
    for (apr_size_t sent = 0; sent < length;) {
        apr_size_t left = length - sent;
        apr_status_t status =
            apr_socket_send(talk->backend->sock, (const char *)bytes + sent, &left);

        if (status != APR_SUCCESS)
            return status;
        sent += left;
    }
    return APR_SUCCESS;
}

static apr_interval_time_t first_that_is_set(const struct osb_ajp_talk *talk, bool connecting)
{
    const proxy_worker_shared *worker = talk->exchange->worker->s;

    if (connecting && worker->conn_timeout_set)
        return worker->conn_timeout;
    if (worker->timeout_set)
        return worker->timeout;
    return talk->exchange->conf->timeout_set ? talk->exchange->conf->timeout
                                             : talk->r->server->timeout;
}

/* As mod_proxy makes it (ap_proxy_connect_backend in proxy_util.c). NULL if that can't be. */
static apr_socket_t *make_socket(const struct osb_ajp_talk *talk)
{
    const proxy_worker_shared *worker = talk->exchange->worker->s;
    const proxy_server_conf *conf = talk->exchange->conf;
    apr_pool_t *pool = talk->backend->scpool;
    apr_socket_t *socket;

    if (apr_socket_create(&socket, talk->backend->addr->family, SOCK_STREAM, APR_PROTO_TCP, pool) !=
        APR_SUCCESS)
        return NULL;
    if (worker->recv_buffer_size > 0)
        apr_socket_opt_set(socket, APR_SO_RCVBUF, (apr_int32_t)worker->recv_buffer_size);
    apr_socket_opt_set(socket, APR_TCP_NODELAY, 1);
    if (worker->keepalive)
        apr_socket_opt_set(socket, APR_SO_KEEPALIVE, 1);
    if (conf->source_address_set) {
        apr_sockaddr_t *local = apr_pmemdup(pool, conf->source_address, sizeof *local);

        local->pool = pool;
        apr_socket_bind(socket, local);
    }
    return socket;
}

static bool is_under_way(apr_status_t status)
{
    return APR_STATUS_IS_EINPROGRESS(status) || status == EALREADY;
}

/* APR_TIMEUP: in vain. APR_EINTR: the request is given away. */
static apr_status_t connect_in_looks(struct osb_ajp_talk *talk, apr_socket_t *socket)
{
    struct osb_wait wait = osb_wait_begin(talk->exchange);
    apr_interval_time_t limit = first_that_is_set(talk, true);
    apr_pollfd_t poll = {.desc_type = APR_POLL_SOCKET,
                         .reqevents = APR_POLLOUT,
                         .p = talk->r->pool,
                         .desc.s = socket};
    apr_status_t status;
    apr_int32_t count;

    apr_socket_timeout_set(socket, 0);
    /* Once more when it is settled: that says how. */
    while (is_under_way(status = apr_socket_connect(socket, talk->backend->addr))) {
        while (APR_STATUS_IS_TIMEUP(apr_poll(&poll, 1, &count, osb_wait_next(&wait)))) {
            if (osb_ajp_talk_leaves_member(talk))
                return APR_EINTR;
            if (osb_wait_is_over(&wait, limit))
                return APR_TIMEUP;
        }
    }
    return status;
}

/* mod_proxy waits for a connection as long as it may. We look at the member meanwhile, and leave to
 * mod_proxy what is none of a wait: a member with several addresses or a socket's path, and errors.
 * It finds the connection made. False: there is none, and none to wait for. */
static bool connect_early(struct osb_ajp_talk *talk)
{
    proxy_conn_rec *backend = talk->backend;
    apr_socket_t *socket;
    apr_status_t status;

    if (backend->sock != NULL || backend->addr == NULL || backend->addr->next != NULL ||
        backend->uds_path != NULL || backend->forward != NULL)
        return true;
    socket = make_socket(talk);
    if (socket == NULL)
        return true;
    status = connect_in_looks(talk, socket);
    if (status == APR_SUCCESS) {
        apr_socket_timeout_set(socket, first_that_is_set(talk, false));
        backend->connection = NULL;
        backend->sock = socket;
        return true;
    }
    apr_socket_close(socket);
    if (APR_STATUS_IS_TIMEUP(status))
        ap_log_rerror(APLOG_MARK, APLOG_ERR, status, talk->r, "os_balancer: no connection to %s",
                      osb_worker_url(talk->exchange->worker));
    return !APR_STATUS_IS_TIMEUP(status) && status != APR_EINTR;
}

/* Gets the connection to be one that a request can be sent on. What has come on it since its last
 * one would be taken for this one's answer, and mod_proxy's own check of a connection that has no
 * filters doesn't mind it. */
int osb_ajp_talk_connect(struct osb_ajp_talk *talk, apr_uri_t *uri)
{
    proxy_worker *worker = talk->exchange->worker;
    int status = determine_connection(talk, uri);

    if (status == OK && talk->backend->sock != NULL && osb_ajp_talk_has_bytes(talk, 0)) {
        talk->backend->close = 1;
        status = determine_connection(talk, uri);
    }
    if (status != OK || (talk->backend->sock != NULL && PROXY_WORKER_IS_USABLE(worker)))
        return status;
    if (!connect_early(talk))
        return HTTP_SERVICE_UNAVAILABLE;
    if (osb_proxy_api()->connect_backend(OSB_AJP_SCHEME, talk->backend, worker, talk->r->server) !=
        OK) {
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, talk->r, "os_balancer: no connection to %s",
                      osb_worker_url(worker));
        return HTTP_SERVICE_UNAVAILABLE;
    }
    return OK;
}
