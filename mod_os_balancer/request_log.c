/* SPDX-License-Identifier: Apache-2.0 */
#include "request_log.h"
#include "config.h"
#include "failover.h"
#include "inventory.h"

#include "core/vocabulary.h"

#include <apr_strings.h>
#include <http_config.h>
#include <mod_log_config.h>

static const char *answered(request_rec *r, const struct osb_course *course)
{
    return course->was_answered ? apr_psprintf(r->pool, "%" APR_UINT64_T_FMT, course->answered_ms)
                                : NULL;
}

static const char *failover(request_rec *r, const struct osb_course *course)
{
    (void)r;
    return course->from != NULL ? osb_worker_url(course->from->worker) : NULL;
}

static const struct item {
    const char *name;
    const char *(*value)(request_rec *r, const struct osb_course *course); /* NULL: none */
} items[] = {
    {OSB_LOG_ANSWERED, answered},
    {OSB_LOG_FAILOVER, failover},
};

/* mod_log_config writes "-" for NULL. */
static const char *value_of(request_rec *r, char *name)
{
    const struct osb_course *course = ap_get_module_config(r->request_config, &os_balancer_module);

    for (size_t i = 0; course != NULL && i < sizeof items / sizeof *items; i++) {
        if (strcmp(items[i].name, name) == 0)
            return items[i].value(r, course);
    }
    return NULL;
}

/* Of a request that was led on inside httpd, to an error page for one, the first is the user's. */
#define OF_THE_FIRST 1

static int add_to_formats(apr_pool_t *pool, apr_pool_t *log, apr_pool_t *temporary)
{
    APR_OPTIONAL_FN_TYPE(ap_register_log_handler) *add =
        APR_RETRIEVE_OPTIONAL_FN(ap_register_log_handler);

    (void)log;
    (void)temporary;
    if (add != NULL)
        add(pool, OSB_LOG_TAG, value_of, OF_THE_FIRST);
    return OK;
}

void osb_request_log_hook(void)
{
    ap_hook_pre_config(add_to_formats, NULL, NULL, APR_HOOK_MIDDLE);
}
