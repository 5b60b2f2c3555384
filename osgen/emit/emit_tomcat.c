/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The other end of the wire: what each instance's Tomcat has in its server.xml. The document is one
 * for all of them, well formed as a whole, so that a program can take a node's part out of it; what
 * the topology says stands in attributes only, since no comment may hold two dashes.
 */
#include "emit.h"
#include "base/arena.h"
#include "base/text.h"
#include "topology/address.h"
#include "topology/nodes.h"
#include "topology/quote.h"
#include "topology/topology.h"

#include "core/vocabulary.h"

#include <string.h>

/* The name of the topology, with no two dashes in a row. */
static void put_file(struct osg_text *text, const char *file)
{
    struct osg_text clean = {0};

    osg_quote_comment(&clean, file);
    for (size_t i = 0; i < clean.length; i++) {
        bool second = i > 0 && clean.bytes[i] == '-' && clean.bytes[i - 1] == '-';

        osg_text_put(text, second ? " " : "");
        osg_text_add(text, &clean.bytes[i], 1);
    }
    osg_text_free(&clean);
}

static void emit_header(struct osg_text *text, const struct osg_topology *topology)
{
    osg_text_put(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                       "<!-- Written by osgen " OSB_VERSION " from \"");
    put_file(text, topology->file);
    osg_text_put(text,
                 "\". Change that file, not this one, and render it again.\n"
                 "\n"
                 "     What stands in <instance> goes into conf/server.xml of that instance's "
                 "Tomcat:\n"
                 "     a Connector into <Service name=\"Catalina\">, in place of one with the same "
                 "protocol;\n"
                 "     a Valve into <Host name=\"localhost\">.\n"
                 "\n"
                 "     The firewall of each instance lets nobody but httpd to the port. maxThreads "
                 "is how many\n"
                 "     requests the instance works on at a time; when it is the last one that "
                 "serves, all of\n"
                 "     httpd's MaxRequestWorkers may be for it.");
    if (osg_topology_has_secret(topology))
        osg_text_put(text, "\n\n     This file holds the secrets of the AJP connectors: keep it "
                           "from other users.");
    osg_text_put(text, " -->\n<instances>\n");
}

static void put_attribute(struct osg_text *text, const char *name, const char *value)
{
    osg_text_printf(text, " %s=\"", name);
    osg_text_put_xml(text, value);
    osg_text_put(text, "\"");
}

/* A name may lead to the loopback address on the host that bears it, so that it says nothing of
 * where to listen. */
static void put_address(struct osg_text *text, const struct osg_url *url)
{
    size_t length = strlen(url->host);

    if (url->host[0] == '[')
        osg_text_printf(text, " address=\"%.*s\"", (int)length - 2, url->host + 1);
    else if (osg_is_ipv4(url->host) || osg_is_loopback(url->host))
        osg_text_printf(text, " address=\"%s\"", url->host);
    else
        osg_text_put(text, " address=\"0.0.0.0\"");
    osg_text_printf(text, " port=\"%u\"", url->port != 0 ? url->port : url->scheme->port);
}

/* maxThreads also where it is Tomcat's own default, since it is the first that a busy site changes.
 */
static void put_capacity(struct osg_text *text, const struct osg_instance *instance)
{
    osg_text_printf(text, " maxThreads=\"%u\"", instance->max_threads.number);
    if (instance->max_connections.number > 0)
        osg_text_printf(text, " maxConnections=\"%u\"", instance->max_connections.number);
}

static void emit_ajp(struct osg_text *text, const struct osg_instance *instance)
{
    const char *secret = instance->secret.value.text;

    if (secret == NULL)
        osg_text_put(text, "    <!-- Without a secret whoever reaches this port is believed, as "
                           "httpd is. -->\n");
    osg_text_put(text, "    <Connector protocol=\"AJP/1.3\"");
    put_address(text, &instance->url);
    osg_text_put(text, "\n              ");
    if (secret != NULL)
        put_attribute(text, "secret", secret);
    else
        osg_text_put(text, " secretRequired=\"false\"");
    put_capacity(text, instance);
    osg_text_put(text, "/>\n");
}

/* The valve tells OpenSpecimen the user's address and scheme, which over AJP the connector does. */
static void emit_valve(struct osg_text *text)
{
    osg_text_put(text,
                 "    <!-- It believes httpd at a private address or on the same host; at any "
                 "other one, name it\n"
                 "         in internalProxies, a regular expression. -->\n"
                 "    <Valve className=\"org.apache.catalina.valves.RemoteIpValve\"\n"
                 "           remoteIpHeader=\"X-Forwarded-For\" "
                 "protocolHeader=\"X-Forwarded-Proto\"/>\n");
}

static void emit_http(struct osg_text *text, const struct osg_instance *instance)
{
    osg_text_put(text, "    <Connector protocol=\"HTTP/1.1\"");
    put_address(text, &instance->url);
    osg_text_put(text, "\n               connectionTimeout=\"20000\"");
    put_capacity(text, instance);
    osg_text_put(text, "/>\n");
    emit_valve(text);
}

static void emit_https(struct osg_text *text, const struct osg_instance *instance)
{
    osg_text_put(text, "    <!-- The certificate is for the host in url, and by an authority that "
                       "httpd knows. -->\n"
                       "    <Connector protocol=\"HTTP/1.1\"");
    put_address(text, &instance->url);
    osg_text_put(text, "\n"
                       "               SSLEnabled=\"true\" scheme=\"https\" secure=\"true\"\n"
                       "               connectionTimeout=\"20000\"");
    put_capacity(text, instance);
    osg_text_put(text, ">\n"
                       "      <SSLHostConfig>\n"
                       "        <Certificate certificateFile=\"conf/certificate.pem\"\n"
                       "                     certificateKeyFile=\"conf/key.pem\"/>\n"
                       "      </SSLHostConfig>\n"
                       "    </Connector>\n");
    emit_valve(text);
}

static const struct connector {
    const char *scheme;
    void (*emit)(struct osg_text *text, const struct osg_instance *instance);
} connectors[] = {{"ajp", emit_ajp}, {"http", emit_http}, {"https", emit_https}};

static void emit_instance(struct osg_text *text, const struct osg_instance *instance,
                          const char *name)
{
    struct osg_text url = {0};

    osg_url_put(&url, &instance->url);
    osg_text_put(text, "\n  <instance");
    put_attribute(text, "name", name);
    put_attribute(text, "url", url.bytes);
    osg_text_put(text, ">\n");
    for (size_t i = 0; i < sizeof connectors / sizeof *connectors; i++) {
        if (strcmp(connectors[i].scheme, instance->url.scheme->name) == 0)
            connectors[i].emit(text, instance);
    }
    osg_text_put(text, "  </instance>\n");
    osg_text_free(&url);
}

static void emit(struct osg_text *text, const struct osg_topology *topology)
{
    struct osg_arena *arena = osg_arena_new();
    const char **names = osg_node_names(arena, topology);

    emit_header(text, topology);
    for (size_t i = 0; i < topology->instances.count; i++)
        emit_instance(text, &topology->instances.items[i], names[i]);
    osg_text_put(text, "\n</instances>\n");
    osg_arena_free(arena);
}

const struct osg_target osg_tomcat_target = {
    .name = "tomcat",
    .emit = emit,
    .help = "the connectors and valves in server.xml of each instance's Tomcat",
    .has_secret = osg_topology_has_secret,
    .next = "each Tomcat gets its own part, and a restart",
};
