/* SPDX-License-Identifier: Apache-2.0 */
/* A site as a virtual host of httpd, in the order of OpenSpecimen's own instructions. Modules are
 * not wrapped in <IfModule>: where one is missing, httpd should say so and not half work. */
#include "emit.h"
#include "base/text.h"
#include "topology/address.h"
#include "topology/method.h"
#include "topology/quote.h"
#include "topology/raw.h"
#include "topology/size.h"
#include "topology/topology.h"

#include "core/vocabulary.h"

#include <string.h>

bool osg_topology_speaks(const struct osg_topology *topology, const char *name)
{
    for (size_t i = 0; i < topology->instances.count; i++) {
        if (strcmp(topology->instances.items[i].url.scheme->name, name) == 0)
            return true;
    }
    return false;
}

static bool speaks_http(const struct osg_topology *topology)
{
    return osg_topology_speaks(topology, "http") || osg_topology_speaks(topology, "https");
}

static void emit_auth_modules(struct osg_text *text, const char *users, const char *admins)
{
    bool ldap = (users != NULL && osg_users_are_ldap(users)) ||
                (admins != NULL && osg_users_are_ldap(admins));
    bool file = (users != NULL && !osg_users_are_ldap(users)) ||
                (admins != NULL && !osg_users_are_ldap(admins));

    if (ldap || file)
        osg_text_put(text, " auth_basic authn_core authz_user");
    osg_text_put(text, file ? " authn_file" : "");
    osg_text_put(text, ldap ? " ldap authnz_ldap" : "");
}

static bool has_page(const struct osg_admin *admin)
{
    return admin->manager.text != NULL || admin->status.text != NULL ||
           admin->server_status.text != NULL;
}

/* The names that a2enmod takes, of every module whose directives or schemes stand below. */
static void emit_modules(struct osg_text *text, const struct osg_topology *topology)
{
    const struct osg_method *method = osg_method_find(topology->balance.method.text);

    osg_text_put(text, "#   a2enmod proxy");
    if (osg_topology_speaks(topology, "ajp"))
        osg_text_put(text, " proxy_ajp");
    if (speaks_http(topology))
        osg_text_put(text, " proxy_http");
    if (osg_topology_speaks(topology, "https") || topology->site.tls.on)
        osg_text_put(text, " ssl");
    if (topology->site.tls.managed.place.line > 0)
        osg_text_put(text, " md");
    osg_text_put(text, " proxy_balancer slotmem_shm");
    if (!method->own)
        osg_text_printf(text, " lbmethod_%s", method->lbmethod);
    osg_text_put(text, " headers alias authz_host");
    emit_auth_modules(text, topology->site.access.users.text,
                      has_page(&topology->admin) ? topology->admin.users.text : NULL);
    if (topology->admin.server_status.text != NULL)
        osg_text_put(text, " status");
    if (topology->site.max_upload > 0)
        osg_text_put(text, " rewrite");
    osg_text_put(text, "\n");
}

static bool needs_module(const struct osg_topology *topology)
{
    return topology->balance.health.on || topology->admin.status.text != NULL ||
           topology->server.state_file.text != NULL || topology->server.notify.text != NULL;
}

static void emit_header(struct osg_text *text, const struct osg_topology *topology)
{
    osg_text_put(text, "# Written by osgen " OSB_VERSION " from \"");
    osg_quote_comment(text, topology->file);
    osg_text_put(text, "\". Change that file, not this one, and render it again.\n"
                       "#\n"
                       "# httpd needs these modules; on Debian and Ubuntu:\n");
    emit_modules(text, topology);
    if (needs_module(topology))
        osg_text_put(text, "# and mod_os_balancer, from where its installation has put it:\n"
                           "#   LoadModule os_balancer_module modules/mod_os_balancer.so\n");
    if (osg_topology_has_secret(topology))
        osg_text_put(text, "#\n"
                           "# This file holds the secret of the AJP connectors: keep it from "
                           "other users.\n");
    osg_text_put(text, "\n");
}

static void emit_listens(struct osg_text *text, const struct osg_topology *topology)
{
    const struct osg_listens *listens = &topology->site.listens;

    osg_text_put(text, "# Where the site answers\n");
    if (osg_topology_needs_listen(topology))
        osg_text_put(text, "# (httpd's main configuration must have a Listen for each port)\n");
    osg_text_put(text, "<VirtualHost");
    for (size_t i = 0; i < listens->count; i++)
        osg_text_printf(text, " %s:%u", listens->items[i].address, listens->items[i].port);
    osg_text_put(text, ">\n");
}

static void emit_names(struct osg_text *text, const struct osg_site *site)
{
    osg_text_put(text, "    # The name under which users know OpenSpecimen\n");
    osg_emit_names(text, site);
}

