/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The status as a value: gathered once from live memory, then rendered in any format. Texts are
 * valid UTF-8 without control characters (osb_text_copy); escaping is each renderer's own.
 */
#ifndef OSB_SNAPSHOT_H
#define OSB_SNAPSHOT_H

#include "datetime.h"
#include "event.h"
#include "finding.h"
#include "roster.h"
#include "settings.h"
#include "state.h"
#include "text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What mod_proxy's own bits, an operator's hand and the other members say of a member. */
enum osb_flag {
    OSB_FLAG_DRAINING = 1 << 0, /* only its sticky sessions are still served */
    OSB_FLAG_DISABLED = 1 << 1, /* out by an operator or by configuration */
    OSB_FLAG_STOPPED = 1 << 2,  /* the same, for good */
    OSB_FLAG_STANDBY = 1 << 3,  /* serves only while no other can */
    OSB_FLAG_SPARE = 1 << 4,    /* takes the place of one that fails */
    OSB_FLAG_ERROR = 1 << 5,    /* mod_proxy itself failed to reach it lately */
    OSB_FLAG_SKEWED = 1 << 6,   /* its build isn't the majority's */
    OSB_FLAG_SLOW = 1 << 7,     /* its checks take many times as long as its peers' */
    OSB_FLAG_WARMING = 1 << 8   /* well, and asked for the warm-up paths before it takes users */
};

struct osb_member_view {
    const char *url;            /* "ajp://os1:8009/openspecimen" */
    enum osb_state state;       /* the verdict */
    bool serves;                /* new users may be sent to it, by the checks and the operator */
    unsigned flags;             /* enum osb_flag */
    uint64_t since;             /* ms since 1970 when the state began; 0: never checked */
    uint64_t checked;           /* ms since 1970 of the latest check's end; 0: never */
    struct osb_finding finding; /* the latest check's; meaningless if never checked */
    uint32_t streak;            /* findings in a row that are all good or all bad */
    bool good;                  /* which of the two */
    uint64_t checks;            /* done so far */
    uint64_t failures;          /* of these, how many found it bad */
    uint64_t late;              /* how many of them began late */
    uint64_t hinted;            /* how many of them were pulled forward by users' requests */
    uint32_t latency;           /* ms that its good checks take lately */
    uint64_t requests;          /* that mod_proxy gave it */
    uint64_t busy;              /* of these, now under way */
    uint64_t failovers;         /* of these, how many went on to another member */
    uint32_t load;              /* ms that a user waits there, as os_least_time reckons */
    unsigned weight;            /* mod_proxy's load factor, in hundredths */
    struct osb_identity build;  /* the latest that is known */
};

/* What OSBalancerFailover allows, and what of it was used, in the last OSB_BUDGET_SPAN_S. */
struct osb_failover_view {
    bool enabled;
    struct osb_failover settings;
    uint32_t used, allowed;
};

struct osb_balancer_view {
    const char *name;         /* "balancer://os-cluster" */
    const char *server;       /* "test.openspecimen.org:80" */
    struct osb_health health; /* its settings */
    struct osb_failover_view failover;
    enum osb_skew_policy skew;       /* what is done about different builds */
    struct osb_roster roster;        /* what holds for all of its members */
    struct osb_member_view *members; /* member_count of them, in the order of configuration */
    size_t member_count;
};

struct osb_snapshot {
    const char *host;               /* the balancer's own host */
    uint64_t taken;                 /* ms since 1970 */
    uint32_t refresh;               /* s, after which a page loads itself again; 0: never */
    long checker_pid;               /* the child that checks; 0: none now */
    uint32_t checker_beat_ms;       /* since its latest sign of life */
    const struct osb_event *events; /* the journal, newest first; event_count of them */
    size_t event_count;
    struct osb_balancer_view *balancers; /* balancer_count of them */
    size_t balancer_count;
};

/* A format in which the status can be had. */
struct osb_renderer {
    const char *name;         /* "json" */
    const char *content_type; /* with its charset */
    void (*render)(const struct osb_snapshot *snapshot, const struct osb_sink *sink);
};

extern const struct osb_renderer osb_renderers[]; /* the first one is the default */
extern const size_t osb_renderers_count;

void osb_render_html(const struct osb_snapshot *snapshot, const struct osb_sink *sink);
void osb_render_json(const struct osb_snapshot *snapshot, const struct osb_sink *sink);
void osb_render_prometheus(const struct osb_snapshot *snapshot, const struct osb_sink *sink);

/* The words of a member's latest finding, or that there is none. 160 bytes are enough. */
char *osb_member_reason(const struct osb_member_view *member, char *buffer, size_t size);

#endif
