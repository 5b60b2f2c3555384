/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_CHANGE_H
#define OSG_CHANGE_H

#include "standing.h"

#include <stdbool.h>

struct osg_arena;
struct osg_text;

/* Two readings, and where words about them may live. */
struct osg_change {
    struct osg_arena *arena;
    struct osg_standing old;
    struct osg_standing new;
};

/* Adds what changes for people, a sentence a line without a full stop: who leaves and who takes its
 * requests, who comes, what becomes of those that stay, and all other directives. Never a secret.
 * Adds one line at least, since a new file has a member. */
void osg_change_tell(struct osg_text *text, const char *old, size_t old_length, const char *new,
                     size_t new_length);

/* Its parts: change_members.c and change_directives.c. */
void osg_change_members(struct osg_text *text, const struct osg_change *change);
void osg_change_directives(struct osg_text *text, const struct osg_change *change);

/* What changes of a member that stays, "weight 1 -> 3, disabled"; "": nothing; change_turns.c. */
const char *osg_change_turns(struct osg_arena *arena, const struct osg_member *old,
                             const struct osg_member *new);

/* Has the member this letter in its status=? */
bool osg_member_has(const struct osg_member *member, char flag);

#endif
