/* SPDX-License-Identifier: Apache-2.0 */
/* The topology that osgen init writes. What stands in it behind # can be put to use by taking the #
 * and its blank away. */
#include "init.h"
#include "base/text.h"
#include "yaml/yaml_text.h"

#include "core/vocabulary.h"

#include <string.h>

/* Of a host's answer, which may hold anything that is a line's end to YAML. */
static void put_comment(struct osg_text *text, const char *words)
{
    for (; *words != '\0'; words++)
        osg_text_add(text, *words < ' ' || *words > '~' ? "?" : words, 1);
}

static void put_head(struct osg_text *text, const struct osg_init *init)
{
    bool is_told = strcmp(init->site, OSG_INIT_SITE) != 0;

    osg_text_put(text, "# OpenSpecimen behind Apache httpd, for osgen " OSB_VERSION "\n"
                       "#\n"
                       "#   osgen check    tells what is wrong in this file\n"
                       "#   osgen probe    asks each instance how it is\n"
                       "#   osgen render   writes the virtual host for httpd to include\n"
                       "#\n"
                       "# What stands behind # is at its default, or an example where that says "
                       "so.\n"
                       "\n"
                       "site:\n");
    osg_text_put(text, is_told ? "  # The host name by which users reach OpenSpecimen.\n"
                               : "  # The host name by which users reach OpenSpecimen: write yours "
                                 "here.\n");
    osg_text_put(text, "  name: ");
    osg_yaml_put(text, init->site);
    osg_text_put(text, "\n"
                       "  # A port, or an address and a port, or a list of these.\n"
                       "  # listen: \"*:80\"\n"
                       "  # The path under which users see OpenSpecimen.\n"
                       "  # context: /openspecimen\n");
}

/* "ajp 8009: OpenSpecimen answers, v12.2" */
static void put_answer(struct osg_text *text, const struct osg_url *url,
                       const struct osg_inquiry *asked)
{
    const struct osb_identity *build = &asked->finding.identity;

    osg_text_printf(text, "  #   %s %u: ", url->scheme->name,
                    url->port != 0 ? url->port : url->scheme->port);
    put_comment(text, asked->words);
    if (!asked->local && build->known) {
        osg_text_put(text, ", ");
        put_comment(text, build->version);
    }
    osg_text_put(text, "\n");
}

static void put_answers(struct osg_text *text, const struct osg_init_host *host)
{
    if (host->door_count == 0)
        return;
    osg_text_printf(text, "  # %s was asked%s:\n", host->url.host,
                    host->answers ? "" : ", and nothing was found that looks like OpenSpecimen");
    for (size_t i = 0; i < host->door_count; i++)
        put_answer(text, &host->doors[i], &host->asked[i]);
}

static void put_instances(struct osg_text *text, const struct osg_init *init)
{
    osg_text_put(text, "\n"
                       "# The OpenSpecimen nodes: ajp://, http:// or https://, a host and a port.\n"
                       "instances:\n");
    for (size_t i = 0; i < init->count; i++) {
        const struct osg_init_host *host = &init->hosts[i];

        put_answers(text, host);
        osg_text_put(text, "  - ");
        if (host->name != NULL) {
            osg_text_put(text, "name: ");
            osg_yaml_put(text, host->name);
            osg_text_put(text, "\n    ");
        }
        osg_text_put(text, "url: ");
        osg_url_put(text, &host->url);
        osg_text_put(text, "\n");
    }
}

static bool speaks_ajp(const struct osg_init *init)
{
    for (size_t i = 0; i < init->count; i++) {
        if (strcmp(init->hosts[i].url.scheme->name, "ajp") == 0)
            return true;
    }
    return false;
}

static void put_secret(struct osg_text *text, const struct osg_init *init)
{
    if (!speaks_ajp(init))
        return;
    osg_text_put(text, "  # The file whose one line is the secret of Tomcat's AJP connectors, "
                       "relative to this one.\n");
    osg_text_put(text, init->secret_file != NULL ? "  secret_file: "
                                                 : "  # An example; without it, whoever reaches an "
                                                   "AJP port is trusted as httpd is.\n"
                                                   "  # secret_file: ");
    osg_yaml_put(text, init->secret_file != NULL ? init->secret_file : "ajp.secret");
    osg_text_put(text, "\n");
}

void osg_init_put(struct osg_text *text, const struct osg_init *init)
{
    put_head(text, init);
    put_instances(text, init);
    osg_text_put(text, "\n"
                       "balance:\n"
                       "  # byrequests, bytraffic, bybusyness or least-time.\n"
                       "  method: byrequests\n"
                       "  # The longest silence of an instance during a request; exports take "
                       "minutes.\n"
                       "  # timeout: 180s\n");
    put_secret(text, init);
    osg_text_put(text, "\n"
                       "# Who may see the status pages: addresses and networks. This machine only, "
                       "unless that is\n"
                       "# written; an example:\n"
                       "# admin: [127.0.0.1, 10.0.0.0/24]\n");
}
