/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_CHANGE_VALUES_H
#define OSG_CHANGE_VALUES_H

#include "remarks.h"

struct osg_sentences {
    const char **items;
    size_t count;
};

/* What becomes of the subject that ABOUT is about, without its section. */
struct osg_sentences osg_change_values(struct osg_arena *arena, const struct osg_remarks *old,
                                       const struct osg_remarks *new,
                                       const struct osg_remark *about);

#endif
