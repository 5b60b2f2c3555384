/* SPDX-License-Identifier: Apache-2.0 */
#include "ajp_answer.h"
#include "proxy_api.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <http_protocol.h>
#include <util_script.h>

#ifndef AP_TRUST_CGILIKE_CL_ENVVAR /* before 2.4.59 */
#define AP_TRUST_CGILIKE_CL_ENVVAR "ap_trust_cgilike_cl"
#endif

/* Cookies that httpd has set itself, such as the route's, stay. */
static int keep_cookie(void *table, const char *name, const char *value)
{
    apr_table_addn(table, name, value);
    return 1;
}

static apr_table_t *begin_headers(request_rec *r, unsigned count)
{
    apr_table_t *headers = apr_table_make(r->pool, (int)count + 2);

    apr_table_do(keep_cookie, headers, r->headers_out, "Set-Cookie", NULL);
    return headers;
}

/* Headers that are more to httpd than a line. */
enum meaning {
    MEANS_NOTHING,
    MEANS_COOKIE,
    MEANS_TYPE,
    MEANS_PLACE /* this side's address takes the other's place, as ProxyPassReverse says */
};

/* Most names are told from all of these by their length. */
static enum meaning meaning_of(const struct osb_ajp_text *name)
{
#define ROW(literal, means)                     \
    {                                           \
        (literal), sizeof(literal) - 1, (means) \
    }
    static const struct {
        const char *name;
        size_t length;
        enum meaning meaning;
    } rows[] = {
        ROW("Set-Cookie", MEANS_COOKIE),      ROW("Content-Type", MEANS_TYPE),
        ROW("Location", MEANS_PLACE),         ROW("URI", MEANS_PLACE),
        ROW("Content-Location", MEANS_PLACE), ROW("Destination", MEANS_PLACE),
    };
#undef ROW

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].length == name->length && ap_cstr_casecmp(rows[i].name, name->bytes) == 0)
            return rows[i].meaning;
    }
    return MEANS_NOTHING;
}

static void take_header(request_rec *r, const proxy_dir_conf *conf, const struct osb_ajp_text *name,
                        const char *value)
{
    /* mod_proxy's own functions want its configuration as if they would change it. */
    proxy_dir_conf *own = (proxy_dir_conf *)conf;
    enum meaning meaning = meaning_of(name);

    if (meaning == MEANS_COOKIE)
        value = osb_proxy_api()->cookie_reverse_map(r, own, value);
    else if (meaning == MEANS_PLACE)
        value = osb_proxy_api()->location_reverse_map(r, own, value);
    apr_table_addn(r->headers_out, name->bytes, value);
    if (meaning == MEANS_TYPE)
        ap_set_content_type(r, apr_pstrdup(r->pool, value));
}

/* AJP frames the body itself, so httpd counts what it sends rather than believe a length. Before
 * 2.4.59 mod_proxy_ajp passes both on, and clients may wait for chunks that nobody makes. */
static void drop_framing(request_rec *r)
{
    if (apr_table_get(r->subprocess_env, AP_TRUST_CGILIKE_CL_ENVVAR) == NULL)
        apr_table_unset(r->headers_out, "Content-Length");
    apr_table_unset(r->headers_out, "Transfer-Encoding");
}

/* Whether there is a reason that a client may see: our codec refuses only the end of a line in it,
 * and httpd 2.4.47 passes other control characters on. */
static bool is_plain(const struct osb_ajp_text *reason)
{
    for (size_t i = 0; i < reason->length; i++) {
        if (apr_iscntrl(reason->bytes[i]))
            return false;
    }
    return reason->bytes != NULL;
}

void osb_ajp_answer_take_headers(request_rec *r, const proxy_dir_conf *conf,
                                 const struct osb_ajp_packet *packet)
{
    struct osb_ajp_headers rest = packet->headers;
    struct osb_ajp_text name, value;

    r->status = (int)packet->status;
    r->status_line = is_plain(&packet->reason)
                         ? apr_psprintf(r->pool, "%u %.*s", packet->status,
                                        (int)packet->reason.length, packet->reason.bytes)
                         : NULL;
    r->headers_out = begin_headers(r, rest.count);
    while (osb_ajp_next_header(&rest, &name, &value))
        take_header(r, conf, &name, value.bytes);
    drop_framing(r);
}

bool osb_ajp_answer_is_overridden(const proxy_dir_conf *conf, int status)
{
    if (!conf->error_override)
        return false;
    if (apr_is_empty_array(conf->error_override_codes))
        return ap_is_HTTP_ERROR(status);
    for (int i = 0; i < conf->error_override_codes->nelts; i++) {
        if (APR_ARRAY_IDX(conf->error_override_codes, i, int) == status)
            return true;
    }
    return false;
}
