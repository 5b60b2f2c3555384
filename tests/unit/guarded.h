/* SPDX-License-Identifier: Apache-2.0 */
/* Memory whose end is a page that nobody may touch: a buffer put right before it makes reading or
 * writing one byte too many a fault, in every build and not under a sanitizer alone. */
#ifndef GUARDED_H
#define GUARDED_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Where the untouchable page begins. At least CAPACITY bytes before it may be read and written;
 * they are the program's till its end. */
static inline uint8_t *guarded_end(size_t capacity)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t room = (capacity + page - 1) / page * page;
    uint8_t *start =
        mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (start == MAP_FAILED || mprotect(start + room, page, PROT_NONE) != 0)
        abort();
    return start + room;
}

/* Copies LENGTH bytes to where they end at END. Returns the copy. */
static inline uint8_t *guarded_copy(uint8_t *end, const void *bytes, size_t length)
{
    return memcpy(end - length, bytes, length);
}

#endif
