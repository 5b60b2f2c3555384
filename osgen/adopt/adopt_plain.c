/* SPDX-License-Identifier: Apache-2.0 */
/* ProxyPassMatch and RewriteRule where they say no more than a ProxyPass does: they become one. */
#include "adopt_parts.h"
#include "adopt_swallow.h"
#include "base/arena.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

/* Adds the characters that PATTERN begins with and that stand for themselves, "\." and "/?" among
 * them. Returns what follows. */
static const char *add_literal(struct osg_text *text, const char *pattern)
{
    for (; *pattern != '\0' && strchr("[](){}*+?|^$", *pattern) == NULL; pattern++) {
        if (strncmp(pattern, ".*", 2) == 0)
            break;
        if (*pattern == '\\' && pattern[1] != '.')
            break;
        pattern += *pattern == '\\';
        osg_text_add(text, pattern, 1);
        pattern += strncmp(pattern, "/?", 2) == 0;
    }
    return pattern;
}

/* Of "^/a(/b.*)$" adds /a/b to PATH and /b to GROUP, of "^/a" /a to PATH. */
static bool read_pattern(const char *pattern, struct osg_text *path, struct osg_text *group)
{
    if (*pattern != '^')
        return false;
    pattern = add_literal(path, pattern + 1);
    if (*pattern != '(')
        return *pattern == '\0';
    pattern = add_literal(group, pattern + 1);
    if (strncmp(pattern, ".*)", 3) != 0)
        return false;
    pattern += pattern[3] == '?' ? 4 : 3;
    osg_text_put(path, group->bytes != NULL ? group->bytes : "");
    return strcmp(pattern, "$") == 0 || *pattern == '\0';
}

/* Where CONF leads what is in PATH, of which GROUP is $1: "ajp://10.0.1.1:8009/$1". To a URL that
 * says nothing of it a ProxyPassMatch adds all of the path. NULL: it is of another form. */
static const char *read_target(struct osg_arena *arena, const struct osg_conf *conf,
                               const struct osg_text *path, const struct osg_text *group)
{
    const char *target = conf->words[1];
    size_t length = strcspn(target, "$%");
    bool all = target[length] == '\0' && osg_conf_is(conf, "ProxyPassMatch");
    bool one = strcmp(target + length, "$1") == 0 && strchr(conf->words[0], '(') != NULL;

    if (strstr(target, "://") == NULL || (!all && !one) || (all && target[length - 1] == '/'))
        return NULL;
    return osg_arena_printf(arena, "%.*s%s", (int)length, target,
                            all                    ? path->bytes
                            : group->bytes != NULL ? group->bytes
                                                   : "");
}

/* Becomes the ProxyPass that its first two words stand for, with COUNT parameters behind them. */
static void replace(struct osg_adoption *adoption, struct osg_conf *conf, size_t count)
{
    struct osg_text path = {0}, group = {0};
    const char **words = osg_arena_alloc(adoption->arena, (count + 2) * sizeof *words);

    if (read_pattern(conf->words[0], &path, &group) && path.bytes != NULL) {
        words[0] = osg_arena_copy(adoption->arena, path.bytes, path.length);
        words[1] = read_target(adoption->arena, conf, &path, &group);
        for (size_t i = 2; i < count + 2; i++)
            words[i] = conf->words[i];
        if (words[1] != NULL) {
            conf->name = "ProxyPass";
            conf->words = words;
            conf->count = count + 2;
        }
    }
    osg_text_free(&path);
    osg_text_free(&group);
}

/* "[P,L]", with no flag that a ProxyPass couldn't have. */
static bool has_plain_flags(const char *flags)
{
    static const char *const names[] = {"P", "proxy", "L", "last", "QSA", "NE"};
    bool proxy = false;

    if (*flags++ != '[')
        return false;
    for (size_t length; *flags != '\0'; flags += length + 1) {
        size_t i = 0;

        length = strcspn(flags, ",]");
        while (i < sizeof names / sizeof *names &&
               (strlen(names[i]) != length || strncasecmp(flags, names[i], length) != 0))
            i++;
        if (i == sizeof names / sizeof *names || flags[length] == '\0')
            return false;
        proxy = proxy || i < 2;
    }
    return proxy;
}

static bool is_plain(const struct osg_conf *rule)
{
    return rule->count == 3 && osg_adopt_condition(rule) == NULL && has_plain_flags(rule->words[2]);
}

/* A rule that changes nothing may have those behind it passed over. */
void osg_adopt_plain(struct osg_adoption *adoption, struct osg_conf *section)
{
    bool excepts = false;

    for (struct osg_conf *at = osg_adopt_next(section, NULL); at != NULL;
         at = osg_adopt_next(section, at)) {
        bool rule = !at->is_section && osg_conf_is(at, "RewriteRule");

        if (at->is_section && osg_conf_is(at, "VirtualHost"))
            osg_adopt_plain(adoption, at);
        else if (!at->is_section && osg_conf_is(at, "ProxyPassMatch") && at->count >= 2)
            replace(adoption, at, at->count - 2);
        else if (rule && !excepts && is_plain(at))
            replace(adoption, at, 0);
        excepts = excepts || (rule && osg_adopt_has(at, 1, "-"));
    }
}
