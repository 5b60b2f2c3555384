/* SPDX-License-Identifier: Apache-2.0 */
#include "mask.h"
#include "base/text.h"
#include "emit/emit.h"
#include "problem/report.h"

#include <string.h>
#include <strings.h>

/* What a secret stands behind, in any case of letters. */
static const char *const marks[] = {"secret=",      "password", "passphrase", "authorization",
                                    "clientsecret", "-token",   "api-key",    "pass="};

/* Comments by osgen itself, in which nothing is secret. */
static const char *const own[] = {OSG_COMMENT_PASSWORD};

static bool is_own(const char *line, size_t length)
{
    size_t blanks = 0;

    while (blanks < length && line[blanks] == ' ')
        blanks++;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (length - blanks == strlen(own[i]) &&
            memcmp(line + blanks, own[i], length - blanks) == 0)
            return true;
    }
    return false;
}

/* Where the secret of the line begins: behind the first mark, or LENGTH. */
static size_t secret_of(const char *line, size_t length)
{
    if (is_own(line, length))
        return length;
    for (size_t i = 0; i < length; i++) {
        for (size_t j = 0; j < sizeof marks / sizeof *marks; j++) {
            size_t mark = strlen(marks[j]);

            if (mark <= length - i && strncasecmp(line + i, marks[j], mark) == 0)
                return i + mark;
        }
    }
    return length;
}

static void add_clean(struct osg_text *text, const char *bytes, size_t length)
{
    struct osg_text copy = {0};

    osg_text_add(&copy, bytes, length);
    for (char *nul = copy.bytes; (nul = memchr(nul, '\0', length - (size_t)(nul - copy.bytes)));)
        *nul = '?';
    osg_report_clean(text, copy.bytes);
    osg_text_free(&copy);
}

void osg_mask_line(struct osg_text *text, const char *line, size_t length, bool *hides)
{
    size_t shown = *hides ? 0 : secret_of(line, length);
    bool secret = *hides || shown < length;

    add_clean(text, line, shown);
    osg_text_put(text, secret && length > 0 ? "***" : "");
    *hides = secret && length > 0 && line[length - 1] == '\\';
}

bool osg_mask_hides(const char *line, size_t length)
{
    return secret_of(line, length) < length;
}

void osg_mask(struct osg_text *text, const char *bytes, size_t length, const char *lead)
{
    const char *end = bytes + length;
    bool hides = false;

    while (bytes < end) {
        const char *newline = memchr(bytes, '\n', (size_t)(end - bytes));
        const char *stop = newline != NULL ? newline : end;

        osg_text_put(text, lead);
        osg_mask_line(text, bytes, (size_t)(stop - bytes), &hides);
        osg_text_put(text, "\n");
        bytes = stop + 1;
    }
}
