/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_SUBJECT_H
#define OSG_SUBJECT_H

struct osg_directive;

/* What a directive is about, in people's words. All directives of one subject are compared at once:
 * what they say of it is a set of values. */
struct osg_subject {
    const char *words;  /* "the certificate"; the directive's own name where nothing is better */
    const char *value;  /* what the directive says of it, "/etc/ssl/os.pem" */
    const char *leader; /* words of the subject of which it is a detail: who hears that the one
                           comes or goes needn't hear the other; NULL: it is none */
    const char *comes;  /* a sentence in place of "... is new", or NULL */
    const char *goes;   /* the same for "... goes" */
};

struct osg_subject osg_subject_of(const struct osg_directive *directive);

#endif
