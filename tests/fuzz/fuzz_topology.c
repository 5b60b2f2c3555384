/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a topology: they are refused with a problem that can be shown, or rendered to lines
 * that are all osgen's own directives, whatever the values hold. */
#include "fuzz.h"

#include "base/arena.h"
#include "base/text.h"
#include "describe/graph.h"
#include "emit/emit.h"
#include "lint/lint.h"
#include "problem/check_json.h"
#include "problem/problem.h"
#include "problem/report.h"
#include "topology/load.h"
#include "topology/raw.h"
#include "topology/session.h"
#include "topology/topology.h"
#include "yaml/source.h"

#include <stdbool.h>
#include <string.h>

/* What a line of a rendering may begin with, behind its indentation. */
static const char *const beginnings[] = {"#",
                                         "<VirtualHost ",
                                         "</VirtualHost>\n",
                                         "<Proxy balancer://",
                                         "</Proxy>\n",
                                         "<Location /",
                                         "</Location>\n",
                                         "ServerName ",
                                         "ServerAlias ",
                                         "ProxyRequests off\n",
                                         "RequestHeader unset X-Forwarded-For early\n",
                                         "ProxyPreserveHost On\n",
                                         "SSLProxyEngine On\n",
                                         "SSLProxyCheckPeerName Off\n",
                                         "SSLProxyCheckPeerCN Off\n",
                                         "SSLProxyCACertificateFile ",
                                         "SSLProxyVerify require\n",
                                         "SSLProxyVerifyDepth ",
                                         "SSLEngine on\n",
                                         "SSLCertificate",
                                         "SSLProtocol -all +TLSv1.",
                                         "SSLCipherSuite ECDHE-",
                                         "SSLHonorCipherOrder off\n",
                                         "SSLSessionTickets off\n",
                                         "Header always set Strict-Transport-Security max-age=",
                                         "RequestHeader set X-Forwarded-Proto https\n",
                                         "Redirect permanent / https://",
                                         "CustomLog ",
                                         "ExtendedStatus O",
                                         "ErrorLog ",
                                         "<MDomain ",
                                         "</MDomain>\n",
                                         "MDContactEmail ",
                                         "MDCertificateA",
                                         "BalancerMember ",
                                         "Require ",
                                         "<RequireAll>\n",
                                         "</RequireAll>\n",
                                         "<RequireAny>\n",
                                         "</RequireAny>\n",
                                         "AuthType Basic\n",
                                         "AuthName \"OpenSpecimen",
                                         "AuthBasicProvider ",
                                         "AuthUserFile ",
                                         "AuthLDAPURL ",
                                         "RequestHeader unset Authorization\n",
                                         "ProxySet lbmethod=",
                                         "ProxySet stickysession=",
                                         "ProxySet nofailover=On\n",
                                         "ProxySet maxattempts=",
                                         "ProxySet growth=",
                                         "RewriteEngine On\n",
                                         "RewriteCond expr \"%{HTTP:Content-Length} -gt ",
                                         "RewriteRule ^ - [R=413,L]\n",
                                         "Header add Set-Cookie \"",
                                         "OSBalancerHealth On",
                                         "OSBalancerFailover On",
                                         "OSBalancerSkew ",
                                         "OSBalancerStateFile ",
                                         "OSBalancerNotify ",
                                         "SetHandler ",
                                         "ProxyPass /",
                                         "ProxyPassMatch ^/",
                                         "RedirectMatch ^/",
                                         "ProxyPassReverse /",
                                         "ProxyPassReverseCookiePath /",
                                         "\n"};

static bool is_own_line(const char *line)
{
    line += strspn(line, " ");
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
        if (strncmp(line, beginnings[i], strlen(beginnings[i])) == 0)
            return true;
    }
    return false;
}

/* What is the topology's own, word for word, is left out. */
static void drop_raw(char *text)
{
    char *begin = strstr(text, OSG_RAW_BEGIN), *end = NULL;

    for (char *at = text; (at = strstr(at, OSG_RAW_END)) != NULL; at++)
        end = at;
    if (begin != NULL)
        memmove(begin, end, strlen(end) + 1);
}

