/* SPDX-License-Identifier: Apache-2.0 */
#include "arena.h"
#include "memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE 16384

struct block {
    struct block *next; /* the one that was filled before */
    size_t used;        /* bytes given out */
    size_t size;        /* bytes in all */
    _Alignas(max_align_t) char bytes[];
};

struct osg_arena {
    struct block *blocks; /* the one being filled first */
};

struct osg_arena *osg_arena_new(void)
{
    struct osg_arena *arena = osg_alloc(sizeof *arena);

    arena->blocks = NULL;
    return arena;
}

void osg_arena_free(struct osg_arena *arena)
{
    while (arena->blocks != NULL) {
        struct block *block = arena->blocks;

        arena->blocks = block->next;
        free(block);
    }
    free(arena);
}

static struct block *add_block(struct osg_arena *arena, size_t least)
{
    size_t size = least > BLOCK_SIZE ? least : BLOCK_SIZE;
    struct block *block = osg_alloc(sizeof *block + size);

    *block = (struct block){.next = arena->blocks, .size = size};
    arena->blocks = block;
    return block;
}

void *osg_arena_alloc(struct osg_arena *arena, size_t size)
{
    size_t step = _Alignof(max_align_t);
    size_t rounded = (size + step - 1) / step * step;
    struct block *block = arena->blocks;
    char *bytes;

    if (block == NULL || block->size - block->used < rounded)
        block = add_block(arena, rounded);
    bytes = block->bytes + block->used;
    block->used += rounded;
    memset(bytes, 0, size);
    return bytes;
}

char *osg_arena_copy(struct osg_arena *arena, const char *text, size_t length)
{
    char *copy = osg_arena_alloc(arena, length + 1);

    memcpy(copy, text, length);
    return copy;
}

char *osg_arena_printf(struct osg_arena *arena, const char *format, ...)
{
    va_list args, again;
    char *text = NULL;
    int length;

    va_start(args, format);
    va_copy(again, args);
    length = vsnprintf(NULL, 0, format, args);
    if (length >= 0) {
        text = osg_arena_alloc(arena, (size_t)length + 1);
        vsnprintf(text, (size_t)length + 1, format, again);
    }
    va_end(again);
    va_end(args);
    return text != NULL ? text : osg_arena_copy(arena, "", 0);
}
