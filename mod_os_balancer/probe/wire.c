/* SPDX-License-Identifier: Apache-2.0 */
#include "wire.h"
#include "wire_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* Events taken in one turn. */
#define EVENTS_MAX 256
/* More events than this in a second make a wire busy: those of about a hundred checks. */
#define BUSY_RATE 400
/* The rate is measured over so many ms. */
#define WINDOW_MS 100

/* ---- wires ----------------------------------------------------------------------------------- */

struct osb_wire *osb_wire_make(void)
{
    struct osb_wire *wire = calloc(1, sizeof *wire);

    if (wire == NULL)
        return NULL;
    wire->timer = UINT64_MAX;
    wire->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (wire->epoll < 0 || !osb_curl_begin(wire)) {
        osb_wire_free(wire);
        return NULL;
    }
    return wire;
}

void osb_wire_free(struct osb_wire *wire)
{
    struct osb_line *next;

    if (wire == NULL)
        return;
    for (struct osb_line *line = wire->lines; line != NULL; line = next) {
        next = line->next;
        osb_line_free(line);
    }
    osb_curl_end(wire);
    if (wire->epoll >= 0)
        close(wire->epoll);
    free(wire);
}

static void sweep(struct osb_wire *wire)
{
    while (wire->closed != NULL) {
        struct osb_line *line = wire->closed;

        wire->closed = line->next_closed;
        osb_line_free(line);
    }
}

/* ---- lines ----------------------------------------------------------------------------------- */

struct osb_line *osb_line_make(struct osb_wire *wire, enum osb_line_kind kind,
                               const struct osb_line_events *events, void *baton)
{
    struct osb_line *line = calloc(1, sizeof *line);

    if (line == NULL)
        return NULL;
    *line = (struct osb_line){.next = wire->lines,
                              .place = &wire->lines,
                              .wire = wire,
                              .kind = kind,
                              .fd = -1,
                              .events = events,
                              .baton = baton};
    if (line->next != NULL)
        line->next->place = &line->next;
    wire->lines = line;
    return line;
}

/* Closing alone would not take a socket off the epoll while a program that was just forked holds it
 * too; nor, before 7.85, would it end the connection, of which libcurl keeps a descriptor that it
 * then closes when it next looks. */
void osb_line_free(struct osb_line *line)
{
    *line->place = line->next;
    if (line->next != NULL)
        line->next->place = line->place;
    osb_curl_release(line);
    if (line->fd >= 0) {
        epoll_ctl(line->wire->epoll, EPOLL_CTL_DEL, line->fd, NULL);
        shutdown(line->fd, SHUT_RDWR);
        close(line->fd);
    }
    free(line);
}

void osb_line_close(struct osb_line *line)
{
    if (line == NULL || line->phase == OSB_LINE_CLOSED)
        return;
    line->phase = OSB_LINE_CLOSED;
    line->next_closed = line->wire->closed;
    line->wire->closed = line;
}

char *osb_wire_authority(char *buffer, size_t size, const char *host, unsigned port)
{
    bool bare_v6 = strchr(host, ':') != NULL && host[0] != '[';

    snprintf(buffer, size, bare_v6 ? "[%s]:%u" : "%s:%u", host, port);
    return buffer;
}

/* ---- turns ----------------------------------------------------------------------------------- */

/* An event carries the address of a line, which is even, or a socket of libcurl's, made odd. */
static uint64_t tag(int fd)
{
    return (uint64_t)fd << 1 | 1;
}

void osb_wire_watch(struct osb_wire *wire, int fd, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.u64 = tag(fd)};

    if (events == 0)
        epoll_ctl(wire->epoll, EPOLL_CTL_DEL, fd, NULL);
    else if (epoll_ctl(wire->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
        epoll_ctl(wire->epoll, EPOLL_CTL_MOD, fd, &event);
}

static void take_event(struct osb_wire *wire, const struct epoll_event *event)
{
    struct osb_line *line = event->data.ptr;

    if (event->data.u64 & 1)
        osb_curl_take_event(wire, (int)(event->data.u64 >> 1), event->events);
    else if (line->phase == OSB_LINE_CONNECTING)
        osb_socket_tell_connected(line);
    else if (line->phase == OSB_LINE_OPEN)
        line->events->readable(line->baton);
}

static void run_timer(struct osb_wire *wire)
{
    if (osb_wire_now() >= wire->timer)
        osb_curl_take_time(wire);
}

/* A busy wire lets events gather: taking several at a time costs far less than each alone, and a
 * member that sends without end can't keep the thread running. */
static void rest(const struct osb_wire *wire)
{
    const struct timespec pause = {.tv_nsec = OSB_WIRE_REST_MS * 1000000L};

    if (wire->busy)
        nanosleep(&pause, NULL);
}

static void count_events(struct osb_wire *wire, unsigned count)
{
    uint64_t span = osb_wire_now() - wire->window;

    wire->events += count;
    if (span < WINDOW_MS)
        return;
    wire->busy = wire->events > BUSY_RATE * span / 1000;
    wire->events = 0;
    wire->window += span;
}

static int time_to_wait(const struct osb_wire *wire, uint32_t wait_ms)
{
    uint64_t now = osb_wire_now();

    if (wire->timer <= now)
        return 0;
    return (int)(wire->timer - now < wait_ms ? wire->timer - now : wait_ms);
}

void osb_wire_turn(struct osb_wire *wire, uint32_t wait_ms)
{
    struct epoll_event events[EVENTS_MAX];
    int count;

    run_timer(wire);
    if (osb_curl_tell_results(wire))
        wait_ms = 0;
    sweep(wire);
    rest(wire);
    count = epoll_wait(wire->epoll, events, EVENTS_MAX, time_to_wait(wire, wait_ms));
    for (int i = 0; i < count; i++)
        take_event(wire, &events[i]);
    run_timer(wire);
    osb_curl_tell_results(wire);
    sweep(wire);
    count_events(wire, count > 0 ? (unsigned)count : 0);
}

uint64_t osb_wire_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
