/* SPDX-License-Identifier: Apache-2.0 */
#include "lock.h"
#include "file.h"

#include "core/message.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static pid_t read_holder(int file)
{
    char text[24] = "";

    if (pread(file, text, sizeof text - 1, 0) <= 0)
        return 0;
    return (pid_t)strtol(text + strcspn(text, "0123456789"), NULL, 10);
}

/* The one who had the lock removes its file: then this is a lock on a file that nobody finds. */
static bool is_current(int file, const char *path)
{
    struct stat about;

    return fstat(file, &about) == 0 &&
           osg_file_id_equal(osg_file_id_of(&about), osg_file_id_at(path));
}

static enum osg_lock_result try(struct osg_lock *lock, pid_t *holder, struct osb_message *why)
{
    int file = open(lock->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    enum osg_lock_result result = OSG_LOCK_FAILED;

    if (file >= 0 && flock(file, LOCK_EX | LOCK_NB) == 0) {
        lock->file = file;
        return OSG_LOCK_TAKEN;
    }
    if (file >= 0 && errno == EWOULDBLOCK) {
        *holder = read_holder(file);
        result = OSG_LOCK_HELD;
    } else {
        osb_refuse(why, "%s can't be %s: %s", lock->path, file < 0 ? "made" : "locked",
                   strerror(errno));
    }
    if (file >= 0)
        close(file);
    return result;
}

enum osg_lock_result osg_lock_take(struct osg_lock *lock, const char *path, pid_t *holder,
                                   struct osb_message *why)
{
    enum osg_lock_result result;

    *lock = (struct osg_lock){.path = path, .file = -1};
    *holder = 0;
    while ((result = try(lock, holder, why)) == OSG_LOCK_TAKEN && !is_current(lock->file, path)) {
        close(lock->file);
        lock->file = -1;
    }
    if (result == OSG_LOCK_TAKEN && ftruncate(lock->file, 0) == 0)
        dprintf(lock->file, "# %ld\n", (long)getpid());
    return result;
}

bool osg_lock_is_held(const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool held = file >= 0 && flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;

    if (file >= 0)
        close(file);
    return held;
}

void osg_lock_release(struct osg_lock *lock)
{
    if (lock->file < 0)
        return;
    unlink(lock->path);
    close(lock->file);
    lock->file = -1;
}
