/* SPDX-License-Identifier: Apache-2.0 */
#include "exit.h"

const char *const osg_exit_meanings[] = {
    [OSG_EXIT_DONE] = "done",
    [OSG_EXIT_FINDINGS] = "something was found",
    [OSG_EXIT_USAGE] = "the command line isn't understood",
    [OSG_EXIT_INPUT] = "the topology has errors, or a file can't be read or written",
};
const unsigned osg_exit_count = sizeof osg_exit_meanings / sizeof *osg_exit_meanings;
