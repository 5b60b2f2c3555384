/* SPDX-License-Identifier: Apache-2.0 */
/* Values written as YAML, so that every reader of it finds what they were. */
#ifndef OSG_YAML_TEXT_H
#define OSG_YAML_TEXT_H

struct osg_text;

/* Adds VALUE, UTF-8, as one word: as it is if every character is harmless, else in quotes. */
void osg_yaml_put(struct osg_text *text, const char *value);

/* Adds LINES as the value of a key that stands at the left margin: as a block, or in quotes if a
 * block would change it. Ends with a newline. */
void osg_yaml_put_lines(struct osg_text *text, const char *lines);

#endif
