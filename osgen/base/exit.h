/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_EXIT_H
#define OSG_EXIT_H

/* What osgen's exit code says, the same for every command. */
enum osg_exit {
    OSG_EXIT_DONE = 0,     /* what was asked for is done, and nothing was found */
    OSG_EXIT_FINDINGS = 1, /* a command that looks for something has found it */
    OSG_EXIT_USAGE = 2,    /* the command line isn't understood */
    OSG_EXIT_INPUT = 3     /* the topology has errors, or a file can't be read or written */
};

/* The same for people, by code. */
extern const char *const osg_exit_meanings[];
extern const unsigned osg_exit_count;

#endif
