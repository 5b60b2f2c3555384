/* SPDX-License-Identifier: Apache-2.0 */
#include "adopt_swallow.h"
#include "base/arena.h"
#include "base/text.h"

#include <regex.h>
#include <string.h>
#include <strings.h>

struct osg_conf *osg_adopt_condition(const struct osg_conf *conf)
{
    struct osg_conf *before = conf->previous;

    while (before != NULL && before->name[0] == '#')
        before = before->previous;
    return before != NULL && osg_conf_is(before, "RewriteCond") ? before : NULL;
}

bool osg_adopt_excludes(const char *pattern, const char *path)
{
    static const char lead[] = "^/(?!";
    size_t length = strlen(path) - 1;

    return strncmp(pattern, lead, strlen(lead)) == 0 &&
           strncmp(pattern + strlen(lead), path + 1, length) == 0 &&
           strspn(pattern + strlen(lead) + length, "/$|)(.*") ==
               strlen(pattern + strlen(lead) + length);
}

/* Repetitions of repetitions, and what was matched before, take memory and time without end. */
static bool is_simple(const char *pattern)
{
    const char *brace = strchr(pattern, '{'), *escape = strchr(pattern, '\\');

    if (brace != NULL && (strchr(brace + 1, '{') != NULL || strspn(brace + 1, "0123456789,") > 3))
        return false;
    while (escape != NULL && escape[1] != '\0' && strchr("123456789", escape[1]) == NULL)
        escape = strchr(escape + 2, '\\');
    return escape == NULL && strlen(pattern) < 200;
}

/* PATTERN is Perl's. What of it POSIX doesn't know may match anything. */
static bool matches(const char *pattern, const char *path)
{
    struct osg_text posix = {0};
    const char *group;
    regex_t regex;
    bool found = true;

    for (; (group = strstr(pattern, "(?:")) != NULL; pattern = group + 3) {
        osg_text_add(&posix, pattern, (size_t)(group - pattern));
        osg_text_put(&posix, "(");
    }
    osg_text_put(&posix, pattern);
    if (is_simple(posix.bytes) && regcomp(&regex, posix.bytes, REG_EXTENDED | REG_NOSUB) == 0) {
        found = regexec(&regex, path, 0, NULL, 0) == 0;
        regfree(&regex);
    }
    osg_text_free(&posix);
    return found;
}

/* "!^/a" is where it isn't so. */
static bool applies(const char *pattern, const char *path)
{
    return pattern[0] == '!' ? !matches(pattern + 1, path) : matches(pattern, path);
}

/* What isn't about the path may hold, and all of it where one of several is enough. */
static bool may_hold(const struct osg_adoption *adoption, const struct osg_conf *rule,
                     const char *path)
{
    for (const struct osg_conf *at = osg_adopt_condition(rule); at != NULL;
         at = osg_adopt_condition(at)) {
        if (at->count > 2 && strcasestr(at->words[2], "OR") != NULL)
            return true;
        if (osg_adopt_has(at, 0, "%{REQUEST_URI}") && at->count > 1 && !applies(at->words[1], path))
            return false;
        if (osg_adopt_has(at, 0, "%{HTTPS}") && adoption->topology->site.tls.on &&
            !osg_adopt_has(at, 1, "on"))
            return false;
    }
    return true;
}

/* Behind the status that some of them have. */
static bool swallows(const struct osg_adoption *adoption, const struct osg_conf *conf,
                     const char *path)
{
    const char *from = conf->count > 1 ? conf->words[conf->count - 2] : "";

    if (conf->is_section || conf->count < 2)
        return false;
    if (osg_conf_is(conf, "RewriteRule"))
        return strcmp(conf->words[1], "-") != 0 && applies(conf->words[0], path) &&
               may_hold(adoption, conf, path);
    if (osg_conf_is(conf, "RedirectMatch"))
        return matches(from, path);
    return strncasecmp(conf->name, "Redirect", strlen("Redirect")) == 0 && from[0] == '/' &&
           strncmp(from, path, strlen(from)) == 0 &&
           (from[strlen(from) - 1] == '/' || strchr("/", path[strlen(from)]) != NULL);
}

static void look_at(struct osg_adoption *adoption, const struct osg_conf *conf)
{
    const struct osg_admin *admin = &adoption->topology->admin;
    const char *const pages[] = {admin->manager.text,
                                 adoption->topology->balance.health.on ? admin->status.text : NULL,
                                 admin->server_status.text};
    const char *names = NULL;

    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        if (pages[i] != NULL && swallows(adoption, conf, pages[i]))
            names = names == NULL ? pages[i]
                                  : osg_arena_printf(adoption->arena, "%s, %s", names, pages[i]);
    }
    if (names != NULL)
        osg_adopt_lose(adoption, conf,
                       "this goes before the pages for administrators: where it applies nobody "
                       "sees %.300s",
                       names);
}

void osg_adopt_swallow(struct osg_adoption *adoption)
{
    for (struct osg_conf *at = osg_adopt_next(adoption->site, NULL); at != NULL;
         at = osg_adopt_next(adoption->site, at))
        look_at(adoption, at);
}
