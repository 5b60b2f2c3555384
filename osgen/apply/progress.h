/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is said on standard error while a change is under way. A terminal or pipe that takes
 * nothing, because somebody pressed Ctrl-S or a connection hangs, must not stop the clock: after a
 * second, what can't be said is left out, and so is what follows until words are taken again.
 */
#ifndef OSG_PROGRESS_H
#define OSG_PROGRESS_H

struct osg_text;

/* As osg_say. */
__attribute__((format(printf, 1, 2))) void osg_progress(const char *format, ...);

/* Lines, set in. */
void osg_progress_lines(const struct osg_text *lines);

/* Another program's, with their secrets starred out. */
void osg_progress_quote(const struct osg_text *said);

/* A line that the next one writes over; for terminals only. */
__attribute__((format(printf, 1, 2))) void osg_progress_over(const char *format, ...);

#endif
