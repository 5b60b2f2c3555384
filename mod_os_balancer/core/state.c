/* SPDX-License-Identifier: Apache-2.0 */
#include "state.h"

static const struct row {
    const char *name;
    const char *meaning;
    bool last_resort; /* takes users while nobody is up */
} rows[OSB_STATES] = {
    [OSB_STATE_UNVERIFIED] = {"unverified", "not checked yet", true},
    [OSB_STATE_UP] = {"up", "OpenSpecimen answers", false},
    [OSB_STATE_STARTING] = {"starting", "accepts connections, answers nothing yet", false},
    [OSB_STATE_HUNG] = {"hung", "was up, accepts connections, answers nothing", false},
    [OSB_STATE_STALLED] = {"stalled", "waits for its database", true},
    [OSB_STATE_NOT_DEPLOYED] = {"not-deployed", "Tomcat runs without OpenSpecimen", false},
    [OSB_STATE_DATABASE_DOWN] = {"database-down", "has no connection to its database", true},
    [OSB_STATE_FAILING] = {"failing", "answers with an error", false},
    [OSB_STATE_UNREACHABLE] = {"unreachable", "no connection to it", false},
    [OSB_STATE_FORBIDDEN] = {"forbidden", "refuses our requests", false},
    [OSB_STATE_FOREIGN] = {"foreign", "something other than OpenSpecimen answers", false},
};

const char *osb_state_name(enum osb_state state)
{
    return rows[state].name;
}

const char *osb_state_meaning(enum osb_state state)
{
    return rows[state].meaning;
}

bool osb_state_is_last_resort(enum osb_state state)
{
    return rows[state].last_resort;
}
