/* SPDX-License-Identifier: Apache-2.0 */
#include "session.h"

const char *osb_question_path(enum osb_question question)
{
    static const char *const paths[OSB_QUESTIONS] = {
        [OSB_ASK_WEBAPP] = "/rest/ng/config-settings/password",
        [OSB_ASK_DATABASE] = "/rest/ng/config-settings/locale",
        [OSB_ASK_IDENTITY] = "/rest/ng/config-settings/app-props",
    };

    return paths[question];
}

void osb_session_settle(struct osb_session *session, enum osb_question question,
                        enum osb_outcome outcome, unsigned status)
{
    osb_transcript_answer(session->transcript, question, outcome, status);
    session->answered(session->baton, session, question);
}
