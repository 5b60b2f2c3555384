/* SPDX-License-Identifier: Apache-2.0 */
#include "observation.h"

const char *osb_question_name(enum osb_question question)
{
    static const char *const names[OSB_QUESTIONS] = {
        [OSB_ASK_CONNECT] = "connect",   [OSB_ASK_CONNECTOR] = "connector",
        [OSB_ASK_WEBAPP] = "webapp",     [OSB_ASK_DATABASE] = "database",
        [OSB_ASK_IDENTITY] = "identity",
    };

    return names[question];
}

bool osb_observation_is_local(const struct osb_observation *observation)
{
    return observation->answers[OSB_ASK_CONNECT].outcome == OSB_LOCAL;
}

const char *osb_outcome_name(enum osb_outcome outcome)
{
    static const char *const names[OSB_OUTCOMES] = {
        [OSB_NOT_ASKED] = "not-asked",   [OSB_ANSWERED] = "answered",
        [OSB_SILENT] = "silent",         [OSB_REFUSED] = "refused",
        [OSB_NO_ROUTE] = "no-route",     [OSB_UNKNOWN_NAME] = "unknown-name",
        [OSB_UNRESOLVED] = "unresolved", [OSB_UNTRUSTED] = "untrusted",
        [OSB_NO_TLS] = "no-tls",         [OSB_CLOSED] = "closed",
        [OSB_GARBLED] = "garbled",       [OSB_OVERSIZED] = "oversized",
        [OSB_LOCAL] = "local",
    };

    return names[outcome];
}
