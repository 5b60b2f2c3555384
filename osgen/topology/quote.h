/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one place that knows how httpd reads a line of its configuration, so that text from a
 * topology arrives as it was written and can't become a directive. httpd joins a line that ends in
 * a backslash with the next, replaces ${name} in the whole line before it splits it into words,
 * and takes \\ for a backslash and \" for a quote in a quoted word (its server/util.c).
 */
#ifndef OSG_QUOTE_H
#define OSG_QUOTE_H

#include <stdbool.h>

struct osg_text;
struct osb_message;

/* Can TEXT be written so that httpd reads it back? Not with a control character or "${". */
bool osg_quotable(const char *text, struct osb_message *why);

/* Can TEXT be the name of a file that httpd opens? It must be quotable and have a last part; with |
 * in front httpd would start a program. */
bool osg_file_name_check(const char *text, struct osb_message *why);

/* The same for a program's, which has no blanks: behind one there would be an argument. */
bool osg_program_check(const char *text, struct osb_message *why);

/* Adds KEY=VALUE, or VALUE alone if KEY is NULL, as one word: bare if every character is harmless,
 * in double quotes else. VALUE must be quotable. */
void osg_quote(struct osg_text *text, const char *key, const char *value);

/* Adds TEXT as part of a comment, whatever it holds: what could end or join lines becomes a
 * question mark. A comment that ends in it must have a character behind it. */
void osg_quote_comment(struct osg_text *text, const char *comment);

#endif
