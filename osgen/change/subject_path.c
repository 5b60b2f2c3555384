/* SPDX-License-Identifier: Apache-2.0 */
#include "subject.h"
#include "mask.h"
#include "standing.h"
#include "base/arena.h"

#include <string.h>
#include <strings.h>

/* The path that the pattern "^/open\.specimen$" stands for; NULL: it stands for more than one. REST
 * is what follows it and a blank. */
static const char *path_of(struct osg_arena *arena, const char *value, const char **rest)
{
    size_t length = strcspn(value, " ");
    char *path = osg_arena_alloc(arena, length + 1), *to = path;

    if (strncmp(value, "^/", 2) != 0 || value[length - 1] != '$' || value[length] == '\0')
        return NULL;
    for (const char *at = value + 1; at < value + length - 1; at++) {
        if (at[0] == '\\' && at + 1 < value + length - 1)
            at++;
        else if (strchr("\\.^$|?*+()[]{}", at[0]) != NULL)
            return NULL;
        *to++ = *at;
    }
    *rest = value + length + 1;
    return path;
}

/* "RedirectMatch ^/openspecimen$ /openspecimen/" */
static struct osg_subject read_redirect(struct osg_arena *arena, const char *value)
{
    const char *rest, *path = path_of(arena, value, &rest);
    struct osg_subject subject = {.words = NULL};

    if (path == NULL)
        return subject;
    subject.words = subject.comes = osg_arena_printf(arena, "%s leads to", path);
    subject.between = " ";
    subject.goes = osg_arena_printf(arena, "%s isn't redirected any more", path);
    subject.value = rest;
    return subject;
}

/* "ProxyPassMatch ^/openspecimen$ !": the redirect says it. */
static struct osg_subject read_exclusion_by_pattern(struct osg_arena *arena, const char *value)
{
    const char *rest, *path = path_of(arena, value, &rest);
    struct osg_subject subject = {.words = NULL};

    if (path == NULL || strcmp(rest, "!") != 0)
        return subject;
    subject.words = subject.comes = osg_arena_printf(arena, "%s itself isn't passed on", path);
    subject.goes = osg_arena_printf(arena, "%s itself may be passed on", path);
    subject.leader = osg_arena_printf(arena, "%s leads to", path);
    subject.value = rest;
    return subject;
}

/* "ProxyPass /balancer-status !": the page says it. */
static struct osg_subject read_exclusion(struct osg_arena *arena, const char *value)
{
    size_t length = strcspn(value, " ");
    const char *path = osg_arena_copy(arena, value, length);
    struct osg_subject subject = {.words = NULL};

    if (strcmp(value + length, " !") != 0)
        return subject;
    subject.words = subject.comes = osg_arena_printf(arena, "%s isn't passed on", path);
    subject.goes = osg_arena_printf(arena, "%s may be passed on", path);
    subject.page = path;
    subject.value = value + length + 1;
    return subject;
}

struct osg_subject osg_subject_of_path(struct osg_arena *arena,
                                       const struct osg_directive *directive)
{
    if (osg_mask_hides(directive->value, strlen(directive->value)))
        return (struct osg_subject){.words = NULL};
    if (strcasecmp(directive->name, "RedirectMatch") == 0)
        return read_redirect(arena, directive->value);
    if (strcasecmp(directive->name, "ProxyPassMatch") == 0)
        return read_exclusion_by_pattern(arena, directive->value);
    if (strcasecmp(directive->name, "ProxyPass") == 0)
        return read_exclusion(arena, directive->value);
    return (struct osg_subject){.words = NULL};
}
