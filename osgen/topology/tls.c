/* SPDX-License-Identifier: Apache-2.0 */
/* What holds between the keys of site.tls, and between them and the site's. */
#include "address.h"
#include "grammar.h"
#include "load.h"
#include "topology.h"
#include "problem/problem.h"

#include <string.h>

#define REDIRECT_PORT 80

/* One that everybody knows certifies only what everybody may ask it for; a URL may be of one's own.
 */
static void check_public_name(struct osg_reader *reader, const struct osg_managed *managed,
                              const struct osg_word *name)
{
    bool is_own = managed->authority.text != NULL && strstr(managed->authority.text, "://") != NULL;

    if (!is_own && name->text != NULL && !osg_is_ipv4(name->text) && !osg_is_public(name->text))
        osg_error(reader->problems, OSG_MANAGED_NAME, name->place,
                  "no public authority certifies %.80s, a name for networks of one's own: give tls "
                  "a certificate, or name your own authority by its URL",
                  name->text);
}

/* The authority asks over HTTP whether the names are ours. */
static void check_managed_names(struct osg_reader *reader, const struct osg_site *site)
{
    for (size_t i = 0; i < site->aliases.count; i++) {
        if (strchr(site->aliases.items[i].text, '*') != NULL)
            osg_error(reader->problems, OSG_MANAGED_NAME, site->aliases.items[i].place,
                      "an authority certifies no wildcard in this way: name the hosts, or give tls "
                      "a certificate of your own");
        else
            check_public_name(reader, &site->tls.managed, &site->aliases.items[i]);
    }
    check_public_name(reader, &site->tls.managed, &site->name);
    if (site->name.text != NULL && osg_is_ipv4(site->name.text))
        osg_error(reader->problems, OSG_MANAGED_NAME, site->name.place,
                  "an authority certifies host names, and this is an address");
}

static void check_managed(struct osg_reader *reader, const struct osg_tls *tls)
{
    const struct osg_word *files[] = {&tls->certificate, &tls->key, &tls->chain};

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (files[i]->text != NULL)
            osg_error(reader->problems, OSG_MANAGED_FILES, files[i]->place,
                      "a managed certificate is mod_md's affair: no file goes with it");
    }
    if (tls->managed.agreement.text == NULL)
        osg_error(
            reader->problems, OSG_MANAGED_TERMS, tls->managed.place,
            "the authority's terms of service want to be read, and then: agreement: accepted");
}

void osg_complete_tls(struct osg_reader *reader, const struct osg_site *site)
{
    const struct osg_tls *tls = &site->tls;

    if (!tls->on)
        return;
    if (tls->managed.place.line > 0)
        check_managed(reader, tls);
    else if (tls->certificate.text == NULL && reader->problems->errors == 0)
        osg_error(reader->problems, OSG_NO_CERTIFICATE, tls->place,
                  "tls has no certificate; for one that httpd gets by itself there is managed");
}

void osg_validate_tls(struct osg_reader *reader, const struct osg_site *site)
{
    const struct osg_tls *tls = &site->tls;

    if (!tls->on)
        return;
    if (tls->managed.place.line > 0)
        check_managed_names(reader, site);
    for (size_t i = 0; i < site->listens.count && tls->redirect; i++) {
        if (site->listens.items[i].port == REDIRECT_PORT)
            osg_error(reader->problems, OSG_REDIRECT_PORT, site->listens.items[i].place,
                      "port 80 is where tls.redirect leads users to https, so that TLS can't be "
                      "spoken there too");
    }
}
