/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OSG_EMIT_H
#define OSG_EMIT_H

#include "base/choice.h"

#include <stdint.h>

struct osb_health;
struct osb_message;
struct osg_access;
struct osg_site;
struct osg_text;
struct osg_tls;
struct osg_topology;

/* Something that a topology can be rendered to. An emitter depends on nothing but the model: the
 * same topology gives the same bytes on every machine and every day. */
struct osg_target {
    const char *name;                                                         /* "httpd" */
    void (*emit)(struct osg_text *text, const struct osg_topology *topology); /* adds it whole */
    const char *help;                                                         /* what it is for */
    bool (*has_secret)(const struct osg_topology *topology); /* NULL: it never holds one */
    /* Has the topology all that it needs? NULL: any has. */
    bool (*fits)(const struct osg_topology *topology, struct osb_message *why);
    /* What is to be known when a file was written, or NULL. NULL: nothing ever. */
    const char *(*note)(const struct osg_topology *topology);
    const char *next; /* what comes when a file was written: "next come ..." */
};

/* The first one is the default; NULL ends the list. */
extern const struct osg_target *const osg_targets[];

/* The target of that name, or NULL. */
const struct osg_target *osg_target_find(const char *name);

/* Their names. */
osg_choices osg_target_choice;

/* The targets; each in its own file. */
extern const struct osg_target osg_httpd_target, osg_tomcat_target, osg_node_target,
    osg_cluster_target, osg_keepalived_target, osg_keepalived_check_target,
    osg_keepalived_httpd_target, osg_prometheus_target, osg_alerts_target, osg_logrotate_target;

/* "# Written by osgen ...", of a file in which comments begin with a #. */
void osg_emit_origin(struct osg_text *text, const struct osg_topology *topology);

/* What stands before the site's virtual host: its certificate's management, and the redirect to it
 * from port 80. */
void osg_emit_before_site(struct osg_text *text, const struct osg_site *site);

/* A comment that speaks of a password and holds none. */
#define OSG_COMMENT_PASSWORD "# This password is for here alone"

/* Parts of the httpd target; every line is indented by four blanks or more. */
void osg_emit_names(struct osg_text *text, const struct osg_site *site);
void osg_emit_tls(struct osg_text *text, const struct osg_tls *tls);
/* Lines of a section; nothing if there is no rule. REALM is what a browser calls the password's
 * place. */
void osg_emit_access(struct osg_text *text, const struct osg_access *access, const char *realm);
void osg_emit_logs(struct osg_text *text, const struct osg_topology *topology);
void osg_emit_proxy(struct osg_text *text, const struct osg_topology *topology);
void osg_emit_pages(struct osg_text *text, const struct osg_topology *topology);
void osg_emit_mapping(struct osg_text *text, const struct osg_topology *topology);

/* For how many seconds mod_proxy leaves a member alone after a failed connection. */
uint32_t osg_retry_of(const struct osb_health *health);

/* Does any instance speak the scheme called NAME? */
bool osg_topology_speaks(const struct osg_topology *topology, const char *name);

#endif
