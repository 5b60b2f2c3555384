/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSB_UTF8_H
#define OSB_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Reads the one character that TEXT begins with into CODE. Returns its length in bytes, from 1 to
 * 4, or 0 if LENGTH is 0 or the bytes aren't UTF-8 (RFC 3629: shortest form, no surrogates). */
size_t osb_utf8_read(const char *text, size_t length, uint32_t *code);

#endif
