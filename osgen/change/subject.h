/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_SUBJECT_H
#define OSG_SUBJECT_H

#include <stddef.h>

struct osg_arena;
struct osg_directive;

/* What a directive is about, in people's words. All directives of one subject are compared at once:
 * what they say of it is a set of values. */
struct osg_subject {
    const char *words;   /* "the certificate"; the directive's own name where nothing is better; "":
                            it says what holds without it, too */
    const char *value;   /* what the directive says of it, "/etc/ssl/os.pem" */
    size_t key;          /* the value begins with so many bytes that say what it is about, as the
                            path of a ProxyPass; 0: the subject has one value, or all are alike */
    const char *leader;  /* words of the subject of which it is a detail: who hears that the one
                            comes or goes needn't hear the other; NULL: it is none */
    const char *page;    /* the same, of a page that comes or goes */
    const char *comes;   /* a sentence in place of "... is new", or NULL */
    const char *between; /* what stands between that sentence and the value; NULL: the value isn't
                            told */
    const char *goes;    /* in place of "... goes" */
};

struct osg_subject osg_subject_of(struct osg_arena *arena, const struct osg_directive *directive);

/* Its parts: a path that leads elsewhere or isn't passed on; subject_path.c. Words are NULL if it
 * isn't that. */
struct osg_subject osg_subject_of_path(struct osg_arena *arena,
                                       const struct osg_directive *directive);

/* How many bytes of the value say what it is about; subject_key.c. */
size_t osg_subject_key(const struct osg_directive *directive);

#endif