static void check_rendering(char *text)
{
    drop_raw(text);
    FUZZ_CHECK(strstr(text, "${") == NULL);
    for (const char *line = text; *line != '\0'; line = strchr(line, '\n') + 1) {
        size_t length = strcspn(line, "\n");

        FUZZ_CHECK(line[length] == '\n');
        FUZZ_CHECK(is_own_line(line));
        FUZZ_CHECK(length == 0 || line[length - 1] != '\\');
        for (size_t i = 0; i < length; i++)
            FUZZ_CHECK((unsigned char)line[i] >= 0x20 && line[i] != 0x7f);
    }
}

/* Nothing but text, in lines. */
static void check_text(struct osg_text *text)
{
    FUZZ_CHECK(text->bytes[text->length - 1] == '\n');
    for (size_t i = 0; i < text->length; i++)
        FUZZ_CHECK((unsigned char)text->bytes[i] >= 0x20 || text->bytes[i] == '\n');
    osg_text_free(text);
}

static void check_target(const struct osg_target *target, const struct osg_topology *topology)
{
    struct osg_text text = {0};

    if (target->fits != NULL && !target->fits(topology, NULL))
        return;
    target->emit(&text, topology);
    check_text(&text);
}

/* What is for one of two hosts is looked at for each. */
static void check_targets(struct osg_topology *topology)
{
    for (size_t i = 0; i <= topology->pair.hosts.count; i++) {
        topology->pair.self = i > 0 ? &topology->pair.hosts.items[i - 1] : NULL;
        for (size_t j = 1; osg_targets[j] != NULL; j++)
            check_target(osg_targets[j], topology);
    }
}

static void check_graph(struct osg_arena *arena, const struct osg_topology *topology)
{
    struct osg_text svg = {0}, mermaid = {0};
    struct osg_graph graph;

    osg_graph(arena, topology, &graph);
    osg_graph_svg(&svg, &graph);
    check_text(&svg);
    osg_graph_mermaid(&mermaid, &graph);
    check_text(&mermaid);
}

/* What check tells, to people and to programs. */
static void check_problems(struct osg_problems *problems, const struct osg_source *source)
{
    struct osg_text report = {0}, json = {0};
    const struct osb_sink sink = osg_text_sink(&json);
    osb_json *list = osb_json_array();

    osg_report(&report, problems, source, false);
    FUZZ_CHECK((report.length > 0) == (problems->count > 0));
    osg_check_json(list, problems, source);
    osb_json_write(list, &sink);
    osb_json_free(list);
    check_text(&json);
    osg_text_free(&report);
}

/* No site can be beside itself. */
static void check_together(struct osg_arena *arena, const struct osg_source *source,
                           const struct osg_topology *topology)
{
    struct osg_session session = {.arena = arena,
                                  .source = *source,
                                  .problems = osg_problems_new(arena),
                                  .topology = *topology};

    osg_lint_together(&session, &session);
    FUZZ_CHECK(session.problems.errors > 0);
    check_problems(&session.problems, source);
    osg_problems_free(&session.problems);
}

/* No secret_file is read, and no other topology: there is no directory. */
static void run(struct osg_arena *arena, struct osg_source *source)
{
    struct osg_problems problems = osg_problems_new(arena);
    struct osg_topology topology;
    struct osg_text text = {0};

    if (osg_load(arena, source, &topology, &problems)) {
        osg_httpd_target.emit(&text, &topology);
        check_rendering(text.bytes);
        check_targets(&topology);
        check_graph(arena, &topology);
        osg_lint(&problems, &topology);
        FUZZ_CHECK(problems.errors == 0);
        check_together(arena, source, &topology);
    } else {
        FUZZ_CHECK(problems.errors > 0);
    }
    check_problems(&problems, source);
    osg_text_free(&text);
    osg_problems_free(&problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct osg_arena *arena = osg_arena_new();
    const char *text = osg_arena_copy(arena, (const char *)data, size);
    struct osg_source source = {.name = "topology.yaml", .text = text, .length = size};

    run(arena, &source);
    osg_arena_free(arena);
    return 0;
}
