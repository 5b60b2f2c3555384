/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_REMARKS_H
#define OSG_REMARKS_H

#include "standing.h"
#include "subject.h"

#include <stdbool.h>

struct osg_arena;
struct osg_text;

/* A directive as it is compared. */
struct osg_remark {
    const struct osg_directive *directive;
    struct osg_subject subject;
};

struct osg_remarks {
    struct osg_remark *items; /* in the order of the file */
    size_t count;
};

/* What the directives say, each value by itself: "ServerAlias a b" is two. */
struct osg_remarks osg_remarks_of(struct osg_arena *arena, const struct osg_standing *standing);

/* Is the remark about the subject that is called WORDS, in that section? */
bool osg_remark_is_about(const struct osg_remark *remark, const char *section, const char *words);

/* Is one of them about it? */
bool osg_remarks_have(const struct osg_remarks *remarks, const char *section, const char *words);

/* Is there a line in that section? For the site there always is. */
bool osg_remarks_have_section(const struct osg_remarks *remarks, const char *section);

/* Those about WANTED's subject of which OTHER has none like them, each once. */
struct osg_remarks osg_remarks_apart(struct osg_arena *arena, const struct osg_remarks *remarks,
                                     const struct osg_remarks *other,
                                     const struct osg_remark *wanted);

/* Adds the value for people: without a secret, and cut off if it is long. */
void osg_remark_put(struct osg_text *text, const struct osg_remark *remark);

#endif
