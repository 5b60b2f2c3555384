/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asks any number of instances at once, each what a check of mod_os_balancer asks, with the
 * module's own engine.
 */
#ifndef OSG_SURVEY_H
#define OSG_SURVEY_H

#include "rungs.h"

#include "core/finding.h"
#include "probe/probe.h"

#include <stdbool.h>
#include <stddef.h>

struct osg_survey;

/* One check, and what came of it. */
struct osg_inquiry {
    struct osb_probe_spec spec; /* whom to ask; its strings must outlive the survey */
    bool answered;              /* is there a result yet? */
    bool local;                 /* it is that this host couldn't ask, which says nothing of the
                                 * instance; of the rest, only words is to be used */
    struct osb_finding finding; /* what was found */
    struct osg_rungs rungs;     /* how far up the ladder the check came */
    char words[320];            /* the cause: the finding in the module's words */
    struct osg_survey *survey;  /* the survey's own */
};

/* NULL if there is nothing to ask with. */
struct osg_survey *osg_survey_open(void);
void osg_survey_close(struct osg_survey *survey); /* NULL is fine */

/* Asks COUNT inquiries side by side, as many at a time as descriptors allow, and returns when all
 * are answered. ANSWERED is told of each as its answer comes; NULL: nobody wants to know. */
void osg_survey_run(struct osg_survey *survey, struct osg_inquiry *const *inquiries, size_t count,
                    void (*answered)(void *baton, struct osg_inquiry *inquiry), void *baton);

#endif
