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

#define OSG_BALANCER "balancer://"

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
    const char *value;   /* all that stands behind it, as osg_plain_words has it */
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

/* Its last step: has members in order, and fills named and named_count; standing_names.c. */
void osg_standing_order(struct osg_arena *arena, struct osg_standing *standing);

/* Has each member as users of the path CONTEXT come to it: with what ProxyPass puts behind the
 * balancer's URL behind its own, and one that ProxyPass names by itself, where there is no
 * balancer; standing_passed.c. */
void osg_standing_pass(struct osg_arena *arena, struct osg_standing *standing, const char *context);

/* The path that is passed on to a balancer; NULL: none is. */
const char *osg_standing_context(struct osg_arena *arena, const struct osg_standing *standing);

/* Reads what stands behind BalancerMember. False: that is no member; standing_member.c. */
bool osg_member_read(struct osg_arena *arena, const char *text, struct osg_member *member);

/* The URL TEXT as osg_url_canonical has it, or TEXT. */
const char *osg_member_url(struct osg_arena *arena, const char *text);

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
