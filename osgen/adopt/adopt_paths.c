/* SPDX-License-Identifier: Apache-2.0 */
/* Which paths go where, as far as osgen writes that by itself. Other paths stay as they are. */
#include "adopt_parts.h"
#include "base/arena.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

/* Is PATH the same as OTHER, but for slashes at its end? */
static bool is_path(const char *path, const char *other)
{
    size_t length = strlen(other);

    return strncmp(path, other, length) == 0 && path[length + strspn(path + length, "/")] == '\0';
}

static bool is_page(const struct osg_adoption *adoption, const char *path)
{
    const struct osg_admin *admin = &adoption->topology->admin;
    const struct osg_word *pages[] = {&admin->manager, &admin->status, &admin->server_status};

    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        if (pages[i]->text != NULL && is_path(path, pages[i]->text))
            return true;
    }
    return false;
}

/* The same path may stand there with a slash and without. */
static bool read_pass(struct osg_adoption *adoption, struct osg_conf *conf)
{
    const struct osg_mapping *own = &adoption->mapping;
    struct osg_mapping other;

    if (conf->count == 2 && strcmp(conf->words[1], "!") == 0)
        return is_page(adoption, conf->words[0]);
    return osg_adopt_mapping(adoption, conf, &other) && strcmp(other.path, own->path) == 0 &&
           other.balancer != NULL && own->balancer != NULL && other.count == 0 &&
           strcmp(other.balancer, own->balancer) == 0 && strcmp(other.suffix, own->suffix) == 0;
}

static bool leads_to_instance(const struct osg_adoption *adoption, const char *target)
{
    struct osg_url url;

    if (!osg_url_parse(adoption->arena, target, &url, NULL))
        return false;
    for (const struct osg_adopt_member *at = adoption->members; at != NULL; at = at->next) {
        if (strcmp(at->instance->url.host, url.host) == 0)
            return true;
    }
    return false;
}

static bool is_context_of_one(const struct osg_adoption *adoption, const char *path)
{
    for (const struct osg_adopt_member *at = adoption->members; at != NULL; at = at->next) {
        if (at->instance->url.path[0] != '\0' && is_path(path, at->instance->url.path))
            return true;
    }
    return is_path(path, adoption->topology->site.context.text);
}

static bool leads_to_balancer(const struct osg_adoption *adoption, const char *target)
{
    const char *name = adoption->mapping.balancer;

    return name != NULL && strncasecmp(target, "balancer://", 11) == 0 &&
           strncasecmp(target + 11, name, strlen(name)) == 0 &&
           strchr("/", target[11 + strlen(name)]) != NULL;
}

/* Redirects of the instances come back as the site's in any case. */
static bool read_reverse(struct osg_adoption *adoption, struct osg_conf *conf)
{
    const char *target = conf->count > 1 ? conf->words[1] : "";

    if (conf->count < 2 || !is_path(conf->words[0], adoption->mapping.path))
        return false;
    return leads_to_balancer(adoption, target) || leads_to_instance(adoption, target) ||
           (target[0] == '/' && is_context_of_one(adoption, target));
}

/* As OpenSpecimen's own instructions have it. */
static bool read_misspelt(struct osg_adoption *adoption, struct osg_conf *conf)
{
    return osg_adopt_lose(adoption, conf,
                          "httpd knows no %s: ProxyPassReverse is meant, which osgen writes",
                          conf->name);
}

static bool read_cookie_path(struct osg_adoption *adoption, struct osg_conf *conf)
{
    return conf->count == 2 && is_context_of_one(adoption, conf->words[0]) &&
           (is_path(conf->words[1], adoption->topology->site.context.text) ||
            is_path(conf->words[1], adoption->mapping.path));
}

bool osg_adopt_is_bare_context(const struct osg_adoption *adoption, const char *pattern)
{
    const char *context = adoption->topology->site.context.text;

    if (*pattern++ != '^')
        return false;
    for (; *context != '\0'; context++, pattern++) {
        pattern += *context == '.' && *pattern == '\\';
        if (*pattern != *context)
            return false;
    }
    return strcmp(pattern, "$") == 0;
}

static bool read_match(struct osg_adoption *adoption, struct osg_conf *conf)
{
    return conf->count == 2 && strcmp(conf->words[1], "!") == 0 &&
           osg_adopt_is_bare_context(adoption, conf->words[0]);
}

/* Something is to be seen at / then. */
static bool has_root(struct osg_adoption *adoption)
{
    for (struct osg_conf *at = osg_adopt_next(adoption->site, NULL); at != NULL;
         at = osg_adopt_next(adoption->site, at)) {
        if (osg_conf_is(at, "DocumentRoot") && adoption->mapping.path[0] != '\0')
            return true;
    }
    return false;
}

static const struct osg_adopt_row rows[] = {
    {"ProxyPass", read_pass},
    {"ProxyPassMatch", read_match},
    {"ProxyPassReverse", read_reverse},
    {"ProxyPassRervese", read_misspelt},
    {"ProxyPassReverseCookiePath", read_cookie_path},
};

void osg_adopt_paths(struct osg_adoption *adoption)
{
    struct osg_conf *section = adoption->mapping.conf->parent;

    if (adoption->own || has_root(adoption))
        adoption->topology->site.redirects_root = false;
    osg_adopt_rows(adoption, adoption->site, rows, sizeof rows / sizeof *rows);
    osg_adopt_redirect(adoption);
    for (struct osg_conf *at = osg_adopt_next(section, NULL); at != NULL && section->count == 1;
         at = osg_adopt_next(section, at))
        at->taken = osg_conf_is(section, "Location") && osg_conf_is(at, "ProxyPassReverse");
}
