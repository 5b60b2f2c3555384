/* SPDX-License-Identifier: Apache-2.0 */
/* Slips that leave a value which YAML takes. */
#include "explain.h"
#include "lines.h"
#include "lookalike.h"

struct osg_slip osg_explain_going_on(const struct osg_source *source, struct osg_place place)
{
    struct osg_source_line first = osg_lines_get(source, place.line);
    struct osg_source_line line = osg_lines_get(source, place.line + 1);

    if (osg_lines_is_glued(&first) && osg_lines_is_glued(&line))
        return (struct osg_slip){OSG_NO_COLON, osg_lines_place(source, &first, first.indent),
                                 "the - of an item wants a blank behind it, here and on the lines "
                                 "below: \"- item\""};
    if (osg_lines_is_glued(&first) || osg_lines_is_glued(&line)) {
        line = osg_lines_is_glued(&first) ? first : line;
        return (struct osg_slip){OSG_NO_COLON, osg_lines_place(source, &line, line.indent),
                                 OSG_GLUED_ITEM};
    }
    return (struct osg_slip){OSG_BAD_INDENT, osg_lines_place(source, &line, line.indent),
                             "YAML takes this line for more of the value above: keys beside one "
                             "another begin at one column, and so do items, each with - and a "
                             "blank"};
}

struct osg_slip osg_explain_letter(const char *text, struct osg_place place)
{
    if (osg_is_foreign_quote(text))
        return (struct osg_slip){OSG_WANTS_QUOTES, place,
                                 "a word processor's quotes are letters to YAML: write \" or ' in "
                                 "their place"};
    if (osg_is_foreign_blank(text))
        return (struct osg_slip){OSG_BAD_INDENT, place, OSG_FOREIGN_BLANK};
    return (struct osg_slip){.code = OSG_NO_CODE};
}
