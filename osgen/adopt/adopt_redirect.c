/* SPDX-License-Identifier: Apache-2.0 */
/* What leads to the context, as site.root does for / alone. */
#include "adopt_parts.h"
#include "adopt_swallow.h"

#include <string.h>
#include <strings.h>

/* Behind "https://os.example.org", by the site's name or by whatever a user called it. */
static const char *path_in(const struct osg_adoption *adoption, const char *url)
{
    const char *const names[] = {adoption->topology->site.name.text, "%{HTTP_HOST}",
                                 "%{SERVER_NAME}"};
    bool tls = strncasecmp(url, "https://", 8) == 0;
    const char *host = strstr(url, "://");

    if (host == NULL || (tls && !adoption->topology->site.tls.on))
        return url;
    host += 3;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i] != NULL && strncasecmp(host, names[i], strlen(names[i])) == 0)
            return host + strlen(names[i]);
    }
    return url;
}

/* A path, or the site's own URL with it; in both what users asked for may follow. */
static bool leads_to_context(const struct osg_adoption *adoption, const char *target)
{
    const char *context = adoption->topology->site.context.text;
    size_t length = strlen(context);
    const char *path = path_in(adoption, target), *rest = path + length;

    if (strncmp(path, context, length) != 0)
        return false;
    rest += strspn(rest, "/");
    return *rest == '\0' || strcmp(rest, "$1") == 0 || strcmp(rest, "%{REQUEST_URI}") == 0;
}

static bool is_root(const char *pattern)
{
    return strcmp(pattern, "^/$") == 0 || strcmp(pattern, "^/?$") == 0;
}

/* Each path, or each that isn't below the context: "^/(?!openspecimen).*". */
static bool is_everything(const struct osg_adoption *adoption, const char *pattern)
{
    static const char *const all[] = {"/",    "^/",    "^",      ".*",    "^.*",    "^.*$",
                                      "(.*)", "^(.*)", "^(.*)$", "^/.*$", "^/(.*)", "^/(.*)$",
                                      "^/.*", "^/?.*", "^/?.*$", "."};
    const char *context = adoption->topology->site.context.text;

    if (osg_adopt_excludes(pattern, context))
        return true;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (strcmp(pattern, all[i]) == 0)
            return true;
    }
    return false;
}

static bool take_root(struct osg_adoption *adoption, const struct osg_conf *conf, bool everything)
{
    adoption->topology->site.redirects_root = true;
    if (everything)
        osg_adopt_lose(adoption, conf, "only / is led to %s now; other paths were too",
                       adoption->topology->site.context.text);
    return true;
}

static bool read_redirect(struct osg_adoption *adoption, struct osg_conf *conf)
{
    return conf->count >= 2 && strcmp(conf->words[conf->count - 2], "/") == 0 &&
           leads_to_context(adoption, conf->words[conf->count - 1]) &&
           take_root(adoption, conf, true);
}

static bool read_match(struct osg_adoption *adoption, struct osg_conf *conf)
{
    const char *pattern = conf->count >= 2 ? conf->words[conf->count - 2] : "";

    if (conf->count < 2 || !leads_to_context(adoption, conf->words[conf->count - 1]))
        return false;
    if (osg_adopt_is_bare_context(adoption, pattern))
        return true;
    return (is_root(pattern) || is_everything(adoption, pattern)) &&
           take_root(adoption, conf, !is_root(pattern));
}

/* ---- mod_rewrite ----------------------------------------------------------------------------- */

/* "[R=302,L]", or a URL. */
static bool redirects(const struct osg_conf *rule)
{
    const char *flags = rule->count == 3 && rule->words[2][0] == '[' ? rule->words[2] : "[]";
    const char *redirect = strpbrk(flags, "Rr");

    return (redirect != NULL && strchr("[,", redirect[-1]) != NULL) ||
           (strstr(rule->words[1], "://") != NULL && strcasestr(flags, "P") == NULL);
}

/* That the path isn't one of some. */
static bool spares(const struct osg_conf *condition)
{
    return osg_adopt_has(condition, 0, "%{REQUEST_URI}") && condition->count == 2 &&
           strncmp(condition->words[1], "!^/", 3) == 0;
}

/* Without a condition, a rule for everything would lead to itself. */
static bool read_rule(struct osg_adoption *adoption, struct osg_conf *rule)
{
    struct osg_conf *first = osg_adopt_condition(rule);
    const char *pattern = rule->count > 1 ? rule->words[0] : "";
    bool root = is_root(pattern) && first == NULL;

    if (rule->count < 2 || !redirects(rule) || !leads_to_context(adoption, rule->words[1]) ||
        (!root && !is_everything(adoption, pattern)) ||
        (!root && first == NULL &&
         !osg_adopt_excludes(pattern, adoption->topology->site.context.text)))
        return false;
    for (struct osg_conf *at = first; at != NULL; at = osg_adopt_condition(at)) {
        if (!spares(at))
            return false;
    }
    for (struct osg_conf *at = first; at != NULL; at = osg_adopt_condition(at))
        at->taken = true;
    return take_root(adoption, rule, !root);
}

static const struct osg_adopt_row rows[] = {
    {"Redirect", read_redirect},     {"RedirectPermanent", read_redirect},
    {"RedirectTemp", read_redirect}, {"RedirectMatch", read_match},
    {"RewriteRule", read_rule},
};

/* Is there a rule left in SECTION, or a file that may have one? */
static bool has_rule(const struct osg_conf *section)
{
    for (const struct osg_conf *at = section->first; at != NULL; at = at->next) {
        bool rule = strncasecmp(at->name, "Rewrite", 7) == 0 && !osg_conf_is(at, "RewriteEngine");

        if (!at->taken && (rule || strncasecmp(at->name, "Include", 7) == 0 || has_rule(at)))
            return true;
    }
    return false;
}

void osg_adopt_redirect(struct osg_adoption *adoption)
{
    osg_adopt_rows(adoption, adoption->site, rows, sizeof rows / sizeof *rows);
    osg_adopt_swallow(adoption);
    if (has_rule(adoption->site))
        return;
    for (struct osg_conf *at = osg_adopt_next(adoption->site, NULL); at != NULL;
         at = osg_adopt_next(adoption->site, at))
        at->taken = osg_conf_is(at, "RewriteEngine");
}
