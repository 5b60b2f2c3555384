/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that lives as long as one run over a topology and is given back at once. What is taken
 * from an arena is never freed by itself. Running out of memory ends the program with exit code 3:
 * a configuration generator has nothing better to do then, and has touched no file.
 */
#ifndef OSG_ARENA_H
#define OSG_ARENA_H

#include <stddef.h>

struct osg_arena;

struct osg_arena *osg_arena_new(void);
void osg_arena_free(struct osg_arena *arena);

/* SIZE bytes, zeroed and aligned for any type. */
void *osg_arena_alloc(struct osg_arena *arena, size_t size);

/* LENGTH bytes of TEXT with a NUL behind them. */
char *osg_arena_copy(struct osg_arena *arena, const char *text, size_t length);

/* What printf would print. */
__attribute__((format(printf, 2, 3))) char *osg_arena_printf(struct osg_arena *arena,
                                                             const char *format, ...);

#endif
