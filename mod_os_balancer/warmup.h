/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The warm-up of a member that is well and about to take users: it is asked for one path after
 * another, as a user would, so that its caches are filled by then. What it answers is nobody's
 * concern; that it answers is.
 */
#ifndef OSB_WARMUP_H
#define OSB_WARMUP_H

#include "probe/probe.h"

/* The longest warm-up, all paths together. */
#define OSB_WARMUP_MS 60000

struct osb_warmup;

struct osb_warmup_end {
    uint32_t ms;        /* that it took */
    const char *failed; /* the path that wasn't answered, the last one asked for; NULL: all were */
};

/* Told once; END lives until it returns. */
typedef void osb_warmup_done(void *baton, const struct osb_warmup_end *end);

/* SPEC says whom to ask; its strings must live until the warm-up is done. PATHS is as in struct
 * osb_health, and lives as long. PLACE has the warm-up while it lasts, and then NULL; that may be
 * before this returns. False if out of memory; then DONE isn't told. */
bool osb_warmup_begin(struct osb_warmup **place, struct osb_prober *prober,
                      const struct osb_probe_spec *spec, const char *paths, osb_warmup_done *done,
                      void *baton);

/* Breaks it off, telling nobody; the prober isn't turned any more. NULL will do. */
void osb_warmup_free(struct osb_warmup *warmup);

#endif
