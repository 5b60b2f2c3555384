/* SPDX-License-Identifier: Apache-2.0 */
/*
 * While a file is being changed, no signal may end osgen before it has said which file is in place.
 * From osg_interrupt_begin on, SIGINT, SIGTERM, SIGHUP and SIGQUIT are only noted, for whoever
 * works to ask; Ctrl-Z, a lost terminal and a closed pipe do nothing.
 */
#ifndef OSG_INTERRUPT_H
#define OSG_INTERRUPT_H

#include <stdbool.h>
#include <stdint.h>

struct osb_message;

/* Once, before there are threads. It lasts until the program ends. */
bool osg_interrupt_begin(struct osb_message *why);

/* The first signal that came, "SIGINT", or NULL. */
const char *osg_interrupted(void);

/* Waits until FILE, unless that is -1, has something to read or is at its end, a signal comes, a
 * child ends, or MS have passed. */
void osg_wait(int file, uint32_t ms);

#endif
