/* SPDX-License-Identifier: Apache-2.0 */
/* Which virtual host is the site's. */
#include "adopt_parts.h"
#include "base/arena.h"
#include "problem/problem.h"

#include <string.h>
#include <strings.h>

/* ---- virtual hosts --------------------------------------------------------------------------- */

static struct osg_conf *find(struct osg_conf *section, const char *name)
{
    struct osg_conf *at = osg_adopt_next(section, NULL);

    while (at != NULL && (at->is_section || !osg_conf_is(at, name) || at->count == 0))
        at = osg_adopt_next(section, at);
    return at;
}

static struct osg_conf *next_host(struct osg_adoption *adoption, struct osg_conf *at)
{
    do {
        at = osg_adopt_next(adoption->file, at);
    } while (at != NULL && !(at->is_section && osg_conf_is(at, "VirtualHost")));
    return at;
}

/* "https://os.example.org:443" is os.example.org. NULL: it has no name. */
static const char *name_of(struct osg_adoption *adoption, struct osg_conf *host)
{
    const struct osg_conf *conf = find(host, "ServerName");
    const char *name = conf != NULL ? conf->words[0] : NULL, *scheme;

    if (name == NULL)
        return NULL;
    scheme = strstr(name, "://");
    name = scheme != NULL ? scheme + 3 : name;
    return osg_arena_copy(adoption->arena, name, strcspn(name, ":"));
}

bool osg_adopt_is_called(struct osg_adoption *adoption, struct osg_conf *host, const char *site)
{
    const char *name = name_of(adoption, host);

    if (name == NULL || strcasecmp(name, site) == 0)
        return true;
    for (struct osg_conf *at = osg_adopt_next(host, NULL); at != NULL;
         at = osg_adopt_next(host, at)) {
        for (size_t i = 0; osg_conf_is(at, "ServerAlias") && i < at->count; i++) {
            if (strcasecmp(at->words[i], site) == 0)
                return true;
        }
    }
    return false;
}

static bool speaks_tls(struct osg_conf *host)
{
    const struct osg_conf *engine = find(host, "SSLEngine");

    return engine != NULL && osg_adopt_has(engine, 0, "on");
}

static bool have_one_name(const char *name, const char *other)
{
    return name == NULL || other == NULL || strcasecmp(name, other) == 0;
}

/* Takes HOST for the site's unless another one is already: of one name, the one with TLS. */
static bool offer(struct osg_adoption *adoption, struct osg_conf *host,
                  const struct osg_mapping *mapping)
{
    const char *name = name_of(adoption, host);

    if (adoption->site != NULL) {
        const char *other = name_of(adoption, adoption->site);

        if (!have_one_name(name, other))
            return osg_error(adoption->problems, OSG_NO_CODE, host->place,
                             "this virtual host has instances too, as that of line %u has; say "
                             "which one is meant: --site %.100s or --site %.100s",
                             adoption->site->place.line, other, name);
        if (speaks_tls(adoption->site) || !speaks_tls(host))
            return true;
    }
    adoption->site = host;
    adoption->mapping = *mapping;
    return true;
}

static bool choose(struct osg_adoption *adoption, const char *site)
{
    struct osg_mapping mapping;

    for (struct osg_conf *host = next_host(adoption, NULL); host != NULL;
         host = next_host(adoption, host)) {
        mapping = osg_adopt_best(adoption, host);
        if (mapping.conf != NULL && (site == NULL || osg_adopt_is_called(adoption, host, site)) &&
            !offer(adoption, host, &mapping))
            return false;
    }
    if (adoption->site != NULL)
        return true;
    adoption->mapping = osg_adopt_best(adoption, adoption->file);
    if (adoption->mapping.conf != NULL)
        adoption->site = adoption->file;
    return true;
}

static bool begins(const struct osg_conf *conf, const char *name)
{
    return strncasecmp(conf->name, name, strlen(name)) == 0;
}

/* "Redirect permanent / https://...", or mod_rewrite's way. */
static bool leads_to_tls(struct osg_conf *host)
{
    for (struct osg_conf *at = osg_adopt_next(host, NULL); at != NULL;
         at = osg_adopt_next(host, at)) {
        if ((begins(at, "Redirect") || osg_conf_is(at, "RewriteRule")) &&
            strstr(at->value, "https://") != NULL)
            return true;
    }
    return false;
}

/* A site that is shown without TLS too leads to https from there. */
static void find_redirect(struct osg_adoption *adoption)
{
    const char *name = name_of(adoption, adoption->site);

    if (!speaks_tls(adoption->site))
        return;
    for (struct osg_conf *host = next_host(adoption, NULL);
         host != NULL && adoption->redirect == NULL; host = next_host(adoption, host)) {
        bool leads = leads_to_tls(host);

        if (host == adoption->site || speaks_tls(host) ||
            !have_one_name(name, name_of(adoption, host)) ||
            (!leads && osg_adopt_best(adoption, host).conf == NULL))
            continue;
        adoption->redirect = host;
        adoption->shown_plainly = !leads;
    }
}

bool osg_adopt_survey(struct osg_adoption *adoption, const char *site)
{
    osg_adopt_plain(adoption, adoption->file);
    if (!choose(adoption, site))
        return false;
    if (adoption->mapping.conf == NULL)
        return osg_adopt_tell_none(adoption, site);
    find_redirect(adoption);
    return true;
}
