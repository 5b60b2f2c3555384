/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes in bytes, as a topology has them: k, M and G are 1024, its square and its cube. */
#ifndef OSG_SIZE_H
#define OSG_SIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct osb_message;

/* A whole number from MIN to MAX bytes: "2048", "2k", "100M" or "1G", the letter in any case. On
 * failure BYTES is untouched, and WHY says what is accepted. */
bool osg_size_parse(const char *text, uint32_t min, uint32_t max, uint32_t *bytes,
                    struct osb_message *why);

/* Writes BYTES as the shortest text that osg_size_parse reads back. 16 bytes are enough for every
 * value. Returns BUFFER. */
char *osg_size_format(uint32_t bytes, char *buffer, size_t size);

#endif
