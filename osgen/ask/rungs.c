/* SPDX-License-Identifier: Apache-2.0 */
#include "rungs.h"

#include "core/finding.h"
#include "core/text.h"

#include <stdio.h>

static void put_word(char rung[OSG_RUNG_MAX], const char *word)
{
    osb_text_copy(rung, OSG_RUNG_MAX, word);
}

static void put_answer(char rung[OSG_RUNG_MAX], const struct osb_answer *answer)
{
    if (answer->outcome == OSB_NOT_ASKED)
        put_word(rung, "-");
    else if (answer->outcome != OSB_ANSWERED)
        put_word(rung, osb_outcome_name(answer->outcome));
    else if (answer->status == 200 || answer->status == 0)
        put_word(rung, "ok");
    else
        snprintf(rung, OSG_RUNG_MAX, "%u", answer->status);
}

/* The database's question was answered, but by somebody who stands before OpenSpecimen. */
static bool is_others_answer(const struct osb_finding *finding)
{
    return finding->rung == OSB_ASK_DATABASE && finding->outcome == OSB_ANSWERED &&
           (finding->seen == OSB_SEEN_NOT_DEPLOYED || finding->seen == OSB_SEEN_FORBIDDEN ||
            finding->seen == OSB_SEEN_FOREIGN);
}

struct osg_rungs osg_rungs_read(const struct osb_observation *observation,
                                const struct osb_finding *finding)
{
    const struct osb_answer *answers = observation->answers;
    bool pinged = answers[OSB_ASK_CONNECTOR].outcome != OSB_NOT_ASKED;
    struct osg_rungs rungs = {.webapp = "-", .database = "-"};

    put_answer(rungs.connector, &answers[OSB_ASK_CONNECT]);
    if (answers[OSB_ASK_CONNECT].outcome != OSB_ANSWERED)
        return rungs;
    if (pinged)
        put_answer(rungs.connector, &answers[OSB_ASK_CONNECTOR]);
    put_answer(rungs.webapp, &answers[OSB_ASK_WEBAPP]);
    put_answer(rungs.database, &answers[OSB_ASK_DATABASE]);
    if (osb_finding_is_good(finding))
        put_word(rungs.webapp, "ok");
    if (is_others_answer(finding)) {
        put_answer(rungs.webapp, &answers[OSB_ASK_DATABASE]);
        put_word(rungs.database, "-");
    }
    if (finding->seen == OSB_SEEN_FOREIGN && finding->status == 200)
        put_word(rungs.webapp, "foreign");
    return rungs;
}
