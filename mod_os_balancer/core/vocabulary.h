/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every name that a configuration may hold, written once: the module's command table reads these
 * and osgen's emitter writes these, so that osgen can't write what the module doesn't read.
 */
#ifndef OSB_VOCABULARY_H
#define OSB_VOCABULARY_H

#define OSB_VERSION "0.1.0"

/* Directives inside <Proxy "balancer://..."> */
#define OSB_DIRECTIVE_HEALTH   "OSBalancerHealth"
#define OSB_DIRECTIVE_SKEW     "OSBalancerSkew"
#define OSB_DIRECTIVE_FAILOVER "OSBalancerFailover"

/* Directives of the whole server */
#define OSB_DIRECTIVE_STATE_FILE "OSBalancerStateFile"
#define OSB_DIRECTIVE_NOTIFY     "OSBalancerNotify"

/* The keys of OSBalancerHealth; settings.c says what each one takes. */
#define OSB_KEY_INTERVAL  "interval"
#define OSB_KEY_FAST      "fast"
#define OSB_KEY_DOWN      "down"
#define OSB_KEY_TIMEOUT   "timeout"
#define OSB_KEY_PING      "ping"
#define OSB_KEY_RISE      "rise"
#define OSB_KEY_FALL      "fall"
#define OSB_KEY_SLOWSTART "slowstart"
#define OSB_KEY_WARMUP    "warmup"
#define OSB_KEY_CONTEXT   "context"
#define OSB_KEY_TLS_CA    "tls_ca"

/* ProxySet lbmethod=, under 16 characters. */
#define OSB_LBMETHOD "os_least_time"

/* The keys of OSBalancerFailover; settings.c says what each one takes. */
#define OSB_KEY_RETRIES "retries"
#define OSB_KEY_BUDGET  "budget"

/* What a LogFormat may have of ours: %{answered}^OS. The tag is a ^ and two letters. */
#define OSB_LOG_TAG      "^OS"
#define OSB_LOG_ANSWERED "answered"
#define OSB_LOG_FAILOVER "failover"

/* SetHandler's argument for the status page, and the arguments of its query string. */
#define OSB_HANDLER_STATUS "os-balancer-status"
#define OSB_QUERY_FORMAT   "format"
#define OSB_QUERY_REFRESH  "refresh"

#endif
