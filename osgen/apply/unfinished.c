/* SPDX-License-Identifier: Apache-2.0 */
#include "apply.h"
#include "keep.h"
#include "base/lock.h"
#include "problem/console.h"

#include "core/message.h"

#include <stddef.h>

void osg_apply_note_unfinished(const char *path)
{
    struct osg_keep keep;
    enum osg_keep_state state =
        osg_keep_open(&keep, path, NULL) ? osg_keep_state(&keep) : OSG_KEEP_NOTHING;

    if (state == OSG_KEEP_NOTHING)
        return;
    if (!osg_lock_is_held(keep.lock))
        osg_say("note: nobody has confirmed what %s is now, and who changed it was cut off; the "
                "next osgen apply or try -o %s begins with the file from before",
                path, path);
    else if (state == OSG_KEEP_TRIAL)
        osg_say("note: %s is on trial; osgen try --confirm -o %s keeps it", path, path);
    else
        osg_say("note: another osgen is changing %s just now", path);
}
