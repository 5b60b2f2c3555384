/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_SOURCE_H
#define OSG_SOURCE_H

#include "problem/place.h"

#include <stdbool.h>

struct osg_arena;
struct osg_problems;
struct osb_message;

/* The largest topology that is read, in bytes: ten thousand instances with all of their keys. */
#define OSG_SOURCE_MAX 4194304

/* Reads the regular file PATH whole, or standard input if PATH is "-". Fails, saying WHY, if it
 * can't be opened or read, is a directory or a device, or is larger than OSG_SOURCE_MAX. */
bool osg_source_read(struct osg_arena *arena, const char *path, struct osg_source *source,
                     struct osb_message *why);

/* Is it text at all: UTF-8 without NUL and other control characters? Adds the first problem at its
 * place and returns false if not. */
bool osg_source_check(const struct osg_source *source, struct osg_problems *problems);

/* Nobody can read what stands behind FROM: keeps the rest of the line out of every report if the
 * line or the one above tells of a secret, since nobody knows where that begins or ends. */
void osg_source_hide(const struct osg_source *source, struct osg_place from,
                     struct osg_problems *problems);

#endif
