/* SPDX-License-Identifier: Apache-2.0 */
#include "loop.h"
#include "buffer.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#define ROUND_MAX 256

struct loop {
    int epoll;            /* descriptor of the epoll set */
    bool stopped;         /* loop_stop was called */
    struct timer timers;  /* head of a ring, nearest first */
    struct buffer graves; /* pointers to free at the end of the round */
};

uint64_t loop_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

struct loop *loop_new(void)
{
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    struct loop *loop;

    if (epoll < 0)
        return NULL;
    loop = zeroed(sizeof *loop);
    loop->epoll = epoll;
    loop->timers.next = loop->timers.previous = &loop->timers;
    return loop;
}

static void fill_graves(struct loop *loop)
{
    const unsigned char *bytes = buffer_bytes(&loop->graves);

    for (size_t at = 0; at < loop->graves.length; at += sizeof(void *))
        free(*(void *const *)(const void *)(bytes + at));
    buffer_drop(&loop->graves, loop->graves.length);
}

void loop_free(struct loop *loop)
{
    fill_graves(loop);
    buffer_release(&loop->graves);
    close(loop->epoll);
    free(loop);
}

bool loop_watch(struct loop *loop, struct watch *watch, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = watch};
    int operation = watch->active ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;

    if (watch->active && watch->events == events)
        return true;
    if (epoll_ctl(loop->epoll, operation, watch->fd, &event) != 0)
        return false;
    watch->active = true;
    watch->events = events;
    return true;
}

void loop_unwatch(struct loop *loop, struct watch *watch)
{
    if (watch->active)
        epoll_ctl(loop->epoll, EPOLL_CTL_DEL, watch->fd, NULL);
    watch->active = false;
}

/* Searched from the far end: most timers of a run have the same length, and go last. */
void loop_start(struct loop *loop, struct timer *timer, uint64_t after_ms)
{
    struct timer *before;

    loop_cancel(loop, timer);
    before = loop->timers.previous;
    timer->due_ms = loop_now() + after_ms;
    while (before != &loop->timers && before->due_ms > timer->due_ms)
        before = before->previous;
    timer->previous = before;
    timer->next = before->next;
    before->next->previous = timer;
    before->next = timer;
    timer->active = true;
}

void loop_cancel(struct loop *loop, struct timer *timer)
{
    (void)loop;
    if (!timer->active)
        return;
    timer->previous->next = timer->next;
    timer->next->previous = timer->previous;
    timer->active = false;
}

/* Milliseconds until the nearest timer, or -1: wait for ever. */
static int nearest(const struct loop *loop)
{
    const struct timer *first = loop->timers.next;
    uint64_t now = loop_now();

    if (first == &loop->timers)
        return -1;
    if (first->due_ms <= now)
        return 0;
    return first->due_ms - now > 60000 ? 60000 : (int)(first->due_ms - now);
}

static void fire_due(struct loop *loop)
{
    uint64_t now = loop_now();

    while (loop->timers.next != &loop->timers && loop->timers.next->due_ms <= now) {
        struct timer *timer = loop->timers.next;

        loop_cancel(loop, timer);
        timer->fire(timer);
    }
}

bool loop_run(struct loop *loop)
{
    struct epoll_event events[ROUND_MAX];

    while (!loop->stopped) {
        int count = epoll_wait(loop->epoll, events, ROUND_MAX, nearest(loop));

        if (count < 0 && errno != EINTR)
            return false;
        for (int i = 0; i < count; i++) {
            struct watch *watch = events[i].data.ptr;

            if (watch->active)
                watch->ready(watch, events[i].events);
        }
        fire_due(loop);
        fill_graves(loop);
    }
    return true;
}

void loop_stop(struct loop *loop)
{
    loop->stopped = true;
}

void loop_bury(struct loop *loop, void *memory)
{
    buffer_append(&loop->graves, &memory, sizeof memory);
}
