/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in a state file, under which name. */
#ifndef OSB_STATEFILE_FIELDS_H
#define OSB_STATEFILE_FIELDS_H

#include "fields.h"

#include <stddef.h>
#include <stdint.h>

/* What the first line says. */
#define OSB_STATEFILE_NAME    "os_balancer-state"
#define OSB_STATEFILE_VERSION 1

/* A longer line isn't one of ours; it bounds what one JSON value may take. */
#define OSB_STATEFILE_LINE_MAX 65536

/* The second line. */
struct osb_statefile_summary {
    uint64_t members;  /* how many lines of them follow */
    uint64_t events;   /* and then of these */
    uint64_t notified; /* as in struct osb_saved */
};

extern const struct osb_field osb_statefile_summary_fields[];
extern const struct osb_field osb_statefile_member_fields[]; /* of struct osb_saved_member */
extern const struct osb_field osb_statefile_event_fields[];  /* of struct osb_event */

#endif
