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
     .mend =
         "The message says what was expected. What often goes wrong has a code of its own: tabs, "
         "indentation, colons, quotes and brackets."},
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
    {.code = OSG_TAB_INDENT,
     .name = "tab-indent",
     .title = "a tab where blanks have to be",
     .why = "How far a tab goes is each editor's own affair, so that YAML doesn't take it for "
            "indentation. Nothing behind it is read.",
     .mend = "Put blanks in its place, two for each level; most editors can be told to do that for "
             ".yaml files by themselves. Inside a value in quotes a tab may stand."},
    {.code = OSG_BAD_INDENT,
     .name = "bad-indent",
     .title = "an indentation that fits nothing above it",
     .why = "What belongs to what is told by indentation alone: keys of one mapping begin at one "
            "column, what is inside of a key is indented further, and items of a list have their "
            "dashes at one column. Nothing behind the line is read.",
     .mend = "Move the line to the column of the key or dash that it stands beside. The keys of an "
             "item stand below its first one, not below the dash. What a key holds in several "
             "lines is a block (|), or in quotes."},
    {.code = OSG_NO_COLON,
     .name = "no-colon",
     .title = "a key without a colon, or a colon or dash without a blank",
     .why =
         "\"name:os\" and \"-os\" are single words to YAML, since colons and dashes are parts of "
         "URLs and names, too.",
     .mend = "Write \"key: value\" and \"- item\"."},
    {.code = OSG_BARE_STAR,
     .name = "bare-star",
     .title = "a value that begins with * and has no quotes",
     .why = "* begins an alias in YAML, which stands for what is written elsewhere. Nothing behind "
            "it is read.",
     .mend =
         "Put the value in quotes: listen: \"*:80\", aliases: [\"*.example.org\"]. A port alone, "
         "listen: 80, means the same as \"*:80\"."},
    {.code = OSG_WANTS_QUOTES,
     .name = "wants-quotes",
     .title = "a value that YAML takes for more than a value",
     .why =
         "A value without quotes can't begin with % @ ` & ! ? [ ] { } or a comma, and can't have "
         "a colon and a blank inside; quotes and brackets end a value, and a word processor's "
         "quotes are part of it. Nothing behind it is read, unless it is only that.",
     .mend = "Put the whole value in quotes. In single quotes only ' has to be written twice; in "
             "double quotes \\ and \" want a \\ before them."},
    {.code = OSG_UNCLOSED,
     .name = "unclosed",
     .title = "a quote or bracket without its other half",
     .why = "Everything up to the end of the file would be part of it.",
     .mend = "Close it, or take it out. From a blank and # on a line is a comment, which closes "
             "nothing."},
};

const struct osg_code_group osg_input_codes = {.title = "Reading the file",
                                               .severity = OSG_ERROR,
                                               .rows = rows,
                                               .count = sizeof rows / sizeof *rows};
