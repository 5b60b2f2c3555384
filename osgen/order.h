/* SPDX-License-Identifier: Apache-2.0 */
/* The command line that apply and try have in common. */
#ifndef OSG_ORDER_H
#define OSG_ORDER_H

#include "command.h"

#include <stdint.h>

/* What httpd gets to take a file. */
#define OSG_LOOK_MS 30000

enum {
    OSG_ORDER_OUTPUT,
    OSG_ORDER_CONTROL,
    OSG_ORDER_STATUS_URL,
    OSG_ORDER_NO_WAIT,
    OSG_ORDER_TIMEOUT, /* the command says of what */
    OSG_ORDER_DRY_RUN,
    OSG_ORDER_OPTIONS /* from here on they are the command's own */
};

#define OSG_ORDER_COMMON                                                                          \
    [OSG_ORDER_OUTPUT] = {.letter = 'o',                                                          \
                          .name = "output",                                                       \
                          .argument = "FILE",                                                     \
                          .help = "the file in place, which httpd includes",                      \
                          .required = true},                                                      \
    [OSG_ORDER_CONTROL] = {.name = "control",                                                     \
                           .argument = "PATH",                                                    \
                           .help = "apachectl, apache2ctl or httpd; found by itself otherwise"},  \
    [OSG_ORDER_STATUS_URL] = {.name = "status-url",                                               \
                              .argument = "URL",                                                  \
                              .help =                                                             \
                                  "the status page, if it isn't at the site's own address here"}, \
    [OSG_ORDER_NO_WAIT] = {.name = "no-wait",                                                     \
                           .help = "doesn't look whether httpd has taken the file"},              \
    [OSG_ORDER_DRY_RUN] = {.name = "dry-run", .help = "says what would be done, and does nothing"}

/* Says that the command NAME was misused, and WHY. Returns OSG_EXIT_USAGE. */
int osg_order_misused(const char *name, const char *why);

/* Is there a file to be changed, and a --timeout that can be read, if there is one? Else says what
 * is missing. MS keeps what it is where no time is given. */
bool osg_order_read(const struct osg_arguments *given, const char *name, uint32_t *ms);

/* Carries out what the command NAME was told. Returns an enum osg_exit. */
int osg_order_carry_out(const struct osg_arguments *given, const char *name, uint32_t look_ms,
                        uint32_t ask_ms);

#endif
