/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (FIPS 180-4), so that a test can tell that an uploaded body arrived unharmed. */
#ifndef STANDIN_SHA256_H
#define STANDIN_SHA256_H

#include <stddef.h>
#include <stdint.h>

struct sha256 {
    uint32_t state[8];       /* the hash of the blocks so far */
    uint64_t length;         /* bytes so far */
    unsigned char block[64]; /* the block that is not yet full */
};

void sha256_start(struct sha256 *sha);
void sha256_add(struct sha256 *sha, const void *bytes, size_t length);

/* Writes the digest as 64 lower-case hexadecimal digits and a NUL. SHA can't be added to after. */
void sha256_end(struct sha256 *sha, char digest[65]);

#endif
