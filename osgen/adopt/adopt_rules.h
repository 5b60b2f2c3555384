/* SPDX-License-Identifier: Apache-2.0 */
/* Rules about from where users may come: their parts that adopt_access.c puts together. */
#ifndef OSG_ADOPT_RULES_H
#define OSG_ADOPT_RULES_H

#include "adopt_parts.h"

/* What has been seen in one section. */
struct osg_rules {
    struct osg_adoption *adoption;
    struct osg_access *access;
    const struct osg_conf *realm; /* AuthName */
    const char *provider;         /* AuthBasicProvider; NULL: not given */
    bool any;                     /* is there a rule at all? */
    bool bad;                     /* one that a topology can't say? */
    bool asks;                    /* Require valid-user */
    size_t required;              /* how many other Requires */
    bool local;                   /* Require local */
    bool both;                    /* <RequireAll>: users, and from there */
    bool old;                     /* Order, Allow or Deny */
    bool allow_first;             /* Order allow,deny: who isn't allowed stays out */
    bool deny_all;                /* Deny from all */
    bool all;                     /* does Satisfy say so, or nobody? */
};

/* Read one rule of 2.4: Require, or what is in <RequireAny> and <RequireAll>. */
void osg_rules_require(struct osg_rules *rules, const struct osg_conf *conf);
void osg_rules_any(struct osg_rules *rules, const struct osg_conf *section);
void osg_rules_all(struct osg_rules *rules, const struct osg_conf *section);

/* Read one rule of the time before. */
void osg_rules_order(struct osg_rules *rules, const struct osg_conf *conf);
void osg_rules_allow(struct osg_rules *rules, const struct osg_conf *conf);
void osg_rules_deny(struct osg_rules *rules, const struct osg_conf *conf);

/* Puts Order, Allow and Deny of SECTION together: who is let in by default is in no list. */
void osg_rules_judge(struct osg_rules *rules, const struct osg_conf *section);

#endif
