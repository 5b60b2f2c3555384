/* SPDX-License-Identifier: Apache-2.0 */
#include "order.h"
#include "apply/apply.h"
#include "base/exit.h"

/* What people get to confirm a change. */
#define ASK_MS 60000

enum { CONFIRM = OSG_ORDER_OPTIONS };

static const struct osg_option options[] = {
    OSG_ORDER_COMMON,
    [OSG_ORDER_TIMEOUT] = {.letter = 't',
                           .name = "timeout",
                           .argument = "TIME",
                           .help = "the longest wait for somebody to confirm; 60s unless set"},
    [CONFIRM] = {.name = "confirm", .help = "confirms, for an osgen try that waits elsewhere"},
};

static int run(const struct osg_arguments *given)
{
    uint32_t ask_ms = ASK_MS;

    if (!osg_order_read(given, "try", &ask_ms))
        return OSG_EXIT_USAGE;
    if (given->values[CONFIRM] == NULL)
        return osg_order_carry_out(given, "try", OSG_LOOK_MS, ask_ms);
    if (given->operand != NULL)
        return osg_order_misused("try", "--confirm takes no TOPOLOGY");
    return osg_apply_confirm(given->values[OSG_ORDER_OUTPUT]);
}

const struct osg_command osg_try_command = {
    .name = "try",
    .operand = "TOPOLOGY",
    .operand_optional = true,
    .summary = "applies, and takes it back unless somebody confirms",
    .help =
        "Does what apply does, and then asks whether the change shall stay: by Enter on its\n"
        "terminal, or by osgen try --confirm -o FILE from anywhere on this machine. Without an\n"
        "answer in time, without its terminal or after a signal, it takes the change back: so an\n"
        "administrator who is cut off isn't locked out. The exit code is as apply's.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
