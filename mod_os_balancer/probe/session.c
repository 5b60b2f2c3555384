/* SPDX-License-Identifier: Apache-2.0 */
#include "session.h"

#include <stdio.h>

static const char *path_of(const struct osb_probe_spec *spec, enum osb_question question)
{
    static const char *const paths[OSB_QUESTIONS] = {
        [OSB_ASK_WEBAPP] = "/rest/ng/config-settings/password",
        [OSB_ASK_DATABASE] = "/rest/ng/config-settings/locale",
        [OSB_ASK_IDENTITY] = "/rest/ng/config-settings/app-props",
    };

    return spec->path != NULL ? spec->path : paths[question];
}

char *osb_session_target(const struct osb_session *session, enum osb_question question,
                         char target[OSB_TARGET_MAX])
{
    snprintf(target, OSB_TARGET_MAX, "%s%s", session->spec->context,
             path_of(session->spec, question));
    return target;
}

void osb_session_settle(struct osb_session *session, enum osb_question question,
                        enum osb_outcome outcome, unsigned status)
{
    osb_transcript_answer(session->transcript, question, outcome, status);
    session->answered(session->baton, session, question);
}
