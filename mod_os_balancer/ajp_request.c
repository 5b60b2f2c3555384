/* SPDX-License-Identifier: Apache-2.0 */
#include "ajp_request.h"
#include "core/ajp.h"
#include "proxy_api.h"

#include <apr_strings.h>
#include <http_core.h>

#include <stdlib.h>

/* The least packet that mod_proxy_ajp has room for, Tomcat's default (ajp.h, AJP_MSG_BUFFER_SZ). */
#define LEAST_PACKET 8192
/* Variables of the request that begin so become attributes, without it. */
#define VARIABLE_PREFIX "AJP_"

apr_size_t osb_ajp_packet_limit(const proxy_worker *worker, const proxy_server_conf *conf)
{
    apr_size_t size = conf->io_buffer_size_set ? conf->io_buffer_size : LEAST_PACKET;

    if (worker->s->io_buffer_size_set)
        size = worker->s->io_buffer_size;
    if (size < LEAST_PACKET)
        size = LEAST_PACKET;
    size = APR_ALIGN(size, 1024);
    return size < OSB_AJP_PACKET_MAX ? size : OSB_AJP_PACKET_MAX;
}

static enum osb_ajp_method method_of(const request_rec *r)
{
    return osb_ajp_find_method(r->header_only ? "HEAD" : r->method);
}

static const struct osb_ajp_header *headers_of(const request_rec *r)
{
    const apr_array_header_t *lines = apr_table_elts(r->headers_in);
    struct osb_ajp_header *headers =
        apr_palloc(r->pool, ((apr_size_t)lines->nelts + 1) * sizeof *headers);

    for (int i = 0; i < lines->nelts; i++) {
        const apr_table_entry_t *line = &APR_ARRAY_IDX(lines, i, apr_table_entry_t);

        headers[i] = (struct osb_ajp_header){.name = line->key, .value = line->val};
    }
    return headers;
}

/* A variable of mod_ssl's, or NULL if it is empty. */
static const char *tls_value(request_rec *r, const char *name)
{
    const char *value = osb_proxy_api()->ssl_val(r->pool, r->server, r->connection, r, name);

    return value != NULL && value[0] != '\0' ? value : NULL;
}

static void add_tls(request_rec *r, struct osb_ajp_request *request)
{
    const char *key_size = tls_value(r, "SSL_CIPHER_USEKEYSIZE");

    request->tls_certificate = tls_value(r, "SSL_CLIENT_CERT");
    request->tls_cipher = tls_value(r, "SSL_CIPHER");
    request->tls_session = tls_value(r, "SSL_SESSION_ID");
    request->tls_key_size = key_size != NULL ? (unsigned)atoi(key_size) & 0xFFFF : 0;
}

static void add_attributes(request_rec *r, struct osb_ajp_request *request)
{
    const apr_array_header_t *variables = apr_table_elts(r->subprocess_env);
    struct osb_ajp_attribute *attributes =
        apr_palloc(r->pool, ((apr_size_t)variables->nelts + 3) * sizeof *attributes);
    const char *protocol = request->is_tls ? tls_value(r, "SSL_PROTOCOL") : NULL;
    size_t count = 0;

    if (protocol != NULL)
        attributes[count++] = (struct osb_ajp_attribute){"AJP_SSL_PROTOCOL", protocol};
    attributes[count++] =
        (struct osb_ajp_attribute){"AJP_REMOTE_PORT", apr_itoa(r->pool, r->useragent_addr->port)};
    attributes[count++] = (struct osb_ajp_attribute){"AJP_LOCAL_ADDR", r->connection->local_ip};
    for (int i = 0; i < variables->nelts; i++) {
        const apr_table_entry_t *variable = &APR_ARRAY_IDX(variables, i, apr_table_entry_t);

        if (strncmp(variable->key, VARIABLE_PREFIX, strlen(VARIABLE_PREFIX)) == 0)
            attributes[count++] =
                (struct osb_ajp_attribute){variable->key + strlen(VARIABLE_PREFIX), variable->val};
    }
    request->attributes = attributes;
    request->attribute_count = count;
}

apr_size_t osb_ajp_request_write(request_rec *r, const struct osb_ajp_target *target,
                                 apr_byte_t **packet)
{
    struct osb_ajp_request request = {
        .method = method_of(r),
        .other_method = r->method,
        .protocol = r->protocol,
        .uri = target->uri->path,
        .query = target->uri->query,
        .remote_addr = r->useragent_ip,
        .remote_host = ap_get_useragent_host(r, REMOTE_HOST, NULL),
        .server_name = ap_get_server_name(r),
        .server_port = r->connection->local_addr->port,
        .is_tls = osb_proxy_api()->conn_is_https(r->connection) != 0,
        .headers = headers_of(r),
        .header_count = (size_t)apr_table_elts(r->headers_in)->nelts,
        .secret = target->secret[0] != '\0' ? target->secret : NULL,
        .remote_user = r->user,
        .auth_type = r->ap_auth_type,
        .route = apr_table_get(r->notes, "session-route"),
    };

    if (request.is_tls)
        add_tls(r, &request);
    add_attributes(r, &request);
    *packet = apr_palloc(r->pool, target->limit);
    return osb_ajp_encode_request(&request, *packet, target->limit);
}
