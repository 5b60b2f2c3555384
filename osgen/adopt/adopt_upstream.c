/* SPDX-License-Identifier: Apache-2.0 */
/* TLS between httpd and the instances. */
#include "adopt_parts.h"
#include "topology/load.h"

#include "core/vocabulary.h"

#include <string.h>

static bool speaks_https(const struct osg_topology *topology)
{
    for (size_t i = 0; i < topology->instances.count; i++) {
        if (strcmp(topology->instances.items[i].url.scheme->name, "https") == 0)
            return true;
    }
    return false;
}

static struct osg_word *given_authorities(struct osg_adoption *adoption)
{
    struct osg_checks *health = &adoption->topology->balance.health;

    return &health->given[osb_health_find(OSB_KEY_TLS_CA) - osb_health_settings];
}

/* For the checks as well as for users' requests. */
static bool read_authorities(struct osg_adoption *adoption, struct osg_conf *conf)
{
    struct osg_word *given = given_authorities(adoption);
    struct osb_health health = osb_health_defaults();

    if (!adoption->topology->balance.health.on || !speaks_https(adoption->topology) ||
        !osg_adopt_is_one(adoption, conf) ||
        !osb_health_set(&health, OSB_KEY_TLS_CA, conf->words[0], NULL))
        return false;
    if (given->text == NULL)
        *given = osg_adopt_word(conf, 0);
    return strcmp(given->text, conf->words[0]) == 0;
}

static bool read_proxy_engine(struct osg_adoption *adoption, struct osg_conf *conf)
{
    return osg_adopt_has(conf, 0, "off") || speaks_https(adoption->topology);
}

static bool read_proxy_verify(struct osg_adoption *adoption, struct osg_conf *conf)
{
    const char *usual = osg_conf_is(conf, "SSLProxyVerify") ? "require" : "10";

    return given_authorities(adoption)->text != NULL && osg_adopt_has(conf, 0, usual);
}

static bool read_proxy_name(struct osg_adoption *adoption, struct osg_conf *conf)
{
    if (!osg_adopt_has(conf, 0, "off"))
        osg_adopt_lose(adoption, conf,
                       "not carried over: instances are asked by the site's name, which isn't in "
                       "their certificates");
    return true;
}

static const struct osg_adopt_row proxy_rows[] = {
    {"SSLProxyEngine", read_proxy_engine},      {"SSLProxyCACertificateFile", read_authorities},
    {"SSLProxyVerify", read_proxy_verify},      {"SSLProxyVerifyDepth", read_proxy_verify},
    {"SSLProxyCheckPeerName", read_proxy_name}, {"SSLProxyCheckPeerCN", read_proxy_name},
};

void osg_adopt_upstream(struct osg_adoption *adoption)
{
    osg_adopt_rows(adoption, adoption->site, proxy_rows, sizeof proxy_rows / sizeof *proxy_rows);
}
