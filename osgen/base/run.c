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
#include <sys/wait.h>
#include <unistd.h>

/* More than anybody reads of a program that failed; the rest is taken and forgotten. */
#define SAID_MAX 16384
/* What a program that was told to end gets before it is killed. */
#define GRACE_MS 2000
#define TICK_MS  200

extern char **environ;

struct child {
    pid_t id;
    int output; /* reading end of its pipe; -1: at its end */
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

static int start(char *const argv[], struct child *child)
{
    int ends[2], error;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return errno;
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    error = spawn(argv, ends[1], &child->id);
    close(ends[1]);
    child->output = ends[0];
    if (error != 0)
        close(ends[0]);
    return error;
}

static void take_output(struct child *child, struct osg_text *said)
{
    char bytes[4096];
    ssize_t length = 0;

    while (child->output >= 0 && (length = read(child->output, bytes, sizeof bytes)) > 0) {
        if (said->length + (size_t)length <= SAID_MAX)
            osg_text_add(said, bytes, (size_t)length);
    }
    if (child->output >= 0 && length == 0) {
        close(child->output);
        child->output = -1;
    }
}

/* Waits until it ends, UNTIL passes or, if it is STOPPABLE, osgen is to end. Has it ended? */
static bool wait_for(struct child *child, uint64_t until, bool stoppable, struct osg_text *said)
{
    while (waitpid(child->id, &child->status, WNOHANG) == 0) {
        if (osb_wire_now() >= until || (stoppable && osg_interrupted() != NULL))
            return false;
        osg_wait(child->output, TICK_MS);
        take_output(child, said);
    }
    return true;
}

static void end_group(struct child *child, struct osg_text *said)
{
    kill(-child->id, SIGTERM);
    if (wait_for(child, osb_wire_now() + GRACE_MS, false, said))
        return;
    kill(-child->id, SIGKILL);
    waitpid(child->id, &child->status, 0);
}

static enum osg_run_end end_of(struct child *child, const struct osg_run *how,
                               struct osg_text *said)
{
    if (!wait_for(child, osb_wire_now() + how->limit_ms, how->stoppable, said)) {
        bool interrupted = how->stoppable && osg_interrupted() != NULL;

        end_group(child, said);
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
        return OSG_RUN_REFUSED;
    }
    end = end_of(&child, how, said);
    take_output(&child, said);
    if (child.output >= 0)
        close(child.output);
    return end;
}
