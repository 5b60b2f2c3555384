/* SPDX-License-Identifier: Apache-2.0 */
/* A fuzz target is one file with one function, which libFuzzer feeds with inputs of its own making
 * and main.c with the files of a corpus. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Ends the program, as libFuzzer wants it, when what must hold doesn't. */
#define FUZZ_CHECK(holds)                                                             \
    do {                                                                              \
        if (!(holds)) {                                                               \
            fprintf(stderr, "%s:%d: doesn't hold: %s\n", __FILE__, __LINE__, #holds); \
            abort();                                                                  \
        }                                                                             \
    } while (0)

/* One input. The name and the meaning are libFuzzer's; the result is 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
