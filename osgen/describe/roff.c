/* SPDX-License-Identifier: Apache-2.0 */
#include "roff.h"
#include "base/text.h"

#include "core/vocabulary.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* When what the pages say last changed: written by hand, so that they are the same everywhere. */
#define CHANGED "2026-11-24"

/* Where a line of the source ends, as mandoc wants it. */
#define WIDEST 80

/* A minus is a minus in every font, so that what is copied from the page is what was meant. */
static void put_bytes(struct osg_text *text, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '\\')
            osg_text_put(text, "\\e");
        else if (bytes[i] == '-')
            osg_text_put(text, "\\-");
        else
            osg_text_add(text, &bytes[i], 1);
    }
}

void osg_roff_put(struct osg_text *text, const char *words)
{
    put_bytes(text, words, strlen(words));
}

/* A word in a line that began at START, or in a new one if it doesn't fit. Returns where its line
 * began. At its beginning a line is no request. */
static size_t put_word(struct osg_text *text, size_t start, const char *word, size_t length)
{
    struct osg_text clean = {0};
    bool fits;

    put_bytes(&clean, word, length);
    fits = text->length + 1 + clean.length - start <= WIDEST;
    if (text->length > start)
        osg_text_put(text, fits ? " " : "\n");
    if (!fits)
        start = text->length;
    if (text->length == start && (*word == '.' || *word == '\''))
        osg_text_put(text, "\\&");
    osg_text_add(text, clean.bytes, clean.length);
    osg_text_free(&clean);
    return start;
}

void osg_roff_lines(struct osg_text *text, const char *words)
{
    size_t start = text->length;

    for (words += strspn(words, " \n"); *words != '\0'; words += strspn(words, " \n")) {
        size_t length = strcspn(words, " \n");

        start = put_word(text, start, words, length);
        words += length;
    }
    osg_text_put(text, "\n");
}

void osg_roff_macro(struct osg_text *text, const char *macro, const char *words)
{
    osg_text_printf(text, ".%s \"", macro);
    for (; *words != '\0'; words++) {
        if (*words == '"')
            osg_text_put(text, "\\(dq");
        else
            put_bytes(text, words, 1);
    }
    osg_text_put(text, "\"\n");
}

static void put_font(struct osg_text *text, const char *font, const char *words)
{
    osg_text_put(text, font);
    osg_roff_put(text, words);
    osg_text_put(text, "\\fR");
}

void osg_roff_bold(struct osg_text *text, const char *words)
{
    put_font(text, "\\fB", words);
}

void osg_roff_italic(struct osg_text *text, const char *words)
{
    put_font(text, "\\fI", words);
}

void osg_roff_choices(struct osg_text *text, osg_choices *choices)
{
    struct osg_choice choice;
    size_t count = 0;

    for (; choices(count, &choice) && choice.help != NULL; count++) {
        osg_text_put(text, count == 0 ? ".RS\n.TP\n" : ".TP\n");
        osg_roff_bold(text, choice.name);
        osg_text_put(text, "\n");
        osg_roff_lines(text, choice.help);
    }
    osg_text_put(text, count > 0 ? ".RE\n" : "");
}

void osg_roff_head(struct osg_text *text, const char *page, const char *section,
                   const char *summary)
{
    osg_text_put(text, ".TH ");
    for (const char *at = page; *at != '\0'; at++) {
        char capital = (char)toupper((unsigned char)*at);

        put_bytes(text, &capital, 1);
    }
    osg_text_printf(text, " %s " CHANGED " \"osgen " OSB_VERSION "\"\n.SH NAME\n", section);
    osg_roff_put(text, page);
    osg_text_put(text, " \\- ");
    osg_roff_put(text, summary);
    osg_text_put(text, "\n");
}
