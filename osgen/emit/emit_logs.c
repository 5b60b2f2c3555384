/* SPDX-License-Identifier: Apache-2.0 */
#include "emit.h"
#include "base/text.h"
#include "topology/quote.h"
#include "topology/topology.h"

#include "core/vocabulary.h"

/* The combined format that programs know, and what became of the request on its way. */
#define COMBINED "%h %l %u %t \\\"%r\\\" %>s %b \\\"%{Referer}i\\\" \\\"%{User-Agent}i\\\""
#define MEMBER   " us=%D instance=%{BALANCER_WORKER_NAME}e"
#define BY_MODULE                                                                           \
    " answered_ms=%{" OSB_LOG_ANSWERED "}" OSB_LOG_TAG " failover_from=%{" OSB_LOG_FAILOVER \
    "}" OSB_LOG_TAG

static void emit_log(struct osg_text *text, const struct osg_topology *topology)
{
    osg_text_put(text, "\n"
                       "    # Each request, how long it took, and which instance served it\n"
                       "    CustomLog ");
    osg_quote(text, NULL, topology->site.log.text);
    osg_text_put(text, " \"" COMBINED MEMBER);
    if (topology->balance.health.on)
        osg_text_put(text, BY_MODULE);
    osg_text_put(text, "\"\n");
}

static void emit_error_log(struct osg_text *text, const char *file)
{
    osg_text_put(text, "\n    # What goes wrong here\n    ErrorLog ");
    osg_quote(text, NULL, file);
    osg_text_put(text, "\n");
}

void osg_emit_logs(struct osg_text *text, const struct osg_topology *topology)
{
    const struct osg_site *site = &topology->site;

    if (site->log.text != NULL)
        emit_log(text, topology);
    if (site->error_log.text != NULL)
        emit_error_log(text, site->error_log.text);
}
