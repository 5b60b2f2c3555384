/* SPDX-License-Identifier: Apache-2.0 */
#include "run.h"
#include "interrupt.h"
#include "text.h"

#include "probe/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a program that was told to end gets before it is killed. */
#define GRACE_MS 2000
/* How often its output is looked after; its end is noticed at once. */
#define TICK_MS 50

extern char **environ;

struct child {
    pid_t id;
    int output; /* the file that it writes to */
    int status; /* of waitpid, once it has ended */
};

static int spawn(char *const argv[], int output, pid_t *id)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    int error;

    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    error = posix_spawn(id, argv[0], &actions, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* What it leaves running, an httpd that it started, may write long after osgen has ended: into a
 * pipe that would be its death. Each write goes behind the one before, whoever makes it. */
static int start(char *const argv[], struct child *child)
{
    int error;

    child->output = memfd_create("osgen", MFD_CLOEXEC);
    if (child->output < 0)
        return errno;
    fcntl(child->output, F_SETFL, O_APPEND);
    error = spawn(argv, child->output, &child->id);
    if (error != 0)
        close(child->output);
    return error;
}

/* What it writes beyond the most that is wanted. */
static void forget_rest(const struct child *child, size_t most)
{
    struct stat about;

    if (fstat(child->output, &about) == 0 && (uintmax_t)about.st_size > most &&
        ftruncate(child->output, (off_t)most) != 0)
        return;
}

static void take_output(const struct child *child, size_t most, struct osg_text *said)
{
    char bytes[4096];
    ssize_t length = 0;

    for (size_t at = 0; at < most; at += (size_t)length) {
        size_t room = most - at < sizeof bytes ? most - at : sizeof bytes;

        length = pread(child->output, bytes, room, (off_t)at);
        if (length <= 0)
            return;
        osg_text_add(said, bytes, (size_t)length);
    }
}

/* Waits until it ends, UNTIL passes or, if it is STOPPABLE, osgen is to end. Has it ended? */
static bool wait_for(struct child *child, uint64_t until, bool stoppable, size_t most)
{
    while (waitpid(child->id, &child->status, WNOHANG) == 0) {
        if (osb_wire_now() >= until || (stoppable && osg_interrupted() != NULL))
            return false;
        osg_wait(-1, TICK_MS);
        forget_rest(child, most);
    }
    return true;
}

static void end_group(struct child *child, size_t most)
{
    kill(-child->id, SIGTERM);
    if (wait_for(child, osb_wire_now() + GRACE_MS, false, most))
        return;
    kill(-child->id, SIGKILL);
    waitpid(child->id, &child->status, 0);
}

static enum osg_run_end end_of(struct child *child, const struct osg_run *how)
{
    if (!wait_for(child, osb_wire_now() + how->limit_ms, how->stoppable, how->said_max)) {
        bool interrupted = how->stoppable && osg_interrupted() != NULL;

        end_group(child, how->said_max);
        return interrupted ? OSG_RUN_INTERRUPTED : OSG_RUN_LATE;
    }
    return WIFEXITED(child->status) && WEXITSTATUS(child->status) == 0 ? OSG_RUN_DONE
                                                                       : OSG_RUN_REFUSED;
}

enum osg_run_end osg_run(char *const argv[], const struct osg_run *how, struct osg_text *said)
{
    struct child child = {.output = -1};
    int error = start(argv, &child);
    enum osg_run_end end;

    if (error != 0) {
        osg_text_printf(said, "%s can't be run: %s\n", argv[0], strerror(error));
        return OSG_RUN_NEVER;
    }
    end = end_of(&child, how);
    take_output(&child, how->said_max, said);
    close(child.output);
    return end;
}
