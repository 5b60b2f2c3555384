/* SPDX-License-Identifier: Apache-2.0 */
/* One osgen at a time changes a file, or the files of an httpd. The lock ends with its process,
 * however that ends. */
#ifndef OSG_LOCK_H
#define OSG_LOCK_H

#include <stdbool.h>
#include <sys/types.h>

struct osb_message;

struct osg_lock {
    const char *path; /* of the lock file, which holds the process's id, as a comment to httpd */
    int file;         /* -1: not taken */
};

enum osg_lock_result {
    OSG_LOCK_TAKEN, /* it is ours */
    OSG_LOCK_HELD,  /* another process has it */
    OSG_LOCK_FAILED /* WHY: the file can't be made or locked */
};

/* Takes the lock at PATH, which must outlive it. HOLDER becomes the process that has it; 0 if that
 * isn't known. Never waits. */
enum osg_lock_result osg_lock_take(struct osg_lock *lock, const char *path, pid_t *holder,
                                   struct osb_message *why);

/* Has somebody the lock at PATH? No, too, if this process may not look. */
bool osg_lock_is_held(const char *path);

/* Gives it back and removes the file, if it was taken. */
void osg_lock_release(struct osg_lock *lock);

#endif
