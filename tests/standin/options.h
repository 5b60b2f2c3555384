/* SPDX-License-Identifier: Apache-2.0 */
/* The command line. */
#ifndef STANDIN_OPTIONS_H
#define STANDIN_OPTIONS_H

#include "switches.h"

#include <stdbool.h>
#include <stddef.h>

#define OPTIONS_PLACES_MAX 4096

struct options {
    const char *ajp[OPTIONS_PLACES_MAX];  /* --ajp, as often as given; NULL after the last */
    const char *http[OPTIONS_PLACES_MAX]; /* --http, the same */
    const char *control[2];               /* --control, and NULL */
    const char *secret;                   /* --secret, or NULL: none is asked for */
    const char *node;                     /* --node */
    const char *build;                    /* --build, or NULL */
    unsigned slow_start;                  /* --start slow:SECONDS, or 0 */
    bool failed_start;                    /* --start fail */
    bool help;                            /* --help: nothing else was looked at */
};

/* Reads them. False with the reason in WHY. */
bool options_read(struct options *options, int argc, char **argv, char *why, size_t why_size);

extern const char options_usage[];

#endif
