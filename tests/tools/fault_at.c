/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preloaded into a program, it disturbs one of the program's calls that change files or run others,
 * the FAULT_AT_CALL-th, from 1: the signal number FAULT_AT_SIGNAL comes just before it, or it isn't
 * made and fails with the error number FAULT_AT_ERRNO. The file FAULT_AT_MARK is made then, with
 * the call's name. With LINK_FAILS no file gets a second name.
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
    const char *path = getenv("FAULT_AT_MARK");
    FILE *file = path != NULL ? fopen(path, "we") : NULL;

    if (file == NULL)
        return;
    fprintf(file, "%s\n", call);
    fclose(file);
}

static int number_of(const char *variable)
{
    const char *text = getenv(variable);

    return text != NULL ? atoi(text) : 0;
}

/* CALL comes next. Returns the error with which it is to fail; 0: it is to be made. */
static int announce(const char *call)
{
    static int count;
    int number = number_of("FAULT_AT_SIGNAL");

    if (++count != number_of("FAULT_AT_CALL"))
        return 0;
    mark(call);
    if (number != 0)
        raise(number);
    return number_of("FAULT_AT_ERRNO");
}

/* Announces a call and makes it, or has it answer WRONG. */
#define STAND_BEFORE(type, name, wrong, parameters, ...)                      \
    EXPORT type name parameters;                                              \
    EXPORT type name parameters                                               \
    {                                                                         \
        type(*next) parameters = (type(*) parameters)dlsym(RTLD_NEXT, #name); \
        int error = announce(#name);                                          \
                                                                              \
        if (error == 0)                                                       \
            return next(__VA_ARGS__);                                         \
        errno = error;                                                        \
        return wrong;                                                         \
    }

STAND_BEFORE(int, symlink, -1, (const char *to, const char *path), to, path)
STAND_BEFORE(int, rename, -1, (const char *from, const char *to), from, to)
STAND_BEFORE(int, unlink, -1, (const char *path), path)
STAND_BEFORE(int, mkostemp, -1, (char *path, int flags), path, flags)
STAND_BEFORE(int, fchown, -1, (int file, uid_t user, gid_t group), file, user, group)
STAND_BEFORE(int, fchmod, -1, (int file, mode_t mode), file, mode)
STAND_BEFORE(int, fsync, -1, (int file), file)
STAND_BEFORE(int, ftruncate, -1, (int file, off_t length), file, length)
STAND_BEFORE(int, flock, -1, (int file, int what), file, what)
STAND_BEFORE(ssize_t, write, -1, (int file, const void *bytes, size_t length), file, bytes, length)
STAND_BEFORE(int, posix_spawn, error,
             (pid_t * pid, const char *path, const posix_spawn_file_actions_t *actions,
              const posix_spawnattr_t *attributes, char *const argv[], char *const envp[]),
             pid, path, actions, attributes, argv, envp)

EXPORT int link(const char *path, const char *name)
{
    int (*next)(const char *, const char *) =
        (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "link");
    int error = announce("link");

    if (error == 0 && getenv("LINK_FAILS") == NULL)
        return next(path, name);
    errno = error != 0 ? error : EPERM;
    return -1;
}
