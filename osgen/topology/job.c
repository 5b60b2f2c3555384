/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"
#include "topology.h"
#include "base/text.h"

void osg_put_job(struct osg_text *text, const struct osg_topology *topology)
{
    uint32_t port = topology->site.listens.items[0].port;

    osg_text_printf(text, "openspecimen-%s", topology->site.name.text);
    if (port != (topology->site.tls.on ? 443 : 80))
        osg_text_printf(text, ":%u", port);
}
