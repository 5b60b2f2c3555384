/* SPDX-License-Identifier: Apache-2.0 */
#include "problem.h"
#include "base/arena.h"
#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define LONGEST_MESSAGE 1024

struct osg_problems osg_problems_new(struct osg_arena *arena)
{
    return (struct osg_problems){.arena = arena};
}

void osg_problems_free(struct osg_problems *problems)
{
    free(problems->list);
    free(problems->hidden);
    *problems = (struct osg_problems){0};
}

/* ITEMS with room for one more than COUNT. */
static void *grown(void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    *capacity = *capacity * 2 + 8;
    return osg_realloc(items, *capacity * size);
}

static void add(struct osg_problems *problems, enum osg_severity severity, enum osg_code code,
                struct osg_place place, const char *format, va_list args)
{
    char message[LONGEST_MESSAGE];

    vsnprintf(message, sizeof message, format, args);
    problems->list =
        grown(problems->list, problems->count, &problems->capacity, sizeof *problems->list);
    problems->list[problems->count] =
        (struct osg_problem){.code = code,
                             .place = place,
                             .severity = severity,
                             .message = osg_arena_printf(problems->arena, "%s", message),
                             .order = problems->count};
    problems->count++;
    if (severity == OSG_ERROR)
        problems->errors++;
}

bool osg_error(struct osg_problems *problems, enum osg_code code, struct osg_place place,
               const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add(problems, OSG_ERROR, code, place, format, args);
    va_end(args);
    return false;
}

bool osg_warning(struct osg_problems *problems, enum osg_code code, struct osg_place place,
                 const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add(problems, OSG_WARNING, code, place, format, args);
    va_end(args);
    return false;
}

size_t osg_problems_silence(struct osg_problems *problems, enum osg_code code)
{
    size_t kept = 0, dropped;

    for (size_t i = 0; i < problems->count; i++) {
        const struct osg_problem *problem = &problems->list[i];

        if (problem->code != code || problem->severity != OSG_WARNING)
            problems->list[kept++] = *problem;
    }
    dropped = problems->count - kept;
    problems->silenced += dropped;
    problems->count = kept;
    return dropped;
}

void osg_problems_hide(struct osg_problems *problems, struct osg_place from, struct osg_place to)
{
    problems->hidden = grown(problems->hidden, problems->hidden_count, &problems->hidden_capacity,
                             sizeof *problems->hidden);
    problems->hidden[problems->hidden_count++] = (struct osg_hidden){.from = from, .to = to};
}

static int by_place(const void *a, const void *b)
{
    const struct osg_problem *one = a, *other = b;
    int order = osg_place_compare(one->place, other->place);

    if (order != 0)
        return order;
    return one->order < other->order ? -1 : 1;
}

void osg_problems_sort(struct osg_problems *problems)
{
    if (problems->count > 1)
        qsort(problems->list, problems->count, sizeof *problems->list, by_place);
}
