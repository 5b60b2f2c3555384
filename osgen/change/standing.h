/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands in a file that osgen wrote, as far as people want to hear of it: the members of the
 * balancer, and every other directive. It is read tolerantly: somebody may have edited it, or
 * written it by hand, and what isn't understood is passed over.
 */
#ifndef OSG_STANDING_H
#define OSG_STANDING_H

#include <stdbool.h>
#include <stddef.h>

struct osg_arena;

/* "timeout=180" of a BalancerMember. */
struct osg_setting {
    const char *key;
    const char *value; /* without quotes */
};

struct osg_member {
    const char *url;              /* as osg_url_canonical has it, or as it stands there */
    const char *name;             /* what people call it: of the comment before it, or the URL */
    bool named;                   /* is the name of a comment, and nobody else's in the file? */
    struct osg_setting *settings; /* in their order */
    size_t count;                 /* how many */
    size_t place;                 /* among the members of the file, from 0 */
};

/* Any other directive, or the begin of a section, "<Location>". */
struct osg_directive {
    const char *section; /* what it is for: "/balancer-status", "<Directory /srv>"; "": the site */
    const char *name;    /* "Require", "<Proxy>" */
    const char *value;   /* all that stands behind it; one word without its quotes */
    bool begins;         /* does the section of that name begin with it? */
};

struct osg_standing {
    struct osg_member *members; /* by URL, of the same URL only the first */
    size_t member_count;
    const struct osg_member **named; /* those that are, by name */
    size_t named_count;
    struct osg_directive *directives; /* in the order of the file */
    size_t directive_count;
};

/* Reads LENGTH bytes. The result lives in ARENA. */
struct osg_standing osg_standing_read(struct osg_arena *arena, const char *bytes, size_t length);

/* Its last step: fills named and named_count; standing_names.c. */
void osg_standing_list_names(struct osg_arena *arena, struct osg_standing *standing);

/* The member of that URL, or NULL. */
const struct osg_member *osg_standing_member(const struct osg_standing *standing, const char *url);

/* Who MEMBER, which stands in FROM, is in TO: whoever has its name there, else its URL, or NULL.
 * The other way round it is the same. */
const struct osg_member *osg_standing_same(const struct osg_standing *from,
                                           const struct osg_standing *to,
                                           const struct osg_member *member);

/* The value at KEY, or NULL. */
const char *osg_member_setting(const struct osg_member *member, const char *key);

#endif
