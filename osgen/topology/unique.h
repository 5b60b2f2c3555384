/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_UNIQUE_H
#define OSG_UNIQUE_H

#include "problem/codes.h"

#include <stdbool.h>
#include <stddef.h>

struct osg_arena;
struct osg_reader;
struct osg_word;

/* Room for COUNT words. */
struct osg_word *osg_new_words(struct osg_arena *arena, size_t count);

/* By text, then by place: the second of two equals is the one to complain about. For qsort. */
int osg_word_order(const void *a, const void *b);

/* Do the COUNT words differ from one another? It is told without sorting; false may be a mistake.
 */
bool osg_surely_differ(struct osg_arena *arena, const struct osg_word *words, size_t count);

/* Adds an error of that CODE for each of the COUNT words that stood before; sorts them if there is
 * one. WHAT they are: "the name". */
void osg_check_unique(struct osg_reader *reader, struct osg_word *words, size_t count,
                      enum osg_code code, const char *what);

#endif
