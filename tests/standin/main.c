/* SPDX-License-Identifier: Apache-2.0 */
/* A server that behaves as OpenSpecimen on Tomcat does, with faults that are switched at will. */
#include "application.h"
#include "buffer.h"
#include "listener.h"
#include "node.h"
#include "options.h"
#include "protocol.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define EXIT_USAGE 2
#define EXIT_IO    3

/* A thousand listeners and their clients are more than the usual limit. */
static void raise_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static void signalled(struct watch *watch, uint32_t events)
{
    (void)events;
    loop_stop(watch->owner);
}

/* SIGTERM and SIGINT come as an event: nothing runs in a handler. */
static bool watch_signals(struct loop *loop, struct watch *watch)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    *watch = (struct watch){.ready = signalled, .owner = loop};
    watch->fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    return watch->fd >= 0 && loop_watch(loop, watch, EPOLLIN);
}

static bool add_places(struct node *node, const char *name, const char *const *places,
                       const struct protocol *protocol, const struct application *application,
                       struct buffer *line)
{
    char bound[160], why[256];

    for (; *places != NULL; places++) {
        if (!listeners_add(node, *places, protocol, application, bound, sizeof bound, why,
                           sizeof why)) {
            fprintf(stderr, "standin: --%s: %s\n", name, why);
            return false;
        }
        buffer_format(line, " %s=%s", name, bound);
    }
    return true;
}

/* Binds everything and says so in one line: "ready node=os1 ajp=127.0.0.1:8009 ...". */
static bool open_all(struct node *node, const struct options *options)
{
    struct buffer line = {.bytes = NULL};
    bool done;

    buffer_format(&line, "ready node=%s", options->node);
    done =
        add_places(node, "ajp", options->ajp, &ajp_protocol, &container_application, &line) &&
        add_places(node, "http", options->http, &http_protocol, &container_application, &line) &&
        add_places(node, "control", options->control, &http_protocol, &control_application, &line);
    if (done) {
        printf("%.*s\n", (int)line.length, (const char *)buffer_bytes(&line));
        fflush(stdout);
    }
    buffer_release(&line);
    return done;
}

static void set_up(struct node *node, const struct options *options)
{
    node->name = options->node;
    node->secret = options->secret;
    node->switches = switches_off;
    node->switches.deployed = !options->failed_start;
    if (options->build != NULL)
        snprintf(node->switches.build, sizeof node->switches.build, "%s", options->build);
    if (options->slow_start > 0)
        node_start_slowly(node, options->slow_start);
}

static int run(const struct options *options)
{
    struct node node = {.loop = loop_new()};
    struct watch signals = {.fd = -1};
    int code = EXIT_IO;

    if (node.loop == NULL || !watch_signals(node.loop, &signals)) {
        perror("standin");
        return EXIT_IO;
    }
    set_up(&node, options);
    if (open_all(&node, options))
        code = loop_run(node.loop) ? EXIT_SUCCESS : EXIT_IO;
    node_end(&node);
    loop_unwatch(node.loop, &signals);
    close(signals.fd);
    loop_free(node.loop);
    return code;
}

int main(int argc, char **argv)
{
    struct options *options = zeroed(sizeof *options);
    char why[256];
    int code;

    if (!options_read(options, argc, argv, why, sizeof why)) {
        fprintf(stderr, "standin: %s\n%s", why, options_usage);
        code = EXIT_USAGE;
    } else if (options->help) {
        fputs(options_usage, stdout);
        code = EXIT_SUCCESS;
    } else {
        raise_descriptors();
        code = run(options);
    }
    free(options);
    return code;
}
