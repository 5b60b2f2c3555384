/* SPDX-License-Identifier: Apache-2.0 */
#include "connection.h"
#include "application.h"
#include "exchange.h"
#include "node.h"
#include "tally.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_MAX  16384
#define LINGER_MS 2000

struct connection {
    struct watch watch;                 /* of the socket */
    struct exchange exchange;           /* what is said on it */
    struct timer linger;                /* runs while it waits for the client to close, too */
    bool shut;                          /* our side says that nothing more will come */
    char peer[64];                      /* the client's address in numbers */
    struct connection *next, *previous; /* the node's list */
};

static struct node *node_of(const struct connection *connection)
{
    return connection->exchange.node;
}

static void end(struct connection *connection)
{
    struct node *node = node_of(connection);

    loop_unwatch(node->loop, &connection->watch);
    loop_cancel(node->loop, &connection->linger);
    exchange_end(&connection->exchange);
    close(connection->watch.fd);
    if (connection->previous != NULL)
        connection->previous->next = connection->next;
    else
        node->connections = connection->next;
    if (connection->next != NULL)
        connection->next->previous = connection->previous;
    loop_bury(node->loop, connection);
}

/* False if the client is gone. */
static bool flush(struct connection *connection)
{
    struct buffer *out = &connection->exchange.out;

    while (out->length > 0) {
        ssize_t sent = send(connection->watch.fd, buffer_bytes(out), out->length, MSG_NOSIGNAL);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return errno == EAGAIN || errno == EWOULDBLOCK;
        buffer_drop(out, (size_t)sent);
    }
    if (connection->exchange.step == STEP_HEAD)
        buffer_release(out);
    return true;
}

/* To close at once while the client still sends would reset the connection, and might take our last
 * words from it: so it is closed for writing only, until the client closes as well. */
static void linger(struct connection *connection)
{
    if (connection->shut)
        return;
    connection->shut = true;
    shutdown(connection->watch.fd, SHUT_WR);
    loop_start(node_of(connection)->loop, &connection->linger, LINGER_MS);
}

/* That a client has gone is told only while nothing is being sent to it: one that has closed its
 * side may still read. */
static uint32_t wanted_events(const struct connection *connection)
{
    const struct exchange *exchange = &connection->exchange;
    uint32_t events = 0;

    if (exchange->step != STEP_SEND)
        events |= EPOLLRDHUP;
    if (connection->shut || exchange_wants_input(exchange))
        events |= EPOLLIN;
    if (exchange_wants_output(exchange))
        events |= EPOLLOUT;
    return events;
}

/* Goes on as far as one buffer reaches: a long body leaves time for the others. */
static void advance(struct connection *connection)
{
    struct exchange *exchange = &connection->exchange;

    exchange_advance(exchange);
    if (!flush(connection)) {
        end(connection);
        return;
    }
    if (exchange->step == STEP_OVER && exchange->out.length == 0)
        linger(connection);
    if (!loop_watch(node_of(connection)->loop, &connection->watch, wanted_events(connection)))
        end(connection);
}

/* False if the client is gone. */
static bool read_some(struct connection *connection)
{
    char bytes[READ_MAX];
    ssize_t got = recv(connection->watch.fd, bytes, sizeof bytes, 0);

    if (got > 0)
        buffer_append(&connection->exchange.in, bytes, (size_t)got);
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

static void ready(struct watch *watch, uint32_t events)
{
    struct connection *connection = watch->owner;
    bool gone = (events & (EPOLLERR | EPOLLHUP)) != 0;

    if (!gone && (events & EPOLLIN) != 0)
        gone = !read_some(connection);
    else if ((events & EPOLLRDHUP) != 0)
        gone = true;
    if (gone)
        end(connection);
    else
        advance(connection);
}

static void delay_passed(struct timer *timer)
{
    advance(timer->owner);
}

static void linger_passed(struct timer *timer)
{
    end(timer->owner);
}

static void find_peer(struct connection *connection)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;

    if (getpeername(connection->watch.fd, (struct sockaddr *)&address, &length) == 0)
        getnameinfo((struct sockaddr *)&address, length, connection->peer, sizeof connection->peer,
                    NULL, 0, NI_NUMERICHOST);
}

void connection_start(struct node *node, int fd, const struct protocol *protocol,
                      const struct application *application, struct tally *tally)
{
    struct connection *connection;
    int on = 1;

    tally_count(tally, TALLY_CONNECTIONS);
    if (application->faulty && node->switches.wire == WIRE_CLOSE) {
        close(fd);
        return;
    }
    connection = zeroed(sizeof *connection);
    connection->watch = (struct watch){.fd = fd, .ready = ready, .owner = connection};
    connection->linger = (struct timer){.fire = linger_passed, .owner = connection};
    connection->exchange = (struct exchange){
        .node = node,
        .protocol = protocol,
        .application = application,
        .peer = connection->peer,
        .tally = tally,
        .timer = {.fire = delay_passed, .owner = connection},
    };
    connection->next = node->connections;
    if (connection->next != NULL)
        connection->next->previous = connection;
    node->connections = connection;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    find_peer(connection);
    advance(connection);
}

static void for_each_faulty(struct node *node, void (*act)(struct connection *))
{
    struct connection *next;

    for (struct connection *at = node->connections; at != NULL; at = next) {
        next = at->next;
        if (at->exchange.application->faulty)
            act(at);
    }
}

static void wake(struct connection *connection)
{
    exchange_wake(&connection->exchange);
    advance(connection);
}

void connections_wake(struct node *node)
{
    for_each_faulty(node, wake);
}

void connections_drop(struct node *node)
{
    for_each_faulty(node, end);
}

void connections_end(struct node *node)
{
    while (node->connections != NULL)
        end(node->connections);
}
