/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_EXPLAIN_H
#define OSG_EXPLAIN_H

#include "problem/place.h"

/* What a YAML parser stumbled over, in words for somebody who isn't writing a parser. PROBLEM and
 * CONTEXT are libyaml's own words, either may be NULL; PLACE is where it stopped. Returns our
 * words, or PROBLEM if we have none. */
const char *osg_explain(const char *problem, const char *context, const struct osg_source *source,
                        struct osg_place place);

#endif
