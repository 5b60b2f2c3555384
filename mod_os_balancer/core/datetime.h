/* SPDX-License-Identifier: Apache-2.0 */
/* Points and spans of time as texts. */
#ifndef OSB_DATETIME_H
#define OSB_DATETIME_H

#include <stddef.h>
#include <stdint.h>

/* MS since 1970 as "2026-11-23T07:03:05Z"; "" for 0. 24 bytes are enough. Returns BUFFER. */
char *osb_format_time(uint64_t ms, char *buffer, size_t size);

/* A span for reading, in its two greatest units: "340 ms", "2 min 5 s", "3 d 4 h". 48 bytes are
 * enough. Returns BUFFER. */
char *osb_format_span(uint64_t ms, char *buffer, size_t size);

#endif
