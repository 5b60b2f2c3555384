/* SPDX-License-Identifier: Apache-2.0 */
/* What a person sees: data on standard output, everything else on standard error. */
#ifndef OSG_CONSOLE_H
#define OSG_CONSOLE_H

#include <stdbool.h>

struct osg_problems;
struct osg_source;
struct osg_text;

/* Writes TEXT to standard output. Returns OSG_EXIT_DONE, or OSG_EXIT_INPUT with a word about it if
 * it couldn't be written to its end. */
int osg_print(const struct osg_text *text);

/* Writes "osgen: ", what printf would print and a newline to standard error. */
__attribute__((format(printf, 1, 2))) void osg_say(const char *format, ...);

/* Is the descriptor FILE a terminal that may have colours? Not if NO_COLOR (no-color.org) is set or
 * TERM is dumb. */
bool osg_wants_colour(int file);

/* Shows problems on standard error, with a line that counts them, in colour if that wants it. */
void osg_show_problems(struct osg_problems *problems, const struct osg_source *source);

#endif
