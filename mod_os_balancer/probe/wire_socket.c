/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Raw lines. A name is looked up and connected to by libcurl; an address by ourselves, since for a
 * member that takes connections and says nothing the connection is all there is to a check, and a
 * handle of libcurl's costs several times that.
 */
#include "wire_private.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- connecting ------------------------------------------------------------------------------ */

enum osb_outcome osb_socket_outcome(struct osb_line *line, int number)
{
    switch (number) {
    case 0:
        return OSB_ANSWERED;
    case EADDRNOTAVAIL: /* no port left for a connection to there */
    case EAGAIN:        /* the same, by another path of the kernel */
    case ENOBUFS:
    case ENOMEM:
        line->want = number;
        return OSB_LOCAL;
    case ECONNREFUSED:
        return OSB_REFUSED;
    case ETIMEDOUT:
        return OSB_SILENT;
    case ECONNRESET: /* it came about, and was closed before anybody looked */
        return OSB_CLOSED;
    default:
        return OSB_NO_ROUTE;
    }
}

/* A socket on its way to ADDRESS, or -1: then it is for libcurl to find out why. */
static int set_out(const struct addrinfo *address)
{
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd >= 0 && connect(fd, address->ai_addr, address->ai_addrlen) != 0 &&
        errno != EINPROGRESS) {
        close(fd);
        return -1;
    }
    return fd;
}

/* NULL if HOST is a name. */
static struct addrinfo *find_address(const char *host, unsigned port)
{
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
                                   .ai_socktype = SOCK_STREAM};
    struct addrinfo *address;
    char service[12];

    snprintf(service, sizeof service, "%u", port);
    return getaddrinfo(host, service, &hints, &address) == 0 ? address : NULL;
}

bool osb_wire_is_address(const char *host)
{
    struct addrinfo *address = find_address(host, 0);

    if (address == NULL)
        return false;
    freeaddrinfo(address);
    return true;
}

static int set_out_to(const char *host, unsigned port)
{
    struct addrinfo *address = find_address(host, port);
    int fd;

    if (address == NULL)
        return -1;
    fd = set_out(address);
    freeaddrinfo(address);
    return fd;
}

struct osb_line *osb_wire_connect(struct osb_wire *wire, const char *host, unsigned port,
                                  uint32_t limit_ms, const struct osb_line_events *events,
                                  void *baton)
{
    int fd = set_out_to(host, port);
    struct osb_line *line;
    struct epoll_event event = {.events = EPOLLOUT};

    if (fd < 0)
        return osb_curl_connect(wire, host, port, limit_ms, events, baton);
    line = osb_line_make(wire, OSB_LINE_RAW, events, baton);
    event.data.ptr = line;
    if (line == NULL || epoll_ctl(wire->epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
        close(fd);
        if (line != NULL)
            osb_line_free(line);
        return NULL;
    }
    line->phase = OSB_LINE_CONNECTING;
    line->fd = fd;
    return line;
}

/* A socket that failed is closed at once, or the epoll would tell of it until its owner does. */
void osb_socket_tell_connected(struct osb_line *line)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = line};
    struct osb_line_end end = {.type = "", .words = ""};
    int number = 0;
    socklen_t size = sizeof number;

    getsockopt(line->fd, SOL_SOCKET, SO_ERROR, &number, &size);
    end.outcome = osb_socket_outcome(line, number);
    if (end.outcome == OSB_ANSWERED) {
        line->phase = OSB_LINE_OPEN;
        epoll_ctl(line->wire->epoll, EPOLL_CTL_MOD, line->fd, &event);
    } else {
        line->phase = OSB_LINE_WORKING;
        epoll_ctl(line->wire->epoll, EPOLL_CTL_DEL, line->fd, NULL);
        close(line->fd);
        line->fd = -1;
    }
    if (line->want != 0)
        end.words = strerror(line->want);
    line->events->connected(line->baton, &end);
}

/* ---- connected ------------------------------------------------------------------------------- */

bool osb_socket_take_over(struct osb_line *line, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = line};

    line->phase = OSB_LINE_OPEN;
    line->fd = fd;
    return fd >= 0 && epoll_ctl(line->wire->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

ptrdiff_t osb_line_send(struct osb_line *line, const void *bytes, size_t length)
{
    ssize_t sent = send(line->fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);

    return sent < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : sent;
}

ptrdiff_t osb_line_receive(struct osb_line *line, void *buffer, size_t size)
{
    ssize_t received = recv(line->fd, buffer, size, MSG_DONTWAIT);

    if (received < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    return received > 0 ? received : -1;
}
