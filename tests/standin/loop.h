/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One thread that waits for everything: sockets by epoll, and timers. Callbacks may stop any watch
 * or timer, their own too; memory that an event of the same round may still point at is handed to
 * loop_bury.
 */
#ifndef STANDIN_LOOP_H
#define STANDIN_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct loop;

/* A file descriptor that is waited for. */
struct watch {
    int fd;                                              /* not owned */
    uint32_t events;                                     /* EPOLL* asked for now */
    void (*ready)(struct watch *watch, uint32_t events); /* called with what came */
    void *owner;                                         /* for the callback */
    bool active;                                         /* epoll knows of it */
};

/* Something that happens once, later. */
struct timer {
    uint64_t due_ms;                   /* on the monotonic clock */
    void (*fire)(struct timer *timer); /* the timer is stopped before it is called */
    void *owner;                       /* for the callback */
    struct timer *next, *previous;     /* the loop's list, nearest first */
    bool active;                       /* it is in that list */
};

/* NULL with errno set if the kernel gives no epoll descriptor. */
struct loop *loop_new(void);
void loop_free(struct loop *loop);

/* Runs callbacks until loop_stop. False with errno set if waiting itself fails. */
bool loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/* Milliseconds on the monotonic clock. */
uint64_t loop_now(void);

/* Waits for EVENTS from now on, in place of what was asked before. False with errno set. */
bool loop_watch(struct loop *loop, struct watch *watch, uint32_t events);
void loop_unwatch(struct loop *loop, struct watch *watch);

/* Starts the timer, or starts it anew. */
void loop_start(struct loop *loop, struct timer *timer, uint64_t after_ms);
void loop_cancel(struct loop *loop, struct timer *timer);

/* Frees MEMORY when no event of this round can point at it any more. */
void loop_bury(struct loop *loop, void *memory);

#endif
