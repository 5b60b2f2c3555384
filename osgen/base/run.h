/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_RUN_H
#define OSG_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct osg_text;

/* How a program came to its end. */
enum osg_run_end {
    OSG_RUN_DONE,       /* by itself, with exit code 0 */
    OSG_RUN_REFUSED,    /* by itself, with another one, or by a signal */
    OSG_RUN_NEVER,      /* it couldn't be started */
    OSG_RUN_LATE,       /* killed, since its time had passed */
    OSG_RUN_INTERRUPTED /* killed, since osgen was told to end */
};

struct osg_run {
    uint32_t limit_ms; /* after that it is killed */
    bool stoppable;    /* does a signal to osgen end it? */
    size_t said_max;   /* so many bytes of what it writes are wanted; the rest is forgotten */
};

/*
 * Runs ARGV, whose first word is a path, without a shell, in a process group of its own, so that a
 * Ctrl-C for osgen isn't one for it, with no input and no file of ours. Adds what it wrote to SAID;
 * if it can't be run, why. Whatever it leaves running isn't waited for, and may write on.
 */
enum osg_run_end osg_run(char *const argv[], const struct osg_run *how, struct osg_text *said);

#endif
