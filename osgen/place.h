/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_PLACE_H
#define OSG_PLACE_H

#include "file.h"

#include <stddef.h>
#include <stdint.h>

/* A point in the topology. */
struct osg_place {
    uint32_t line;   /* from 1; 0: the file as a whole */
    uint32_t column; /* from 1, in characters, as an editor counts them */
};

/* A file that was read whole. */
struct osg_source {
    const char *name;      /* as the user gave it; "<stdin>" */
    const char *text;      /* its bytes, with a NUL behind the last */
    size_t length;         /* without that NUL */
    struct osg_file_id id; /* what it was read from, so that nobody writes over it */
};

#endif
