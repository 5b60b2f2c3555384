/* SPDX-License-Identifier: Apache-2.0 */
#include "finding_json.h"

osb_json *osb_finding_json(const struct osb_finding *finding, uint64_t at)
{
    osb_json *object = osb_json_object();

    osb_json_put_time(object, "at", at);
    osb_json_put_bool(object, "good", osb_finding_is_good(finding));
    osb_json_put_number(object, "latency_ms", finding->ms);
    osb_json_put_text(object, "stage", osb_question_name(finding->rung));
    osb_json_put_text(object, "outcome", osb_outcome_name(finding->outcome));
    osb_json_put_number(object, "status", finding->status);
    osb_json_put_number(object, "beside_status", finding->beside);
    osb_json_put_text(object, "code", finding->code);
    osb_json_put_text(object, "said", finding->said);
    return object;
}

osb_json *osb_identity_json(const struct osb_identity *identity)
{
    osb_json *object;

    if (!identity->known)
        return NULL;
    object = osb_json_object();
    osb_json_put_text(object, "version", identity->version);
    osb_json_put_text(object, "commit", identity->commit);
    osb_json_put_text(object, "date", identity->date);
    osb_json_put_text(object, "environment", identity->environment);
    osb_json_put_text(object, "plugins", identity->plugins);
    return object;
}
