/* SPDX-License-Identifier: Apache-2.0 */
#include "keep.h"
#include "base/file.h"
#include "base/output.h"
#include "topology/load.h"

#include "core/message.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What the link that stands for no file leads to. */
#define NOTHING "nothing"

static bool failed(struct osb_message *why, const char *path, const char *doing)
{
    return osb_refuse(why, "%s can't be %s: %s", path, doing, strerror(errno));
}

static void name(char *to, const struct osg_keep *keep, const char *suffix)
{
    const char *base = osg_base_name(keep->path);

    snprintf(to, OSG_KEEP_PATH, "%.*s.%s.%s", (int)(base - keep->path), keep->path, base, suffix);
}

bool osg_keep_open(struct osg_keep *keep, const char *path, struct osb_message *why)
{
    const char *base;

    if (!osg_output_find(path, keep->path, why))
        return false;
    base = osg_base_name(keep->path);
    if (base == keep->path)
        snprintf(keep->directory, sizeof keep->directory, ".");
    else
        snprintf(keep->directory, sizeof keep->directory, "%.*s", (int)(base - keep->path),
                 keep->path);
    name(keep->undo, keep, "undo");
    name(keep->trial, keep, "trial");
    name(keep->old, keep, "old");
    name(keep->told, keep, "told");
    name(keep->lock, keep, "lock");
    return true;
}

static bool is_there(const char *path)
{
    struct stat about;

    return lstat(path, &about) == 0;
}

static bool is_nothing(const char *path)
{
    struct stat about;

    return lstat(path, &about) == 0 && S_ISLNK(about.st_mode);
}

enum osg_keep_state osg_keep_state(const struct osg_keep *keep)
{
    if (is_there(keep->undo))
        return OSG_KEEP_UNDO;
    return is_there(keep->trial) ? OSG_KEEP_TRIAL : OSG_KEEP_NOTHING;
}

const char *osg_keep_before(const struct osg_keep *keep)
{
    const char *const paths[] = {[OSG_KEEP_NOTHING] = keep->path,
                                 [OSG_KEEP_UNDO] = keep->undo,
                                 [OSG_KEEP_TRIAL] = keep->trial};
    enum osg_keep_state state = osg_keep_state(keep);

    return state != OSG_KEEP_NOTHING && is_nothing(paths[state]) ? NULL : paths[state];
}

/* A second name for the file itself, where there may be one, has all that it had. */
static bool keep_file(const struct osg_keep *keep, struct osb_message *why)
{
    return link(keep->path, keep->undo) == 0 || osg_output_copy(keep->path, keep->undo, why);
}

bool osg_keep_begin(const struct osg_keep *keep, struct osb_message *why)
{
    if (is_there(keep->path)) {
        if (!keep_file(keep, why))
            return false;
    } else if (symlink(NOTHING, keep->undo) != 0) {
        return failed(why, keep->undo, "written");
    }
    osg_output_sync(keep->directory);
    return true;
}

static enum osg_keep_end move(const char *from, const char *to, struct osb_message *why)
{
    if (rename(from, to) == 0)
        return OSG_KEEP_DONE;
    if (errno == ENOENT)
        return OSG_KEEP_DECIDED;
    failed(why, from, "renamed");
    return OSG_KEEP_FAILED;
}

bool osg_keep_offer(const struct osg_keep *keep, struct osb_message *why)
{
    if (rename(keep->undo, keep->trial) != 0)
        return failed(why, keep->undo, "renamed");
    osg_output_sync(keep->directory);
    return true;
}

static enum osg_keep_end forget(const char *path, struct osb_message *why)
{
    if (unlink(path) == 0)
        return OSG_KEEP_DONE;
    if (errno == ENOENT)
        return OSG_KEEP_DECIDED;
    failed(why, path, "removed");
    return OSG_KEEP_FAILED;
}

enum osg_keep_end osg_keep_accept(const struct osg_keep *keep, enum osg_keep_state state,
                                  struct osb_message *why)
{
    const char *from = state == OSG_KEEP_TRIAL ? keep->trial : keep->undo;
    enum osg_keep_end end = is_nothing(from) ? forget(from, why) : move(from, keep->old, why);

    osg_output_sync(keep->directory);
    return end;
}

/* rename() leaves two names of one file as they are: then the second one only goes. */
static bool put_back(const struct osg_keep *keep, struct osb_message *why)
{
    if (is_nothing(keep->undo) && unlink(keep->path) != 0 && errno != ENOENT)
        return failed(why, keep->path, "removed");
    if (is_nothing(keep->undo) ||
        osg_file_id_equal(osg_file_id_at(keep->undo), osg_file_id_at(keep->path)))
        return unlink(keep->undo) == 0 || failed(why, keep->undo, "removed");
    return rename(keep->undo, keep->path) == 0 || failed(why, keep->path, "put back");
}

/* A trial may be accepted by somebody else at any time: whoever renames it first decides. */
enum osg_keep_end osg_keep_back(const struct osg_keep *keep, struct osb_message *why)
{
    enum osg_keep_end claimed =
        is_there(keep->undo) ? OSG_KEEP_DONE : move(keep->trial, keep->undo, why);

    if (claimed != OSG_KEEP_DONE)
        return claimed;
    if (!put_back(keep, why))
        return OSG_KEEP_FAILED;
    osg_output_sync(keep->directory);
    return OSG_KEEP_DONE;
}

bool osg_keep_tell(const struct osg_keep *keep, struct osb_message *why)
{
    if (symlink(NOTHING, keep->told) != 0 && errno != EEXIST)
        return failed(why, keep->told, "written");
    osg_output_sync(keep->directory);
    return true;
}

void osg_keep_reloaded(const struct osg_keep *keep)
{
    unlink(keep->told);
}

bool osg_keep_is_told(const struct osg_keep *keep)
{
    return is_there(keep->told);
}
