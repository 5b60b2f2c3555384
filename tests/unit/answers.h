/* SPDX-License-Identifier: Apache-2.0 */
/* Answers of members, as initializers for tables. */
#ifndef ANSWERS_H
#define ANSWERS_H

#include "core/observation.h"

/* One with a status and a body, one without a body, and one that didn't come. */
#define SAYS(code, text)                                                                       \
    {                                                                                          \
        .outcome = OSB_ANSWERED, .status = code, .body = text, .body_length = sizeof(text) - 1 \
    }
#define BARE(code)                              \
    {                                           \
        .outcome = OSB_ANSWERED, .status = code \
    }
#define NONE(what)      \
    {                   \
        .outcome = what \
    }

#endif
