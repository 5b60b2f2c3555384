/* SPDX-License-Identifier: Apache-2.0 */
#include "interrupt.h"

#include "core/message.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

static const struct row {
    int number;
    const char *name;
} noted[] = {{SIGINT, "SIGINT"}, {SIGTERM, "SIGTERM"}, {SIGHUP, "SIGHUP"}, {SIGQUIT, "SIGQUIT"}};

/* A stopped osgen would never take a change back. */
static const int ignored[] = {SIGPIPE, SIGTSTP, SIGTTIN, SIGTTOU};

static int signals = -1;  /* signalfd */
static const char *first; /* what came first */

bool osg_interrupt_begin(struct osb_message *why)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    for (size_t i = 0; i < sizeof noted / sizeof *noted; i++)
        sigaddset(&set, noted[i].number);
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
        signal(ignored[i], SIG_IGN);
    signal(SIGCHLD, SIG_DFL);
    signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals < 0 || sigprocmask(SIG_BLOCK, &set, NULL) != 0)
        return osb_refuse(why, "signals can't be waited for: %s", strerror(errno));
    return true;
}

const char *osg_interrupted(void)
{
    struct signalfd_siginfo info;

    while (signals >= 0 && read(signals, &info, sizeof info) == (ssize_t)sizeof info) {
        for (size_t i = 0; i < sizeof noted / sizeof *noted; i++) {
            if (first == NULL && noted[i].number == (int)info.ssi_signo)
                first = noted[i].name;
        }
    }
    return first;
}

void osg_wait(int file, uint32_t ms)
{
    struct pollfd files[] = {{.fd = signals, .events = POLLIN}, {.fd = file, .events = POLLIN}};

    poll(files, 2, (int)ms);
    osg_interrupted();
}
