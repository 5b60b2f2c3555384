/* SPDX-License-Identifier: Apache-2.0 */
/* Which virtual host is the site's, and by which ProxyPass users come to the instances. */
#include "adopt_parts.h"
#include "arena.h"
#include "problem.h"

#include <string.h>
#include <strings.h>

#define BALANCER "balancer://"

/* ---- what leads to instances ----------------------------------------------------------------- */

/* TEXT without the slashes at its end. */
static const char *without_slash(struct osg_arena *arena, const char *text, size_t length)
{
    while (length > 0 && text[length - 1] == '/')
        length--;
    return osg_arena_copy(arena, text, length);
}

static const char *lowered(struct osg_arena *arena, const char *text, size_t length)
{
    char *copy = osg_arena_copy(arena, text, length);

    for (char *at = copy; *at != '\0'; at++)
        *at = (char)(*at >= 'A' && *at <= 'Z' ? *at + 'a' - 'A' : *at);
    return copy;
}

static bool leads_to_member(const char *target)
{
    return strncmp(target, "ajp://", 6) == 0 || strncmp(target, "http://", 7) == 0 ||
           strncmp(target, "https://", 8) == 0;
}

static bool read_target(struct osg_arena *arena, const char *target, struct osg_mapping *mapping)
{
    size_t length;

    if (strncasecmp(target, BALANCER, strlen(BALANCER)) != 0) {
        mapping->target = target;
        mapping->suffix = "";
        return leads_to_member(target);
    }
    target += strlen(BALANCER);
    length = strcspn(target, "/");
    mapping->balancer = lowered(arena, target, length);
    mapping->suffix = without_slash(arena, target + length, strlen(target + length));
    return length > 0;
}

/* In a <Location> the path is that section's. */
bool osg_adopt_mapping(struct osg_adoption *adoption, struct osg_conf *conf,
                       struct osg_mapping *mapping)
{
    const struct osg_conf *section = conf->parent;
    size_t target = 1;
    const char *path;

    while (section != NULL && osg_adopt_is_open(section))
        section = section->parent;
    if (section != NULL && osg_conf_is(section, "Location") && section->count == 1)
        target = 0;
    if (!osg_conf_is(conf, "ProxyPass") || conf->is_section || conf->count <= target)
        return false;
    path = target == 0 ? section->words[0] : conf->words[0];
    *mapping = (struct osg_mapping){.conf = conf,
                                    .path = without_slash(adoption->arena, path, strlen(path)),
                                    .parameters = conf->words + target + 1,
                                    .count = conf->count - target - 1};
    return path[0] == '/' && read_target(adoption->arena, conf->words[target], mapping);
}

/* How likely it is OpenSpecimen's. */
static unsigned rank(const struct osg_mapping *mapping)
{
    unsigned rank = mapping->balancer != NULL ? 3 : strncmp(mapping->target, "ajp", 3) == 0 ? 2 : 1;

    if (strcasestr(mapping->conf->value, "openspecimen") != NULL ||
        strcasestr(mapping->path, "openspecimen") != NULL)
        rank += 4;
    return rank;
}

static void consider(struct osg_adoption *adoption, struct osg_conf *conf, struct osg_mapping *best)
{
    struct osg_mapping mapping;

    if (osg_adopt_mapping(adoption, conf, &mapping) &&
        (best->conf == NULL || rank(&mapping) > rank(best)))
        *best = mapping;
}

/* The best of HOST's mappings; no conf: it has none. */
static struct osg_mapping find_mapping(struct osg_adoption *adoption, struct osg_conf *host)
{
    struct osg_mapping best = {.conf = NULL};

    for (struct osg_conf *at = osg_adopt_next(host, NULL); at != NULL;
         at = osg_adopt_next(host, at)) {
        consider(adoption, at, &best);
        if (!at->is_section || !osg_conf_is(at, "Location"))
            continue;
        for (struct osg_conf *in = osg_adopt_next(at, NULL); in != NULL;
             in = osg_adopt_next(at, in))
            consider(adoption, in, &best);
    }
    return best;
}

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

static bool is_called(struct osg_adoption *adoption, struct osg_conf *host, const char *site)
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
            return osg_error(adoption->problems, host->place,
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
        mapping = find_mapping(adoption, host);
        if (mapping.conf != NULL && (site == NULL || is_called(adoption, host, site)) &&
            !offer(adoption, host, &mapping))
            return false;
    }
    if (adoption->site != NULL)
        return true;
    adoption->mapping = find_mapping(adoption, adoption->file);
    adoption->site = adoption->mapping.conf != NULL ? adoption->file : NULL;
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
            (!leads && find_mapping(adoption, host).conf == NULL))
            continue;
        adoption->redirect = host;
        adoption->shown_plainly = !leads;
    }
}

/* ---- none ------------------------------------------------------------------------------------ */

static struct osg_conf *find_jk(struct osg_conf *section)
{
    for (struct osg_conf *at = section->first; at != NULL; at = at->next) {
        struct osg_conf *inside = at->is_section ? find_jk(at) : NULL;

        if (inside != NULL || begins(at, "JkMount"))
            return inside != NULL ? inside : at;
    }
    return NULL;
}

static bool tell_none(struct osg_adoption *adoption, const char *site)
{
    const struct osg_conf *jk = find_jk(adoption->file);

    if (jk != NULL)
        return osg_error(adoption->problems, jk->place,
                         "mod_jk is not read: its workers stand in a file of their own; osgen init "
                         "writes a topology for their hosts");
    if (site != NULL)
        return osg_error(adoption->problems, (struct osg_place){0},
                         "no virtual host that is called %.100s sends requests to instances", site);
    return osg_error(adoption->problems, (struct osg_place){0},
                     "nothing in it sends requests to instances: there is no ProxyPass to a "
                     "balancer://, ajp://, http:// or https://");
}

bool osg_adopt_survey(struct osg_adoption *adoption, const char *site)
{
    if (!choose(adoption, site))
        return false;
    if (adoption->site == NULL)
        return tell_none(adoption, site);
    find_redirect(adoption);
    return true;
}
