/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_PROBE_RUN_H
#define OSG_PROBE_RUN_H

#include <stdbool.h>
#include <stdint.h>

struct osb_message;
struct osg_arena;
struct osg_probe_format;
struct osg_topology;

/* How a site is to be asked. */
struct osg_probe_wishes {
    const struct osg_probe_format *format; /* of what is written to standard output */
    bool watch;                            /* again and again? */
    uint32_t interval_ms;                  /* between rounds; 0: that of the checks */
    uint32_t timeout_ms;                   /* for each instance; 0: that of the checks */
    const char *server_root;               /* httpd's; NULL: not told */
};

/* Asks all instances of TOPOLOGY and shows what was found. A watch goes on until it is ended from
 * outside, or its output can't be written. Returns the exit code in CODE, or false with WHY if
 * there is nothing to show. */
bool osg_probe_run(struct osg_arena *arena, const struct osg_topology *topology,
                   const struct osg_probe_wishes *wishes, int *code, struct osb_message *why);

#endif
