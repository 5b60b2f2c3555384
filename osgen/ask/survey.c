/* SPDX-License-Identifier: Apache-2.0 */
#include "survey.h"
#include "base/memory.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* A check has two connections at most, and each of them may look a name up. */
#define DESCRIPTORS_EACH 4
#define MOST_FLYING      256

struct osg_survey {
    struct osb_prober *prober;
    size_t flying;                                              /* checks under way */
    size_t most_flying;                                         /* as many as there may be */
    void (*answered)(void *baton, struct osg_inquiry *inquiry); /* the caller's */
    void *baton;                                                /* the caller's */
};

static size_t most_flying(void)
{
    struct rlimit limit;
    size_t room;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return MOST_FLYING;
    room = limit.rlim_cur / DESCRIPTORS_EACH;
    if (room == 0)
        return 1;
    return room < MOST_FLYING ? room : MOST_FLYING;
}

struct osg_survey *osg_survey_open(void)
{
    struct osb_prober *prober = osb_prober_prepare() ? osb_prober_make() : NULL;
    struct osg_survey *survey;

    if (prober == NULL)
        return NULL;
    /* libcurl leaves to us what a TLS connection does that is lost while it is written to. */
    signal(SIGPIPE, SIG_IGN);
    survey = osg_alloc(sizeof *survey);
    *survey = (struct osg_survey){.prober = prober, .most_flying = most_flying()};
    return survey;
}

void osg_survey_close(struct osg_survey *survey)
{
    if (survey != NULL)
        osb_prober_free(survey->prober);
    free(survey);
}

/* What this host lacked, in the system's words. */
static const char *want_of(const struct osb_observation *observation)
{
    for (size_t i = 0; i < OSB_QUESTIONS; i++) {
        if (observation->answers[i].outcome == OSB_LOCAL &&
            observation->answers[i].words[0] != '\0')
            return observation->answers[i].words;
    }
    return "";
}

static void take_answer(void *baton, const struct osb_observation *observation)
{
    struct osg_inquiry *inquiry = baton;
    size_t used;

    inquiry->answered = true;
    inquiry->local = osb_observation_is_local(observation);
    inquiry->finding = osb_finding_read(observation);
    inquiry->rungs = osg_rungs_read(observation, &inquiry->finding);
    osb_finding_words(&inquiry->finding, inquiry->words, sizeof inquiry->words);
    used = strlen(inquiry->words);
    if (inquiry->local && want_of(observation)[0] != '\0')
        snprintf(inquiry->words + used, sizeof inquiry->words - used, ": %s", want_of(observation));
    inquiry->survey->flying--;
    if (inquiry->survey->answered != NULL)
        inquiry->survey->answered(inquiry->survey->baton, inquiry);
}

static void start(struct osg_survey *survey, struct osg_inquiry *inquiry)
{
    static const struct osb_observation unasked = {
        .answers[OSB_ASK_CONNECT] = {.outcome = OSB_LOCAL, .words = "out of memory"}};

    inquiry->survey = survey;
    survey->flying++;
    if (!osb_prober_start(survey->prober, &inquiry->spec, take_answer, inquiry))
        take_answer(inquiry, &unasked);
}

void osg_survey_run(struct osg_survey *survey, struct osg_inquiry *const *inquiries, size_t count,
                    void (*answered)(void *baton, struct osg_inquiry *inquiry), void *baton)
{
    size_t started = 0;

    survey->answered = answered;
    survey->baton = baton;
    while (started < count || survey->flying > 0) {
        while (started < count && survey->flying < survey->most_flying)
            start(survey, inquiries[started++]);
        osb_prober_turn(survey->prober, 1000);
    }
}
