/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_REPORT_H
#define OSG_REPORT_H

#include <stdbool.h>

struct osg_problems;
struct osg_source;
struct osg_text;

/* Adds every problem to TEXT, by place: "file:line:column: message [code name]", the line of the
 * source and a caret under the character. SOURCE is the topology, with what it includes behind it.
 * Secrets are starred out, and what a terminal would obey is shown as a question mark. COLOUR is
 * for terminals. Sorts the list. */
void osg_report(struct osg_text *text, struct osg_problems *problems,
                const struct osg_source *source, bool colour);

/* Adds BYTES with everything that isn't a printable character as a question mark. */
void osg_report_clean(struct osg_text *text, const char *bytes);

#endif
