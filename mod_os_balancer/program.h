/* SPDX-License-Identifier: Apache-2.0 */
/* Running somebody else's program beside a server that goes on. */
#ifndef OSB_PROGRAM_H
#define OSB_PROGRAM_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Starts PROGRAM, an absolute path, with ARGV, which begins with its own name and ends with NULL.
 * Its standard input is BYTES, at most 16 kB, and then the end; what it writes goes to the server's
 * standard error, and it has no other descriptor (before glibc 2.34: those that aren't marked
 * close-on-exec). It runs in a process group of its own, numbered as PID, so that what it starts
 * can be ended with it, and with no signal blocked. 0, or an errno. Never blocks.
 */
int osb_program_start(const char *program, char *const argv[], const char *bytes, size_t length,
                      pid_t *pid);

#endif
