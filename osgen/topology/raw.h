/* SPDX-License-Identifier: Apache-2.0 */
/* Directives of the sysadmin's own, which go into the site's virtual host word for word. */
#ifndef OSG_RAW_H
#define OSG_RAW_H

#include <stdbool.h>
#include <stdint.h>

struct osb_message;
struct osg_text;

/* What stands before them and behind them in a rendering. */
#define OSG_RAW_BEGIN "    # ---- Of the topology's raw:, word for word\n"
#define OSG_RAW_END   "    # ---- The end of raw:\n"

/* One of them. */
struct osg_raw_line {
    uint32_t number; /* from 1 */
    uint32_t indent; /* blanks and tabs that it begins with */
};

/* Is told what is wrong with a line. */
typedef void osg_raw_fault(void *context, struct osg_raw_line line, const char *fault);

/* May the lines stand inside of a virtual host? They must close each section that they open, and no
 * other, the last one mustn't go on in what follows, and nothing may be for the whole server. Which
 * directives there are, and what they take, httpd alone knows. */
void osg_raw_judge(const char *lines, osg_raw_fault *tell, void *context);

/* The same if it is enough to know whether, and WHY not in the first case. */
bool osg_raw_check(const char *lines, struct osb_message *why);

/* Adds the lines, with nothing changed but their indentation, between the two above. */
void osg_emit_raw(struct osg_text *text, const char *lines);

#endif
