/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_CHECK_JSON_H
#define OSG_CHECK_JSON_H

#include "core/json.h"

struct osg_problems;
struct osg_source;

/* Adds all problems to a JSON array, by place, in the words of the text report. Sorts them. */
void osg_check_json(osb_json *list, struct osg_problems *problems, const struct osg_source *source);

#endif
