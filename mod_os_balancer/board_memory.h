/* SPDX-License-Identifier: Apache-2.0 */
/* How the board lies in shared memory. Private to the board's own files. */
#ifndef OSB_BOARD_MEMORY_H
#define OSB_BOARD_MEMORY_H

#include "board.h"
#include "core/guard.h"
#include "core/load.h"

#include <apr_hash.h>
#include <apr_shm.h>

#include <stdatomic.h>

/* Changes with the layout of anything below: a board that an older module left behind, when the
 * module was replaced under a graceful restart, is not read. */
#define OSB_BOARD_LAYOUT 6

struct osb_slot {
    struct osb_guard guard;      /* of the record */
    _Atomic bool named;          /* the key stands, for good */
    _Atomic uint32_t hints;      /* struct osb_pulse */
    struct osb_load load;        /* of users' requests */
    _Atomic uint64_t given_away; /* requests that went on to another member */
    _Atomic uint64_t blames;     /* struct osb_blames: those that stand, below 32 bits, and all */
    _Atomic uint64_t due;        /* ms on the prober's clock; 0: at once */
    _Atomic uint64_t up_since;   /* of the record, for those who ask at every request */
    _Atomic bool out;            /* users are kept from the member */
    struct osb_slot *elder;      /* the member's slot on the board before, as long as that is there
                                  * for whoever was forked since; NULL: it has none */
    char key[OSB_KEY_MAX];       /* server, balancer and member */
    struct osb_record record;    /* behind the guard */
};

/* An entry of the journal. */
struct osb_entry {
    struct osb_guard guard; /* of the event */
    struct osb_event event; /* number 0: none yet */
};

/* What is remembered of a balancer. */
struct osb_group_memory {
    char key[OSB_KEY_MAX];                /* server and balancer */
    _Atomic bool alarms[OSB_EVENT_KINDS]; /* which alarms stand */
    struct osb_group_memory *elder;       /* the balancer's on the board before, as a slot's */
    struct osb_budget budget;             /* of its failovers */
};

struct osb_board_memory {
    uint32_t layout;           /* OSB_BOARD_LAYOUT */
    uint32_t size_check;       /* of the structures, which guards the layout too */
    uint32_t capacity;         /* of slots */
    uint32_t group_count;      /* of groups, which follow the slots */
    _Atomic bool retired;      /* a newer configuration has taken over */
    _Atomic int leader;        /* process id of the latest leader */
    struct osb_lease lease;    /* who leads */
    _Atomic uint64_t last;     /* number of the latest event */
    _Atomic uint64_t notified; /* number of the latest event that the program was told */
    _Atomic int run_pid;       /* struct osb_run */
    _Atomic uint64_t run_until;
    struct osb_entry journal[OSB_JOURNAL_LENGTH]; /* event n lies at n % OSB_JOURNAL_LENGTH */
    struct osb_slot slots[];                      /* capacity of them */
};

/* What was known of a member on the board before, or in the state file. */
struct osb_before {
    struct osb_record record;
    uint64_t average;      /* struct osb_load; 0: none */
    struct osb_slot *slot; /* on the board before; NULL: it is from the state file */
};

struct osb_board {
    struct osb_board_memory *memory;
    struct osb_group_memory *groups; /* in memory, after the slots */
    apr_pool_t *temp;                /* of before; gone once settled */
    uint32_t claimed;                /* slots given out so far, from the first */
    bool first;                      /* there was no board before */
    apr_shm_t *before_shm;           /* the memory of the board before this one, or NULL */
    apr_hash_t *before;              /* key -> struct osb_before *; NULL once settled */
};

#endif
