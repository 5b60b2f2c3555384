/* SPDX-License-Identifier: Apache-2.0 */
/* What manual pages are made of. */
#ifndef OSG_ROFF_H
#define OSG_ROFF_H

#include "base/choice.h"

struct osg_text;

/* Adds the lines before the first section of PAGE, "osgen-topology", in SECTION, "5"; and the
 * section NAME with its SUMMARY. */
void osg_roff_head(struct osg_text *text, const char *page, const char *section,
                   const char *summary);

/* Adds WORDS so that they come out as they are, without a line feed, within a line. */
void osg_roff_put(struct osg_text *text, const char *words);

/* Adds WORDS as lines of their own, whatever they begin with. */
void osg_roff_lines(struct osg_text *text, const char *words);

/* Adds the line ".MACRO WORDS" with WORDS as one argument. */
void osg_roff_macro(struct osg_text *text, const char *macro, const char *words);

/* Adds WORDS in bold or italics, without a line feed. */
void osg_roff_bold(struct osg_text *text, const char *words);
void osg_roff_italic(struct osg_text *text, const char *words);

/* Adds a list of the choices below a paragraph, or nothing if there is nothing to say of them. */
void osg_roff_choices(struct osg_text *text, osg_choices *choices);

#endif