/* The checks look at the whole certificate of an instance, its name too. */
static void emit_proxy_tls(struct osg_text *text, const char *authorities)
{
    osg_text_put(text,
                 "\n"
                 "    # Some instances are spoken to over TLS. httpd would look for the site's "
                 "name in their\n"
                 "    # certificates, since it asks them by that\n"
                 "    SSLProxyEngine On\n"
                 "    SSLProxyCheckPeerName Off\n"
                 "    SSLProxyCheckPeerCN Off\n");
    if (authorities[0] == '\0')
        return;
    osg_text_put(text, "    SSLProxyCACertificateFile ");
    osg_quote(text, NULL, authorities);
    osg_text_put(text, "\n"
                       "    SSLProxyVerify require\n"
                       "    SSLProxyVerifyDepth 10\n");
}

static void emit_manners(struct osg_text *text, const struct osg_topology *topology)
{
    osg_text_put(text,
                 "\n"
                 "    # A reverse proxy only: nobody gets out to other sites through this server\n"
                 "    ProxyRequests off\n"
                 "\n"
                 "    # OpenSpecimen believes the first address in this header, and a client could "
                 "write any\n"
                 "    RequestHeader unset X-Forwarded-For early\n");
    if (speaks_http(topology))
        osg_text_put(text, "\n"
                           "    # Over HTTP the instances learn the site's name from the Host "
                           "header alone, and refuse\n"
                           "    # requests whose Origin is another\n"
                           "    ProxyPreserveHost On\n");
    if (speaks_http(topology) && topology->site.tls.on)
        osg_text_put(text, "\n"
                           "    # And that users came by https from this one, if Tomcat has its "
                           "RemoteIpValve\n"
                           "    RequestHeader set X-Forwarded-Proto https\n");
    if (osg_topology_speaks(topology, "https"))
        emit_proxy_tls(text, topology->balance.health.settings.tls_ca);
}

/* LimitRequestBody isn't for requests that are passed on. An expression counts in 64 bits, and
 * takes longer numbers for the greatest; RewriteCond's own -gt would in 32. */
static void emit_max_upload(struct osg_text *text, uint32_t bytes)
{
    char shown[16];

    if (bytes == 0)
        return;
    osg_text_printf(text,
                    "\n"
                    "    # Nobody uploads more than %s at once; a body in chunks doesn't tell its "
                    "length, and passes\n"
                    "    RewriteEngine On\n"
                    "    RewriteCond expr \"%%{HTTP:Content-Length} -gt %u\"\n"
                    "    RewriteRule ^ - [R=413,L]\n",
                    osg_size_format(bytes, shown, sizeof shown), bytes);
}

/* WHAT is the comment, behind "Of the whole server: ". */
static void emit_server_file(struct osg_text *text, const char *what, const char *directive,
                             const struct osg_word *file)
{
    if (file->text == NULL)
        return;
    osg_text_printf(text, "# Of the whole server: %s\n%s ", what, directive);
    osg_quote(text, NULL, file->text);
    osg_text_put(text, "\n\n");
}

static void emit_server(struct osg_text *text, const struct osg_topology *topology)
{
    if (topology->admin.extended.text != NULL)
        osg_text_printf(text,
                        "# Of the whole server: does the status page tell of each request?\n"
                        "ExtendedStatus %s\n\n",
                        topology->admin.extended.text);
    emit_server_file(text, "by this file states and the journal outlive a stop",
                     OSB_DIRECTIVE_STATE_FILE, &topology->server.state_file);
    emit_server_file(text, "this program is run on each event of the journal", OSB_DIRECTIVE_NOTIFY,
                     &topology->server.notify);
}

static void emit(struct osg_text *text, const struct osg_topology *topology)
{
    emit_header(text, topology);
    osg_emit_before_site(text, &topology->site);
    emit_server(text, topology);
    emit_listens(text, topology);
    emit_names(text, &topology->site);
    osg_emit_tls(text, &topology->site.tls);
    osg_emit_logs(text, topology);
    emit_manners(text, topology);
    emit_max_upload(text, topology->site.max_upload);
    osg_emit_proxy(text, topology);
    /* A <Location> of theirs that lets people in goes before no page's own rules. */
    if (topology->raw.text != NULL && topology->raw.text[0] != '\0')
        osg_emit_raw(text, topology->raw.text);
    osg_emit_pages(text, topology);
    osg_emit_mapping(text, topology);
    osg_text_put(text, "</VirtualHost>\n");
}

static const char *note(const struct osg_topology *topology)
{
    return osg_topology_needs_listen(topology)
               ? "httpd's main configuration must have a Listen for each port of the site"
               : NULL;
}

const struct osg_target osg_httpd_target = {
    .name = "httpd",
    .emit = emit,
    .help = "a virtual host for Apache httpd to include",
    .has_secret = osg_topology_has_secret,
    .note = note,
    .next = "next come apachectl configtest and apachectl graceful",
};
