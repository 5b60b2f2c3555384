/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_INPLACE_H
#define OSG_INPLACE_H

#include <stdbool.h>

struct osb_message;
struct osg_text;

/* The largest file in place that is read: that of a hundred thousand instances. */
#define OSG_INPLACE_MAX 33554432

/* Adds what the file PATH, a configuration of httpd's, holds to TEXT. One that isn't there is
 * empty, and doesn't EXIST. */
bool osg_inplace_read(const char *path, struct osg_text *text, bool *exists,
                      struct osb_message *why);

/* What TEXT holds; "" if that is nothing. */
const char *osg_text_bytes(const struct osg_text *text);

/* Adds each line of LINES behind LEAD, as a terminal may have it. */
void osg_put_lines(struct osg_text *text, const char *lead, const struct osg_text *lines);

#endif
