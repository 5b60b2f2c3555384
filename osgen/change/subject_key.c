/* SPDX-License-Identifier: Apache-2.0 */
/* Directives of which there may be several beside one another, each about something else. */
#include "subject.h"
#include "standing.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* What the directive is about are its first words. */
static const struct row {
    const char *name;
    size_t words;
    const char *end; /* what a word ends with */
} rows[] = {
    {"ProxyPass", 1, " "},
    {"ProxyPassMatch", 1, " "},
    {"ProxyPassReverse", 1, " "},
    {"ProxyPassReverseCookiePath", 1, " "},
    {"ProxyPassReverseCookieDomain", 1, " "},
    {"ProxySet", 1, "="},
    {"Redirect", 1, " "},
    {"RedirectMatch", 1, " "},
    {"RewriteRule", 1, " "},
    {"Alias", 1, " "},
    {"AliasMatch", 1, " "},
    {"ScriptAlias", 1, " "},
    {"ErrorDocument", 1, " "},
    {"Define", 1, " "},
    {"SetEnv", 1, " "},
    {"SetEnvIf", 2, " "},
    {"Header", 2, " "},
    {"RequestHeader", 2, " "},
};

/* Words that may stand before those. */
static const char *const flags[] = {"always", "onsuccess", "permanent", "temp", "seeother", "gone",
                                    "301",    "302",       "303",       "307",  "308"};

static bool is_flag(const char *word, size_t length)
{
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (strlen(flags[i]) == length && strncasecmp(flags[i], word, length) == 0)
            return true;
    }
    return false;
}

/* 0 where nothing is behind the words: then they are the value itself. */
static size_t length_of(const char *value, const struct row *row)
{
    size_t length = strcspn(value, row->end), words = row->words + is_flag(value, length);

    while (--words > 0 && value[length] != '\0')
        length += 1 + strcspn(value + length + 1, row->end);
    return value[length] != '\0' ? length : 0;
}

size_t osg_subject_key(const struct osg_directive *directive)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcasecmp(rows[i].name, directive->name) == 0)
            return length_of(directive->value, &rows[i]);
    }
    return 0;
}
