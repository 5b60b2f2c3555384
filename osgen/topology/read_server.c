/* SPDX-License-Identifier: Apache-2.0 */
#include "grammar.h"
#include "quote.h"
#include "topology.h"

#define FIELD(name) offsetof(struct osg_server, name)

static const struct osg_key keys[] = {
    {.name = "state_file",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(state_file),
     .read = osg_read_file,
     .help = "file by which states, counters and the journal outlive a stop of httpd"},
    {.name = "notify",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(notify),
     .read = osg_read_file,
     .check = osg_program_check,
     .help = "program that httpd runs on each event of the journal"},
};

const struct osg_grammar osg_server_grammar = {
    .name = "server", .keys = keys, .count = sizeof keys / sizeof *keys};
