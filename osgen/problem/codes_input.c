/* SPDX-License-Identifier: Apache-2.0 */
#include "codes.h"

static const struct osg_code_row rows[] = {
    {.code = OSG_UNREADABLE_FILE,
     .name = "unreadable-file",
     .title = "the topology, or a file that it includes, can't be read",
     .why = "Nothing is known of the site, or not all of it.",
     .mend = "Look at the name, which is relative to the directory that osgen runs in, or for "
             "include: to the file in which it stands, and at who may read it."},
    {.code = OSG_NOT_TEXT,
     .name = "not-text",
     .title = "bytes that are no text in UTF-8",
     .why = "YAML is text. A NUL byte or every second byte empty is UTF-16, as some editors on "
            "Windows save it; a byte that isn't UTF-8 is mostly an umlaut in an older encoding.",
     .mend = "Save the file as UTF-8, and take control characters out."},
    {.code = OSG_BAD_YAML,
     .name = "bad-yaml",
     .title = "this is not YAML",
     .why = "From here on nobody can tell what is meant, so that nothing behind it is read.",
     .mend = "Indent with blanks, items of a list all alike; put a blank behind a key's colon; and "
             "put a value in quotes that begins with * & ! % @ ` [ or { or has a colon and a blank "
             "inside."},
    {.code = OSG_YAML_FEATURE,
     .name = "yaml-feature",
     .title = "an anchor, an alias, a tag, or a key that is no word",
     .why = "With anchors and aliases a small file can grow without bound, and tags change what a "
            "value is. A topology needs none of them.",
     .mend = "Write the value out where it is needed. If it just begins with & * or !, put it in "
             "quotes. What several sites have in common goes into a file of its own, by include."},
    {.code = OSG_SECOND_DOCUMENT,
     .name = "second-document",
     .title = "a second document in the same file",
     .why = "A line --- begins a new document, and which of the two is meant can't be told.",
     .mend = "Give each site a file of its own, or take the line out."},
    {.code = OSG_EMPTY_FILE,
     .name = "empty-file",
     .title = "a file that says nothing",
     .why = "A topology has a site and instances at least, and an included file something.",
     .mend = "osgen init writes a first topology."},
    {.code = OSG_TOO_LARGE,
     .name = "too-large",
     .title = "more values, keys, levels or files than any topology has",
     .why = "osgen reads what others wrote, too, and is bounded in time and memory.",
     .mend = "Look whether this is the right file, and whether a list that some program writes "
             "repeats itself."},
    {.code = OSG_DUPLICATE_KEY,
     .name = "duplicate-key",
     .title = "the same key twice",
     .why = "YAML allows no key twice, and readers that let it pass take one of the two values "
            "without a word.",
     .mend = "Keep the one that holds. slowstart and warmup may stand in balance or in "
             "balance.health, not in both."},
    {.code = OSG_INCLUDE_LOOP,
     .name = "include-loop",
     .title = "a file that includes itself",
     .why = "It would never end.",
     .mend = "Put what both need into a third file that includes neither."},
};

const struct osg_code_group osg_input_codes = {.title = "Reading the file",
                                               .severity = OSG_ERROR,
                                               .rows = rows,
                                               .count = sizeof rows / sizeof *rows};
