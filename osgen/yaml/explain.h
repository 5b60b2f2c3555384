/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_EXPLAIN_H
#define OSG_EXPLAIN_H

#include "problem/codes.h"
#include "problem/place.h"

struct osg_arena;

/* What a YAML parser stumbled over, in its own words. */
struct osg_stumble {
    const char *problem;    /* what it found; NULL: it doesn't say */
    const char *context;    /* what it was reading then; NULL: it doesn't say */
    struct osg_place at;    /* where it stopped */
    struct osg_place since; /* where what it was reading begins */
};

/* The same for somebody who isn't writing a parser. */
struct osg_slip {
    enum osg_code code;
    struct osg_place place; /* of what is to be mended */
    const char *message;    /* holds nothing of the file, which may be a secret */
};

/* Looks at the lines around a stumble, too: what a parser can't read is mostly behind the slip. */
struct osg_slip osg_explain(struct osg_arena *arena, const struct osg_source *source,
                            const struct osg_stumble *stumble);

/* That the value at PLACE, which has no quotes, goes on on the next line. */
struct osg_slip osg_explain_going_on(const struct osg_source *source, struct osg_place place);

/* What is to be mended in the value TEXT at PLACE, which has no quotes, since its first letter
 * looks like something else. No code: nothing. */
struct osg_slip osg_explain_letter(const char *text, struct osg_place place);

/* What to say of a dash that has no blank behind it, and of a no-break space. */
#define OSG_GLUED_ITEM "the - of an item wants a blank behind it: \"- item\""
#define OSG_FOREIGN_BLANK \
    "a no-break space, or one of another width, is a letter to YAML: write plain blanks"

#endif
