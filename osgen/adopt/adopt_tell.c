/* SPDX-License-Identifier: Apache-2.0 */
/* What is left of the file and stands elsewhere than in the site's virtual host: it is told. */
#include "adopt_parts.h"
#include "base/arena.h"

#include <string.h>
#include <strings.h>

bool osg_adopt_is_left(const struct osg_conf *conf)
{
    if (conf->taken || conf->name[0] == '#' || osg_adopt_is_dead(conf))
        return false;
    for (const struct osg_conf *at = conf->first; at != NULL; at = at->next) {
        if (osg_adopt_is_left(at))
            return true;
    }
    return !conf->is_section;
}

#define MOST_NAMES 8

/* Adds the names of what is left in SECTION, each once. */
static void list_names(struct osg_adoption *adoption, const struct osg_conf *section,
                       const char **names, size_t *count)
{
    for (const struct osg_conf *at = section->first; at != NULL; at = at->next) {
        size_t i = 0;

        if (!osg_adopt_is_left(at) || osg_conf_is(at, "VirtualHost") ||
            osg_adopt_is_ours(adoption, at))
            continue;
        if (osg_adopt_is_open(at)) {
            list_names(adoption, at, names, count);
            continue;
        }
        while (i < *count && strcasecmp(names[i], at->name) != 0)
            i++;
        if (i == *count && *count < MOST_NAMES)
            names[(*count)++] = at->name;
    }
}

static const char *names_in(struct osg_adoption *adoption, const struct osg_conf *section)
{
    struct osg_arena *arena = adoption->arena;
    const char *names[MOST_NAMES], *text = NULL;
    size_t count = 0;

    list_names(adoption, section, names, &count);
    for (size_t i = 0; i < count; i++)
        text = i == 0 ? osg_arena_printf(arena, "%.40s", names[i])
                      : osg_arena_printf(arena, "%s, %.40s", text, names[i]);
    return count < MOST_NAMES ? text : osg_arena_printf(arena, "%s and more", text);
}

static const struct osg_conf *first_left(struct osg_adoption *adoption,
                                         const struct osg_conf *section)
{
    const struct osg_conf *at = section->first;

    while (at != NULL && (!osg_adopt_is_left(at) || osg_conf_is(at, "VirtualHost") ||
                          osg_adopt_is_ours(adoption, at)))
        at = at->next;
    return at;
}

static void tell_server(struct osg_adoption *adoption)
{
    const struct osg_conf *first = first_left(adoption, adoption->file);
    const char *names = names_in(adoption, adoption->file);

    if (first != NULL && names != NULL)
        osg_adopt_lose(adoption, first, "not carried over, since it is for the whole server: %s",
                       names);
}

/* Its name, and what leads to the site, osgen writes by itself. */
static void tell_redirect(struct osg_adoption *adoption, struct osg_conf *host)
{
    static const char *const own[] = {"ServerName",    "ServerAlias",       "Redirect",
                                      "RedirectMatch", "RedirectPermanent", "RewriteEngine",
                                      "RewriteCond",   "RewriteRule"};
    const char *names;

    for (struct osg_conf *at = osg_adopt_next(host, NULL); at != NULL;
         at = osg_adopt_next(host, at)) {
        for (size_t i = 0; i < sizeof own / sizeof *own && !at->taken; i++)
            at->taken = osg_conf_is(at, own[i]);
    }
    names = names_in(adoption, host);
    if (adoption->shown_plainly)
        osg_adopt_lose(adoption, host,
                       "not carried over: the site without TLS; it leads to https now");
    else if (names != NULL)
        osg_adopt_lose(adoption, host,
                       "of this virtual host, which leads to https, not carried over: %s", names);
}

static void tell_hosts(struct osg_adoption *adoption, struct osg_conf *section)
{
    for (struct osg_conf *at = section->first; at != NULL; at = at->next) {
        if (osg_adopt_is_open(at))
            tell_hosts(adoption, at);
        if (!osg_conf_is(at, "VirtualHost") || at == adoption->site)
            continue;
        if (at == adoption->redirect)
            tell_redirect(adoption, at);
        else
            osg_adopt_lose(adoption, at, "not carried over: another virtual host");
    }
}

void osg_adopt_tell(struct osg_adoption *adoption)
{
    tell_hosts(adoption, adoption->file);
    tell_server(adoption);
}
