/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is wrong with a topology. Every stage adds what it finds and goes on, so that one run tells
 * everything; report.h prints the list.
 */
#ifndef OSG_PROBLEM_H
#define OSG_PROBLEM_H

#include "codes.h"
#include "place.h"

struct osg_arena;

struct osg_problem {
    enum osg_code code;         /* what kind of problem it is */
    struct osg_place place;     /* where the caret goes */
    enum osg_severity severity; /* does it stop the run? */
    const char *message;        /* a sentence without a full stop; never a secret */
    size_t order;               /* when it was found; settles two at the same place */
};

/* A stretch of the source that must not be printed, because it holds a secret. */
struct osg_hidden {
    struct osg_place from; /* its first character */
    struct osg_place to;   /* the character after its last */
};

struct osg_problems {
    struct osg_arena *arena;   /* where the messages live */
    struct osg_problem *list;  /* as they were found */
    size_t count;              /* in the list */
    size_t errors;             /* those of them that are OSG_ERROR */
    size_t silenced;           /* warnings that were dropped from it */
    size_t capacity;           /* of the list */
    struct osg_hidden *hidden; /* in the order of the sources */
    size_t hidden_count;       /* in hidden */
    size_t hidden_capacity;    /* of hidden */
};

/* An empty list whose messages live in ARENA. */
struct osg_problems osg_problems_new(struct osg_arena *arena);
void osg_problems_free(struct osg_problems *problems);

/* Both return false, so that a reader can tell and fail in one statement. CODE is of that severity.
 */
__attribute__((format(printf, 4, 5))) bool osg_error(struct osg_problems *problems,
                                                     enum osg_code code, struct osg_place place,
                                                     const char *format, ...);
__attribute__((format(printf, 4, 5))) bool osg_warning(struct osg_problems *problems,
                                                       enum osg_code code, struct osg_place place,
                                                       const char *format, ...);

/* Drops the warnings of that CODE. Returns how many there were. */
size_t osg_problems_silence(struct osg_problems *problems, enum osg_code code);

/* Keeps what stands from FROM up to TO out of every report. */
void osg_problems_hide(struct osg_problems *problems, struct osg_place from, struct osg_place to);

/* Sorts the list by place. */
void osg_problems_sort(struct osg_problems *problems);

#endif
