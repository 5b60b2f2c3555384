/* SPDX-License-Identifier: Apache-2.0 */
#include "codes.h"

static const struct osg_code_row rows[] = {
    {.code = OSG_NOT_A_MAPPING,
     .name = "not-a-mapping",
     .title = "a file that is no mapping of keys",
     .why = "A topology says what each thing is by its key: site, instances and so on. A list or "
            "a single value says nothing by itself.",
     .mend = "Begin with site: and instances:, at the start of a line."},
    {.code = OSG_UNKNOWN_KEY,
     .name = "unknown-key",
     .title = "a key that there is not at this place",
     .why = "It is mostly misspelt or indented too far, and what it was to say would be lost.",
     .mend = "The message says where the key belongs, which one is near, or which there are; "
             "osgen-topology(5) has them all. What osgen has no key for goes under raw, as httpd's "
             "own directives."},
    {.code = OSG_MISSING_KEY,
     .name = "missing-key",
     .title = "a key is missing that has no default",
     .why = "A site has a name, its instances are known, and each instance has a URL: osgen can't "
            "guess them.",
     .mend = "Add the key. If it is there, look at its indentation: it may belong to another one."},
    {.code = OSG_NO_VALUE,
     .name = "no-value",
     .title = "a key without a value",
     .why = "It can't be told whether nothing is meant or the value was forgotten.",
     .mend =
         "Give it a value, or take the key out: then its default holds. A value on the next "
         "line is indented further than its key; one that begins with # wants quotes, since that "
         "begins a comment."},
    {.code = OSG_WRONG_KIND,
     .name = "wrong-kind",
     .title = "a single value, a list or a mapping where something else is to stand",
     .why = "What a list of names, or a mapping of keys, means here isn't defined.",
     .mend = "The message says what the key takes. A list is [a, b] or lines that begin with a "
             "dash; a mapping is keys, each with a colon and a value."},
    {.code = OSG_EMPTY_LIST,
     .name = "empty-list",
     .title = "a list without items",
     .why = "It can't be told whether nobody is meant, or everybody, or the items were forgotten.",
     .mend = "Name the items, or leave the key out: then its default holds."},
};

const struct osg_code_group osg_shape_codes = {.title = "Keys and kinds of values",
                                               .severity = OSG_ERROR,
                                               .rows = rows,
                                               .count = sizeof rows / sizeof *rows};
