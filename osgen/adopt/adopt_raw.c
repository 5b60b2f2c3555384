/* SPDX-License-Identifier: Apache-2.0 */
/* What osgen has rendered of a topology's raw: is that again, byte for byte. */
#include "adopt_parts.h"
#include "base/text.h"
#include "topology/raw.h"

#include <string.h>

#define INDENT 4

static bool is_mark(const struct osg_conf *conf, const char *mark)
{
    size_t length = strlen(mark);

    return conf->name[0] == '#' && conf->length == length && memcmp(conf->from, mark, length) == 0;
}

/* Adds the lines from FROM to END without the blanks that osg_emit_raw has put before them. */
static void add_lines(struct osg_text *text, const char *from, const char *end)
{
    bool goes_on = false;

    while (from < end) {
        const char *newline = memchr(from, '\n', (size_t)(end - from));
        const char *stop = newline != NULL ? newline : end;

        if (!goes_on && stop - from >= INDENT)
            from += INDENT;
        goes_on = stop > from && stop[-1] == '\\';
        osg_text_add(text, from, (size_t)(stop - from));
        osg_text_put(text, "\n");
        from = stop + (newline != NULL);
    }
}

static void take_between(struct osg_adoption *adoption, struct osg_conf *begin,
                         struct osg_conf *end)
{
    add_lines(adoption->raw, begin->from + begin->length, end->from);
    for (struct osg_conf *at = begin; at != end; at = at->next)
        at->taken = true;
}

void osg_adopt_raw(struct osg_adoption *adoption)
{
    struct osg_conf *begin = NULL, *end = NULL;

    for (struct osg_conf *host = adoption->file->first; host != NULL && end == NULL;
         host = host->next) {
        begin = NULL;
        for (struct osg_conf *at = host->first; at != NULL; at = at->next) {
            if (begin == NULL && is_mark(at, OSG_RAW_BEGIN))
                begin = at;
            if (begin != NULL && is_mark(at, OSG_RAW_END))
                end = at;
        }
    }
    if (end != NULL)
        take_between(adoption, begin, end);
}
