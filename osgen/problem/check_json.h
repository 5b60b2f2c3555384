/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_CHECK_JSON_H
#define OSG_CHECK_JSON_H

struct osg_problems;
struct osg_source;
struct osg_text;

/* Adds all problems as a JSON array, by place, in the words of the text report. Sorts the list. */
void osg_check_json(struct osg_text *text, struct osg_problems *problems,
                    const struct osg_source *source);

#endif
