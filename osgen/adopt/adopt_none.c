/* SPDX-License-Identifier: Apache-2.0 */
/* Why there is no site in the file. */
#include "adopt_parts.h"
#include "problem/problem.h"

#include <string.h>
#include <strings.h>

typedef bool is_wanted(const struct osg_conf *conf);

/* The first that is wanted in SECTION, whatever other section it stands in, but for virtual hosts
 * that aren't called SITE. */
static struct osg_conf *find(struct osg_adoption *adoption, struct osg_conf *section,
                             const char *site, is_wanted *wanted)
{
    for (struct osg_conf *at = section->first; at != NULL; at = at->next) {
        struct osg_conf *inside = NULL;

        if (osg_conf_is(at, "VirtualHost") && site != NULL &&
            !osg_adopt_is_called(adoption, at, site))
            continue;
        if (at->is_section && !osg_adopt_is_dead(at))
            inside = find(adoption, at, site, wanted);
        if (inside != NULL || wanted(at))
            return inside != NULL ? inside : at;
    }
    return NULL;
}

static bool is_jk(const struct osg_conf *conf)
{
    return strncasecmp(conf->name, "JkMount", strlen("JkMount")) == 0;
}

static bool has_scheme(const char *text)
{
    static const char *const schemes[] = {"balancer://", "ajp://", "http://", "https://", "${"};
    size_t i = 0;

    while (i < sizeof schemes / sizeof *schemes && strcasestr(text, schemes[i]) == NULL)
        i++;
    return i < sizeof schemes / sizeof *schemes;
}

/* Does it send requests on, in a way or at a place that isn't read? */
static bool sends(const struct osg_conf *conf)
{
    const char *flags = conf->count == 3 ? conf->words[2] : "";

    if (osg_conf_is(conf, "ProxyPass") || osg_conf_is(conf, "ProxyPassMatch"))
        return has_scheme(conf->value);
    return osg_conf_is(conf, "RewriteRule") && has_scheme(conf->value) &&
           (strcasestr(flags, "[P,") != NULL || strcasestr(flags, ",P,") != NULL ||
            strcasestr(flags, "P]") != NULL || strcasestr(flags, "proxy") != NULL);
}

static bool includes(const struct osg_conf *conf)
{
    return osg_conf_is(conf, "Include") || osg_conf_is(conf, "IncludeOptional");
}

static bool is_included_in_host(const struct osg_conf *conf)
{
    const struct osg_conf *host = conf->parent;

    while (includes(conf) && host->parent != NULL && !osg_conf_is(host, "VirtualHost"))
        host = host->parent;
    return includes(conf) && host->parent != NULL;
}

/* The outermost section around CONF that nobody looks into; NULL: there is none. */
static const struct osg_conf *closed_around(const struct osg_conf *conf)
{
    const struct osg_conf *closed = NULL;

    for (const struct osg_conf *at = conf->parent; at->parent != NULL; at = at->parent) {
        if (!osg_adopt_is_open(at) && !osg_conf_is(at, "VirtualHost") &&
            !osg_conf_is(at, "Location"))
            closed = at;
    }
    return closed;
}

static bool tell_unread(struct osg_adoption *adoption, const struct osg_conf *conf)
{
    const struct osg_conf *closed = closed_around(conf);

    if (closed != NULL)
        return osg_error(adoption->problems, OSG_NO_CODE, closed->place,
                         "what sends requests to instances, the %s of line %u, stands in <%.40s>, "
                         "which is not looked into; <VirtualHost>, <Location>, <IfModule> without "
                         "a ! and <IfVersion> with a > are: take it out of there",
                         conf->name, conf->place.line, closed->name);
    if (osg_conf_is(conf, "ProxyPass"))
        return osg_error(adoption->problems, OSG_NO_CODE, conf->place,
                         "this ProxyPass is not understood: one to instances has a path and a "
                         "balancer://, ajp://, http:// or https://, and in <Location> just that");
    return osg_error(adoption->problems, OSG_NO_CODE, conf->place,
                     "this %s is not understood; one is that says no more than a ProxyPass does: "
                     "^/openspecimen/(.*)$ and ajp://host:8009/openspecimen/$1, without "
                     "conditions and exceptions",
                     conf->name);
}

bool osg_adopt_tell_none(struct osg_adoption *adoption, const char *site)
{
    struct osg_conf *jk = find(adoption, adoption->file, NULL, is_jk);
    struct osg_conf *unread = find(adoption, adoption->file, site, sends);
    struct osg_conf *include = find(adoption, adoption->file, site, is_included_in_host);

    if (include == NULL)
        include = find(adoption, adoption->file, site, includes);
    if (jk != NULL)
        return osg_error(adoption->problems, OSG_NO_CODE, jk->place,
                         "mod_jk is not read: its workers stand in a file of their own; osgen init "
                         "writes a topology for their hosts");
    if (unread != NULL)
        return tell_unread(adoption, unread);
    if (include != NULL)
        return osg_error(adoption->problems, OSG_NO_CODE, include->place,
                         "nothing in this file sends requests to instances, and %.200s is not "
                         "read: put its lines in place of this one, or adopt it by itself",
                         include->value);
    if (site != NULL)
        return osg_error(adoption->problems, OSG_NO_CODE, (struct osg_place){0},
                         "no virtual host that is called %.100s sends requests to instances", site);
    return osg_error(adoption->problems, OSG_NO_CODE, (struct osg_place){0},
                     "nothing in it sends requests to instances: there is no ProxyPass to a "
                     "balancer://, ajp://, http:// or https://");
}
