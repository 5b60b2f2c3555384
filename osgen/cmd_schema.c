/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "deliver.h"
#include "base/text.h"
#include "describe/schema.h"

enum { OUTPUT };

static const struct osg_option options[] = {
    [OUTPUT] = {.letter = 'o',
                .name = "output",
                .argument = "FILE",
                .help = "writes FILE, if that changes it; - is standard output, the default"},
};

static int run(const struct osg_arguments *given)
{
    struct osg_text text = {0};
    int code;

    osg_schema(&text);
    code = osg_deliver(&text, &(struct osg_delivery){.path = given->values[OUTPUT]});
    osg_text_free(&text);
    return code;
}

const struct osg_command osg_schema_command = {
    .name = "schema",
    .summary = "writes a JSON Schema of topologies, for editors",
    .help = "Writes a JSON Schema (draft 7), by which an editor completes and checks the keys and\n"
            "values of a topology while it is written.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
