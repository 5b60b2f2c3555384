/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_TEXT_H
#define OSG_TEXT_H

#include "core/text.h"

#include <stdbool.h>
#include <stddef.h>

/* A text that grows at its end. All zeroes is the empty text; bytes is then NULL. */
struct osg_text {
    char *bytes;     /* NUL-terminated */
    size_t length;   /* without the NUL */
    size_t capacity; /* bytes allocated */
};

void osg_text_add(struct osg_text *text, const char *bytes, size_t length);
void osg_text_put(struct osg_text *text, const char *string);
void osg_text_put_number(struct osg_text *text, size_t number);
__attribute__((format(printf, 2, 3))) void osg_text_printf(struct osg_text *text,
                                                           const char *format, ...);
void osg_text_free(struct osg_text *text);

/* Is TEXT nothing but letters and digits of ASCII, and characters of MARKS? strspn would make a
 * table of all of them for each text. */
bool osg_is_made_of(const char *text, const char *marks);

/* What core writes goes to the end of TEXT. */
struct osb_sink osg_text_sink(struct osg_text *text);

/* Adds VALUE as an element or a quoted attribute of XML has it. */
void osg_text_put_xml(struct osg_text *text, const char *value);

#endif
