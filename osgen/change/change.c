/* SPDX-License-Identifier: Apache-2.0 */
#include "change.h"
#include "base/arena.h"

void osg_change_tell(struct osg_text *text, const char *old, size_t old_length, const char *new,
                     size_t new_length)
{
    struct osg_change change = {.arena = osg_arena_new()};

    change.old = osg_standing_read(change.arena, old, old_length);
    change.new = osg_standing_read(change.arena, new, new_length);
    osg_standing_pass(change.arena, &change.old, osg_standing_context(change.arena, &change.new));
    osg_change_members(text, &change);
    osg_change_directives(text, &change);
    osg_arena_free(change.arena);
}
