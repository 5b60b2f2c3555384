/* SPDX-License-Identifier: Apache-2.0 */
#include "order.h"
#include "base/exit.h"

static const struct osg_option options[] = {
    OSG_ORDER_COMMON,
    [OSG_ORDER_TIMEOUT] = {.letter = 't',
                           .name = "timeout",
                           .argument = "TIME",
                           .help = "the longest wait for the status page; 30s unless set"},
};

static int run(const struct osg_arguments *given)
{
    uint32_t look_ms = OSG_LOOK_MS;

    if (!osg_order_read(given, "apply", &look_ms))
        return OSG_EXIT_USAGE;
    return osg_order_carry_out(given, "apply", look_ms, 0);
}

const struct osg_command osg_apply_command = {
    .name = "apply",
    .operand = "TOPOLOGY",
    .summary = "renders into place, reloads httpd, and takes back what goes wrong",
    .help =
        "Writes what the topology renders to in place of FILE, keeps the old file beside it, has\n"
        "httpd test its whole configuration and reload, and waits for the status page to show the\n"
        "members. If any of that fails, or osgen is told to end, the old file is put back whole\n"
        "and httpd reloads that. The exit code is 0 if the new file is in force, 1 if the old one\n"
        "is, and 3 if nothing was begun or somebody has to look after httpd.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
