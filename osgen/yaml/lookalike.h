/* SPDX-License-Identifier: Apache-2.0 */
/* What looks like YAML's own quotes and blanks, and are letters to it: word processors and web
 * pages put it in their place. */
#ifndef OSG_LOOKALIKE_H
#define OSG_LOOKALIKE_H

#include <stdbool.h>

/* Does TEXT begin with such a quote? */
bool osg_is_foreign_quote(const char *text);

/* With a no-break space, or one of another width? */
bool osg_is_foreign_blank(const char *text);

#endif
