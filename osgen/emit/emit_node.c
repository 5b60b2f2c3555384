/* SPDX-License-Identifier: Apache-2.0 */
/* What openspecimen.properties says on each node. */
#include "emit.h"
#include "base/arena.h"
#include "base/text.h"
#include "topology/nodes.h"
#include "topology/quote.h"
#include "topology/topology.h"

#include "core/vocabulary.h"

static void emit(struct osg_text *text, const struct osg_topology *topology)
{
    struct osg_arena *arena = osg_arena_new();
    const char **names = osg_node_names(arena, topology);

    osg_text_put(text, "# Written by osgen " OSB_VERSION " from \"");
    osg_quote_comment(text, topology->file);
    osg_text_put(
        text, "\".\n"
              "#\n"
              "# Each node has one of these lines in conf/openspecimen.properties of its Tomcat. "
              "The\n"
              "# name stays for good: logs and jobs go by it, and two nodes with one name, or "
              "none,\n"
              "# would do each other's jobs. app.data_dir is one directory that all nodes "
              "share.\n");
    for (size_t i = 0; i < topology->instances.count; i++) {
        osg_text_printf(text, "\n# OpenSpecimen instance %zu, ", i + 1);
        osg_url_put(text, &topology->instances.items[i].url);
        osg_text_printf(text, "\nnode.name=%s\n", names[i]);
    }
    osg_arena_free(arena);
}

const struct osg_target osg_node_target = {
    .name = "node",
    .emit = emit,
    .help = "the lines of openspecimen.properties on each node",
    .next = "each node gets its own line, and a restart",
};
