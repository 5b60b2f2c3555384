/* SPDX-License-Identifier: Apache-2.0 */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <unistd.h>

/* What a pipe takes at once on every system, and more than any document. */
#define INPUT_MAX 16384

#if __GLIBC_PREREQ(2, 34)
#define HAS_CLOSEFROM
#endif

/* The reading end of a pipe that holds the whole document and has no writer any more, or -1. */
static int pipe_of(const char *bytes, size_t length)
{
    int ends[2];
    bool written;

    if (length > INPUT_MAX || pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return -1;
    written = write(ends[1], bytes, length) == (ssize_t)length;
    close(ends[1]);
    fcntl(ends[0], F_SETFL, 0);
    if (written)
        return ends[0];
    close(ends[0]);
    return -1;
}

/* In a process group of its own, so that what it starts is killed with it, and with no signal
 * blocked, as they are in this thread. */
static int spawn(const char *program, char *const argv[], int input, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    int error;

    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
#ifdef HAS_CLOSEFROM
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
#endif
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    error = posix_spawn(pid, program, &actions, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

int osb_program_start(const char *program, char *const argv[], const char *bytes, size_t length,
                      pid_t *pid)
{
    int input = pipe_of(bytes, length);
    int error = input < 0 ? ENOBUFS : spawn(program, argv, input, pid);

    if (input >= 0)
        close(input);
    return error;
}
