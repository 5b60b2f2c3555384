/* SPDX-License-Identifier: Apache-2.0 */
/* What is alike on both hosts of a pair: the script by which keepalived asks, and where httpd
 * answers it. */
#include "emit.h"
#include "base/text.h"
#include "topology/pair.h"
#include "topology/topology.h"

#include "core/vocabulary.h"

/* TEXT as it stands in a basic regular expression. */
static void put_pattern(struct osg_text *text, const char *name)
{
    for (; *name != '\0'; name++) {
        osg_text_put(text, *name == '.' ? "\\" : "");
        osg_text_add(text, name, 1);
    }
}

static void emit_script(struct osg_text *text, const struct osg_topology *topology)
{
    osg_text_put(text, "#!/bin/bash\n");
    osg_emit_origin(text, topology);
    osg_text_printf(
        text,
        "#\n"
        "# keepalived asks by this whether the host may have the virtual addresses. It is\n"
        "# /usr/libexec/keepalived/openspecimen-check on both hosts, with mode 755 and root's, and "
        "runs as\n"
        "# nobody. It looks at this host's httpd only:\n"
        "#\n"
        "#   alive N   fails if connections to it are refused, twice in a row; asks N times in a "
        "second\n"
        "#   serves    fails if it doesn't answer in time, or the balancer has no instance that "
        "takes users\n"
        "export LC_ALL=C PATH=/usr/bin:/bin\n"
        "port=%u\n"
        "\n"
        "# Refused and nothing else: what this script can't do is no fault of httpd's.\n"
        "refused() {\n"
        "    local words\n"
        "    words=$({ : 3<>\"/dev/tcp/127.0.0.1/$port\"; } 2>&1)\n"
        "    [[ $words == *\"Connection refused\"* ]]\n"
        "}\n"
        "\n"
        "# As sleep does, without a process for each time\n"
        "exec {nothing}<> <(:)\n"
        "pause() {\n"
        "    read -rt \"$1\" -u \"$nothing\" || :\n"
        "}\n"
        "\n"
        "alive() {\n"
        "    local asks\n"
        "    for ((asks = $1; asks > 0; asks--)); do\n"
        "        refused && pause 0.05 && refused && return 1\n"
        "        ((asks == 1)) || pause \"0.$((10 / $1))\"\n"
        "    done\n"
        "}\n"
        "\n"
        "serves() {\n"
        "    curl --disable --noproxy '*' --silent --fail --max-time 4 \\\n"
        "        \"http://127.0.0.1:$port/?" OSB_QUERY_FORMAT "=prometheus\" |\n"
        "        grep -q '^os_balancer_members_serving{server=\"",
        topology->pair.check_port);
    put_pattern(text, topology->site.name.text);
    osg_text_put(text, "[^\"]*\",balancer=\"balancer://");
    put_pattern(text, topology->balance.name.text);
    osg_text_put(text, "\"} [1-9]'\n"
                       "}\n"
                       "\n"
                       "case $1 in\n"
                       "alive) alive \"${2:-1}\" ;;\n"
                       "serves) serves ;;\n"
                       "*)\n"
                       "    echo \"usage: $0 alive [N] | serves\" >&2\n"
                       "    exit 2\n"
                       "    ;;\n"
                       "esac\n");
}

static void emit_httpd(struct osg_text *text, const struct osg_topology *topology)
{
    osg_emit_origin(text, topology);
    osg_text_printf(text,
                    "#\n"
                    "# Where keepalived's check asks, on both hosts of the pair. httpd needs these "
                    "modules; on Debian and\n"
                    "# Ubuntu:\n"
                    "#   a2enmod authz_host\n"
                    "# and mod_os_balancer, from where its installation has put it:\n"
                    "#   LoadModule os_balancer_module modules/mod_os_balancer.so\n"
                    "\n"
                    "Listen 127.0.0.1:%u\n"
                    "<VirtualHost 127.0.0.1:%u>\n"
                    "    ServerName localhost\n"
                    "    # Every second or two, and nobody's business\n"
                    "    TransferLog /dev/null\n"
                    "    <Location />\n"
                    "        SetHandler " OSB_HANDLER_STATUS "\n"
                    "        Require local\n"
                    "    </Location>\n"
                    "</VirtualHost>\n",
                    topology->pair.check_port, topology->pair.check_port);
}

const struct osg_target osg_keepalived_check_target = {
    .name = "keepalived-check",
    .emit = emit_script,
    .help = "the script by which keepalived asks, for both of a pair's hosts",
    .fits = osg_pair_fits,
    .next = "it goes to /usr/libexec/keepalived/openspecimen-check on both hosts, with mode 755",
};

const struct osg_target osg_keepalived_httpd_target = {
    .name = "keepalived-httpd",
    .emit = emit_httpd,
    .help = "where httpd answers that script, for both of a pair's hosts",
    .fits = osg_pair_fits,
    .next = "httpd includes it on both hosts, beside the site",
};
