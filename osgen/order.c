/* SPDX-License-Identifier: Apache-2.0 */
#include "order.h"
#include "apply/apply.h"
#include "base/exit.h"
#include "problem/console.h"
#include "topology/session.h"

#include "core/message.h"
#include "core/parse.h"

#include <string.h>

int osg_order_misused(const char *name, const char *why)
{
    osg_say("%s %s; osgen %s --help shows more", name, why, name);
    return OSG_EXIT_USAGE;
}

bool osg_order_read(const struct osg_arguments *given, const char *name, uint32_t *ms)
{
    const char *path = given->values[OSG_ORDER_OUTPUT], *time = given->values[OSG_ORDER_TIMEOUT];
    struct osb_message why = {""};

    if (path == NULL || strcmp(path, "-") == 0) {
        osg_order_misused(name, "needs -o FILE, the file in place");
        return false;
    }
    if (time == NULL || osb_parse_duration(time, 100, 3600000, ms, &why))
        return true;
    osg_say("--timeout: %s", why.text);
    return false;
}

int osg_order_carry_out(const struct osg_arguments *given, const char *name, uint32_t look_ms,
                        uint32_t ask_ms)
{
    struct osg_session session;
    struct osg_order order = {.session = &session,
                              .path = given->values[OSG_ORDER_OUTPUT],
                              .control = given->values[OSG_ORDER_CONTROL],
                              .status_url = given->values[OSG_ORDER_STATUS_URL],
                              .waits = given->values[OSG_ORDER_NO_WAIT] == NULL,
                              .look_ms = look_ms,
                              .ask_ms = ask_ms,
                              .dry = given->values[OSG_ORDER_DRY_RUN] != NULL};
    int code = OSG_EXIT_INPUT;

    if (given->operand == NULL)
        return osg_order_misused(name, "needs a TOPOLOGY");
    if (osg_session_begin(&session, given->operand))
        code = osg_apply(&order);
    osg_session_end(&session);
    return code;
}
