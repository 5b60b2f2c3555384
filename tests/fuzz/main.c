/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target once for each file named on the command line. */
#include "fuzz.h"

#include <errno.h>
#include <string.h>

#define INPUT_MAX (1 << 20)

/* The input is in memory of just its size, so that a sanitizer sees a read beyond its end. */
static int replay(const char *path)
{
    static uint8_t bytes[INPUT_MAX];
    FILE *file = fopen(path, "rb");
    uint8_t *input;
    size_t size;

    if (file == NULL) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return 1;
    }
    size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    input = malloc(size > 0 ? size : 1);
    if (input == NULL || size == sizeof bytes) {
        fprintf(stderr, "%s: too large\n", path);
        free(input);
        return 1;
    }
    memcpy(input, bytes, size);
    printf("%s\n", path);
    fflush(stdout);
    LLVMFuzzerTestOneInput(input, size);
    free(input);
    return 0;
}

int main(int argc, char **argv)
{
    int failed = 0;

    if (argc < 2) {
        fprintf(stderr, "usage: %s FILE...\n", argv[0]);
        return 2;
    }
    for (int i = 1; i < argc; i++)
        failed |= replay(argv[i]);
    return failed;
}
