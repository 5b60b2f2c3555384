/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The settings of a balancer's health checks and of its failover: a table for each says every key's
 * type, range, default and meaning. The directives (mod_os_balancer/config.c), a topology's
 * mappings (osgen) and the directive reference all read these tables; a key is added here and
 * nowhere else.
 */
#ifndef OSB_SETTINGS_H
#define OSB_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct osb_message;

#define OSB_CONTEXT_MAX 128
#define OSB_FILE_MAX    256
#define OSB_WARMUP_MAX  512

struct osb_health {
    uint32_t interval_ms;  /* from the start of one check to the start of the next */
    uint32_t fast_ms;      /* the same, while a verdict is changing */
    uint32_t down_ms;      /* the same, while a member is out and its verdict isn't changing */
    uint32_t timeout_ms;   /* the deadline over one whole check, name lookup included */
    uint32_t ping_ms;      /* the deadline over a connector's sign of life, see probe.h */
    uint32_t rise;         /* consecutive good checks that bring a member back */
    uint32_t fall;         /* consecutive bad checks that take a member out */
    uint32_t slowstart_ms; /* until a member that came up has its whole weight; 0: at once */
    char warmup[OSB_WARMUP_MAX];   /* paths below the context, a comma between them; empty: none */
    char context[OSB_CONTEXT_MAX]; /* context path; empty: the path of the member's own URL */
    char tls_ca[OSB_FILE_MAX];     /* PEM file of authorities for https://; empty: the system's */
    uint32_t given;                /* bit n: row n of osb_health_settings was set */
};

struct osb_failover {
    uint32_t retries; /* other members that a request may be given to */
    uint32_t budget;  /* failovers in a hundred requests */
};

enum osb_setting_type {
    OSB_SETTING_DURATION,
    OSB_SETTING_NUMBER,
    OSB_SETTING_PERCENT,
    OSB_SETTING_PATHS,
    OSB_SETTING_CONTEXT,
    OSB_SETTING_FILE
};

struct osb_setting {
    const char *key;            /* as written, "interval" */
    enum osb_setting_type type; /* which parser */
    size_t offset;              /* of the field in struct osb_health or osb_failover */
    uint32_t min;               /* the least value: ms, a count, percent; unused for texts */
    uint32_t max;               /* the greatest value */
    uint32_t preset;            /* the default */
    const char *meaning;        /* one line for reference pages */
};

extern const struct osb_setting osb_health_settings[];
extern const size_t osb_health_settings_count;

/* The row of KEY, or NULL. Keys are case-sensitive, as BalancerMember's are. */
const struct osb_setting *osb_health_find(const char *key);

extern const struct osb_setting osb_failover_settings[];
extern const size_t osb_failover_settings_count;

/* Every setting at its default. */
struct osb_health osb_health_defaults(void);
struct osb_failover osb_failover_defaults(void);

/* Sets one KEY from its text. An unknown key is refused with the list of keys. */
bool osb_health_set(struct osb_health *health, const char *key, const char *value,
                    struct osb_message *why);

bool osb_failover_set(struct osb_failover *failover, const char *key, const char *value,
                      struct osb_message *why);

/* What holds between settings of OSBalancerHealth, to be called when all are set: fast and timeout
 * are at most interval, so that a bad member is out within fall x interval + timeout. One that
 * wasn't given follows a shorter interval; one that was given and is longer is refused. So is ping
 * to timeout. Down is the
 * interval unless it was given; then it may be longer or shorter. */
bool osb_health_check(struct osb_health *health, struct osb_message *why);

/* The same, one setting after the other: the next that is too long, and why, or NULL. FROM is 0 at
 * first, and moves on. */
const struct osb_setting *osb_health_wrong(struct osb_health *health, size_t *from,
                                           struct osb_message *why);

#endif
