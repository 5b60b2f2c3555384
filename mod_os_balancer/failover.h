/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The course of a request through one member after another. mod_proxy's own loop leads it: who
 * answers an attempt with 503 gives the request away to the next member that it finds.
 */
#ifndef OSB_FAILOVER_GLUE_H
#define OSB_FAILOVER_GLUE_H

#include "board.h"
#include "exchange.h"

struct osb_member;

/* Of one request; it lies in the request's pool. */
struct osb_course {
    request_rec *r;
    struct osb_board *board;
    const struct osb_member *member; /* whose attempt is under way; NULL: none */
    const struct osb_member *before; /* who gave it away; NULL: nobody, or the next has taken it */
    bool passed_on;                  /* `before` had no connection, and nobody was asked: mod_proxy
                                        looks for another member by itself, if there is one */
    const struct osb_member *from;   /* who gave it away to the latest one; NULL: nobody */
    apr_array_header_t *failed;      /* const struct osb_member *: those of whom mod_proxy remembers
                                        an error that was only an answer's, and those of whom it did
                                        while this request looked for another; NULL: none */
    int cleared;                     /* of so many of these, the first, it doesn't any more */
    struct osb_blames blames;        /* of the member, when the attempt began */
    unsigned attempts;               /* so far, the one under way included */
    unsigned given_away;             /* how often it was */
    bool was_answered;               /* the latest attempt: did an answer begin? */
    uint64_t answered_ms;            /* how long that took */
    enum osb_trouble trouble;        /* of `before` */
    enum osb_proof proof;
};

/* The request's course, begun if need be. */
struct osb_course *osb_course_of(request_rec *r, struct osb_board *board);

/* An attempt at MEMBER begins. */
void osb_course_enter(struct osb_course *course, const struct osb_member *member);
/* It ended, with a scheme_handler's RESULT. */
void osb_course_leave(struct osb_course *course, int result);

/* mod_proxy's hook request_status: its loop is over, and whatever the request's own end takes, it
 * looks for no other member. */
int osb_course_end(int *status, request_rec *r);

/* struct osb_exchange's gives_away, with a course as its baton. */
bool osb_course_give_away(void *baton, enum osb_trouble trouble, enum osb_proof proof);

/* Its waits_long: pulls the member's next check forward. */
void osb_course_wait_long(void *baton);

#endif
