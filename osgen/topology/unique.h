/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_UNIQUE_H
#define OSG_UNIQUE_H

#include "problem/codes.h"

struct osg_arena;
struct osg_reader;
struct osg_word;

/* Room for COUNT words. */
struct osg_word *osg_new_words(struct osg_arena *arena, size_t count);

/* Sorts the COUNT words by text, then by place, and adds an error of that CODE for each that stood
 * before. WHAT they are: "the name". */
void osg_check_unique(struct osg_reader *reader, struct osg_word *words, size_t count,
                      enum osg_code code, const char *what);

#endif
