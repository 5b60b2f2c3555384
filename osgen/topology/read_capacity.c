/* SPDX-License-Identifier: Apache-2.0 */
#include "grammar.h"
#include "topology.h"

#define FIELD(name) offsetof(struct osg_capacity, name)

/* By the names that httpd and Tomcat have for them. */
static const struct osg_key keys[] = {
    {.name = "max_request_workers",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(max_request_workers),
     .read = osg_read_amount,
     .min = 1,
     .max = OSG_WORKERS_MAX,
     .help = "MaxRequestWorkers of httpd, as its own configuration has it; for osgen check"},
    {.name = "max_threads",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(max_threads),
     .read = osg_read_amount,
     .min = 1,
     .max = OSG_THREADS_MAX,
     .help = "maxThreads of each instance's Tomcat that has none of its own; default 200"},
    {.name = "max_connections",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(max_connections),
     .read = osg_read_amount,
     .min = 1,
     .max = OSG_CONNECTIONS_MAX,
     .help =
         "maxConnections of each instance's Tomcat that has none of its own; default: Tomcat's"},
};

const struct osg_grammar osg_capacity_grammar = {
    .name = "capacity", .keys = keys, .count = sizeof keys / sizeof *keys};
