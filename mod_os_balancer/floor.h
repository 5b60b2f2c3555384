/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mod_proxy.h of the oldest httpd that will do, or later: 2.4.47 is the first one whose
 * ProxyErrorOverride takes a list of statuses. What came after it has its stand-in here.
 */
#ifndef OSB_FLOOR_H
#define OSB_FLOOR_H

#include <ap_mmn.h>

#if !AP_MODULE_MAGIC_AT_LEAST(20120211, 98)
#error "mod_os_balancer needs httpd 2.4.47 or later, and APXS=/path/to/apxs of that httpd"
#endif

#include <httpd.h>
#include <mod_proxy.h>

/* The patch level of the oldest httpd that can run what is built here. name_ex came with 2.4.53,
 * and lies beyond the end of an older one's struct. */
#if AP_MODULE_MAGIC_AT_LEAST(20120211, 124)
#define OSB_OLDEST_TO_RUN 53
#else
#define OSB_OLDEST_TO_RUN 47
#endif

/* The member's URL. Before 2.4.53 mod_proxy cuts it off after 95 bytes, and logs that. */
static inline const char *osb_worker_url(const proxy_worker *worker)
{
#if OSB_OLDEST_TO_RUN >= 53
    return worker->s->name_ex;
#else
    return worker->s->name;
#endif
}

#endif
