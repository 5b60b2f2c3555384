/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preloaded into a program, it raises a signal just before one of the program's calls that change
 * files or run others: the SIGNAL_AT_CALL-th, from 1, gets the signal number SIGNAL_AT_NUMBER, and
 * the file SIGNAL_AT_MARK is made with the call's name. With LINK_FAILS no file gets a second name.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

static void mark(const char *call)
{
    const char *path = getenv("SIGNAL_AT_MARK");
    FILE *file = path != NULL ? fopen(path, "we") : NULL;

    if (file == NULL)
        return;
    fprintf(file, "%s\n", call);
    fclose(file);
}

/* CALL comes next. */
static void announce(const char *call)
{
    static int count;
    const char *wanted = getenv("SIGNAL_AT_CALL"), *number = getenv("SIGNAL_AT_NUMBER");

    if (wanted == NULL || number == NULL || ++count != atoi(wanted))
        return;
    mark(call);
    raise(atoi(number));
}

/* Announces a call and makes it. */
#define STAND_BEFORE(type, name, parameters, ...)                             \
    EXPORT type name parameters;                                              \
    EXPORT type name parameters                                               \
    {                                                                         \
        type(*next) parameters = (type(*) parameters)dlsym(RTLD_NEXT, #name); \
                                                                              \
        announce(#name);                                                      \
        return next(__VA_ARGS__);                                             \
    }

STAND_BEFORE(int, symlink, (const char *to, const char *path), to, path)
STAND_BEFORE(int, rename, (const char *from, const char *to), from, to)
STAND_BEFORE(int, unlink, (const char *path), path)
STAND_BEFORE(int, mkostemp, (char *path, int flags), path, flags)
STAND_BEFORE(int, fchown, (int file, uid_t user, gid_t group), file, user, group)
STAND_BEFORE(int, fchmod, (int file, mode_t mode), file, mode)
STAND_BEFORE(int, fsync, (int file), file)
STAND_BEFORE(int, ftruncate, (int file, off_t length), file, length)
STAND_BEFORE(int, flock, (int file, int what), file, what)
STAND_BEFORE(ssize_t, write, (int file, const void *bytes, size_t length), file, bytes, length)
STAND_BEFORE(int, posix_spawn,
             (pid_t * pid, const char *path, const posix_spawn_file_actions_t *actions,
              const posix_spawnattr_t *attributes, char *const argv[], char *const envp[]),
             pid, path, actions, attributes, argv, envp)

EXPORT int link(const char *path, const char *name)
{
    int (*next)(const char *, const char *) =
        (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "link");

    announce("link");
    if (getenv("LINK_FAILS") == NULL)
        return next(path, name);
    errno = EPERM;
    return -1;
}
