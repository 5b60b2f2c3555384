/* SPDX-License-Identifier: Apache-2.0 */
#include "emit.h"
#include "base/text.h"
#include "topology/quote.h"
#include "topology/topology.h"

#include "core/vocabulary.h"

void osg_emit_origin(struct osg_text *text, const struct osg_topology *topology)
{
    osg_text_put(text, "# Written by osgen " OSB_VERSION " from \"");
    osg_quote_comment(text, topology->file);
    osg_text_put(text, "\". Change that file, not this one, and render it again.\n");
}
