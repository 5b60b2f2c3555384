/* SPDX-License-Identifier: Apache-2.0 */
#include "listener.h"
#include "application.h"
#include "buffer.h"
#include "connection.h"
#include "node.h"
#include "place.h"
#include "tally.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define BACKLOG      1024
#define ACCEPT_BURST 64

struct listener {
    struct watch watch;                    /* of the socket; its fd is -1 while it is closed */
    int reserve;                           /* a descriptor to give up when there are no others */
    struct sockaddr_storage address;       /* where it listens, with the port that was picked */
    socklen_t length;                      /* of address */
    struct node *node;                     /* whose it is */
    const struct protocol *protocol;       /* what is spoken there */
    const struct application *application; /* who answers there */
    struct tally tally;                    /* of who came here */
    struct listener *next;                 /* in the node's list */
};

struct listener *listener_next(const struct listener *listener)
{
    return listener->next;
}

bool listener_is_control(const struct listener *listener)
{
    return !listener->application->faulty;
}

/* Out of descriptors: a client is taken and dropped, or epoll would tell of it for ever. */
static void refuse_one(struct listener *listener)
{
    close(listener->reserve);
    listener->reserve = accept(listener->watch.fd, NULL, NULL);
    if (listener->reserve >= 0)
        close(listener->reserve);
    listener->reserve = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void accept_ready(struct watch *watch, uint32_t events)
{
    struct listener *listener = watch->owner;

    (void)events;
    for (int i = 0; i < ACCEPT_BURST && watch->active; i++) {
        int fd = accept4(watch->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (fd < 0 && (errno == EMFILE || errno == ENFILE))
            refuse_one(listener);
        if (fd < 0)
            return;
        connection_start(listener->node, fd, listener->protocol, listener->application,
                         listener_is_control(listener) ? NULL : &listener->tally);
    }
}

static bool bind_and_listen(struct listener *listener)
{
    int on = 1,
        fd = socket(listener->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    listener->watch.fd = fd;
    return fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
           bind(fd, (struct sockaddr *)&listener->address, listener->length) == 0 &&
           listen(fd, BACKLOG) == 0 &&
           getsockname(fd, (struct sockaddr *)&listener->address, &listener->length) == 0 &&
           loop_watch(listener->node->loop, &listener->watch, EPOLLIN);
}

bool listener_open(struct listener *listener, char *why, size_t why_size)
{
    char text[80];

    if (listener->watch.fd >= 0)
        return true;
    if (bind_and_listen(listener))
        return true;
    snprintf(why, why_size, "can't listen at %s: %s",
             place_write(&listener->address, text, sizeof text), strerror(errno));
    listener_close(listener);
    return false;
}

void listener_close(struct listener *listener)
{
    if (listener->watch.fd < 0)
        return;
    loop_unwatch(listener->node->loop, &listener->watch);
    close(listener->watch.fd);
    listener->watch.fd = -1;
}

static struct listener *add_one(struct node *node, const struct place *place,
                                const struct protocol *protocol,
                                const struct application *application)
{
    struct listener *listener = zeroed(sizeof *listener);

    *listener = (struct listener){
        .watch = {.fd = -1, .ready = accept_ready, .owner = listener},
        .reserve = open("/dev/null", O_RDONLY | O_CLOEXEC),
        .address = place->address,
        .length = place->length,
        .node = node,
        .protocol = protocol,
        .application = application,
        .tally = {.whole = &node->tally},
        .next = node->listeners,
    };
    node->listeners = listener;
    return listener;
}

bool listeners_add(struct node *node, const char *text, const struct protocol *protocol,
                   const struct application *application, char *bound, size_t bound_size, char *why,
                   size_t why_size)
{
    struct place place;

    if (!place_read(&place, text, why, why_size))
        return false;
    for (unsigned i = 0; i < place.count; i++) {
        struct listener *listener = add_one(node, &place, protocol, application);

        if (!listener_open(listener, why, why_size))
            return false;
        place_write(&listener->address, bound, bound_size);
        if (i + 1 < place.count)
            place_advance(&place.address, 1);
    }
    if (place.count > 1)
        snprintf(bound, bound_size, "%s-%s:%u", place.first, place.last, place.port);
    return true;
}

void listeners_begin_tally(struct node *node, uint64_t limit_ms)
{
    tally_begin(&node->tally, limit_ms);
    for (struct listener *at = node->listeners; at != NULL; at = at->next)
        tally_begin(&at->tally, limit_ms);
}

void listeners_put_tally(const struct node *node, struct buffer *out)
{
    const char *comma = "";
    char text[80];

    buffer_text(out, "{\"all\":{");
    tally_put(&node->tally, out);
    buffer_text(out, "},\"places\":{");
    for (const struct listener *at = node->listeners; at != NULL; at = at->next) {
        if (listener_is_control(at))
            continue;
        buffer_format(out, "%s\"%s\":{", comma, place_write(&at->address, text, sizeof text));
        tally_put(&at->tally, out);
        buffer_text(out, "}");
        comma = ",";
    }
    buffer_text(out, "}}");
}

void listeners_end(struct node *node)
{
    while (node->listeners != NULL) {
        struct listener *listener = node->listeners;

        node->listeners = listener->next;
        listener_close(listener);
        if (listener->reserve >= 0)
            close(listener->reserve);
        loop_bury(node->loop, listener);
    }
}
