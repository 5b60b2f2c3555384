/* SPDX-License-Identifier: Apache-2.0 */
/* What Prometheus has in its configuration to read the site's balancer. What the topology says is
 * letters, digits and a few signs, of which double quotes make texts whatever they look like. */
#include "emit.h"
#include "monitoring.h"
#include "base/text.h"
#include "topology/job.h"
#include "topology/pair.h"
#include "topology/admits.h"
#include "topology/topology.h"

#include "core/message.h"
#include "core/vocabulary.h"

#include <string.h>
#include <strings.h>

bool osg_monitoring_fits(const struct osg_topology *topology, struct osb_message *why)
{
    return topology->admin.status.text != NULL ||
           osb_refuse(why, "Prometheus reads the status page, and in %s it is off", topology->file);
}

static bool has_alias(const struct osg_site *site, const char *name)
{
    for (size_t i = 0; i < site->aliases.count; i++) {
        if (strcasecmp(site->aliases.items[i].text, name) == 0)
            return true;
    }
    return false;
}

/* A host of the pair by its name if the site answers to it, else by its address. */
static void put_host(struct osg_text *text, const struct osg_site *site,
                     const struct osg_host *host)
{
    if (has_alias(site, host->name.text))
        osg_text_put(text, host->name.text);
    else if (strchr(host->address.text, ':') != NULL)
        osg_text_printf(text, "[%s]", host->address.text);
    else
        osg_text_put(text, host->address.text);
}

static void emit_targets(struct osg_text *text, const struct osg_topology *topology)
{
    const uint32_t port = topology->site.listens.items[0].port;
    const struct osg_hosts *hosts = &topology->pair.hosts;

    osg_text_put(text, "    static_configs:\n"
                       "      - targets:\n");
    if (!osg_has_pair(topology))
        osg_text_printf(text, "          - \"%s:%u\"\n", topology->site.name.text, port);
    for (size_t i = 0; i < hosts->count; i++) {
        osg_text_put(text, "          - \"");
        put_host(text, &topology->site, &hosts->items[i]);
        osg_text_printf(text, ":%u\"\n", port);
    }
}

/* By its address or another name a host has a certificate for the site's all the same. */
static void emit_tls(struct osg_text *text, const struct osg_topology *topology)
{
    osg_text_put(text, "    scheme: https\n");
    if (osg_has_pair(topology))
        osg_text_printf(text,
                        "    tls_config:\n"
                        "      server_name: \"%s\"\n",
                        topology->site.name.text);
}

static void emit(struct osg_text *text, const struct osg_topology *topology)
{
    osg_emit_origin(text, topology);
    osg_text_put(text,
                 "#\n"
                 "# prometheus.yml has this job among its scrape_configs; from 2.43 on it may "
                 "name this file in\n"
                 "# scrape_config_files. Prometheus must be on a host that sees the site's "
                 "pages for administrators.\n"
                 "scrape_configs:\n"
                 "  - job_name: \"");
    osg_put_job(text, topology);
    osg_text_printf(text,
                    "\"\n"
                    "    metrics_path: \"%s\"\n"
                    "    params:\n"
                    "      " OSB_QUERY_FORMAT ": [\"prometheus\"]\n"
                    "    scrape_interval: 15s\n",
                    topology->admin.status.text);
    if (topology->site.tls.on)
        emit_tls(text, topology);
    if (osg_asks_for_password(&topology->admin))
        osg_text_put(text, "    # One of the administrators of admin.users\n"
                           "    basic_auth:\n"
                           "      username: \"prometheus\"\n"
                           "      password_file: \"/etc/prometheus/openspecimen.password\"\n");
    emit_targets(text, topology);
}

static const char *note(const struct osg_topology *topology)
{
    const struct osg_hosts *hosts = &topology->pair.hosts;

    for (size_t i = 0; i < hosts->count; i++) {
        if (!has_alias(&topology->site, hosts->items[i].name.text))
            return "the hosts are asked by their addresses, for which httpd takes its first "
                   "virtual "
                   "host; with the hosts' names in site.aliases it is this one";
    }
    return NULL;
}

const struct osg_target osg_prometheus_target = {
    .name = "prometheus",
    .emit = emit,
    .help = "the job by which Prometheus reads the status page",
    .fits = osg_monitoring_fits,
    .note = note,
    .next = "prometheus.yml takes it in; the target prometheus-alerts goes with it",
};
