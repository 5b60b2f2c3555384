/* SPDX-License-Identifier: Apache-2.0 */
/* Where a request goes, by ProxyPass: what it asks for behind the path is put behind the URL. */
#include "standing.h"
#include "base/arena.h"

#include <string.h>
#include <strings.h>

/* A ProxyPass, "/openspecimen ajp://10.0.0.1:8009/openspecimen timeout=180". */
struct passage {
    const char *path;
    const char *target; /* the URL, and settings of a member */
};

static bool begins(const char *text, const char *lead)
{
    return strncasecmp(text, lead, strlen(lead)) == 0;
}

/* LENGTH bytes, without slashes at their end. */
static const char *trim(struct osg_arena *arena, const char *text, size_t length)
{
    while (length > 0 && text[length - 1] == '/')
        length--;
    return osg_arena_copy(arena, text, length);
}

/* In the <Location> of its path the target stands alone. */
static bool read_passage(struct osg_arena *arena, const struct osg_directive *directive,
                         struct passage *passage)
{
    const char *value = directive->value, *section = directive->section;
    size_t length = section[0] == '/' ? 0 : strcspn(value, " ");

    if (strcasecmp(directive->name, "ProxyPass") != 0 || (length > 0 && value[length] == '\0'))
        return false;
    passage->path = length > 0 ? trim(arena, value, length) : trim(arena, section, strlen(section));
    passage->target = value + length + (length > 0);
    return strstr(passage->target, "://") != NULL;
}

/* What is behind PATH in CONTEXT, "/openspecimen" behind "/"; NULL: it isn't below it. */
static const char *below(const char *path, const char *context)
{
    size_t length = strlen(path);

    if (strncmp(path, context, length) != 0)
        return NULL;
    return context[length] == '/' || context[length] == '\0' ? context + length : NULL;
}

static const char *join(struct osg_arena *arena, const char *url, const char *path)
{
    return osg_arena_printf(arena, "%s%s", trim(arena, url, strlen(url)), path);
}

static void put_behind(struct osg_arena *arena, struct osg_member *member, const char *path)
{
    member->url = osg_member_url(arena, join(arena, member->url, path));
    if (!member->named)
        member->name = join(arena, member->name, path);
}

/* What stands behind the name of the balancer, "/openspecimen" of "balancer://os/openspecimen". */
static const char *path_of_balancer(struct osg_arena *arena, const char *target)
{
    const char *name = target + sizeof OSG_BALANCER - 1, *path = name + strcspn(name, "/ ");

    return trim(arena, path, strcspn(path, " "));
}

static bool add_member(struct osg_arena *arena, struct osg_standing *standing, const char *target)
{
    if (standing->member_count > 0 || !osg_member_read(arena, target, &standing->members[0]))
        return false;
    standing->member_count = 1;
    return true;
}

static void pass(struct osg_arena *arena, struct osg_standing *standing,
                 const struct passage *passage, const char *rest)
{
    bool balances = begins(passage->target, OSG_BALANCER);

    if (balances)
        rest = osg_arena_printf(arena, "%s%s", path_of_balancer(arena, passage->target), rest);
    if (balances ? rest[0] == '\0' : !add_member(arena, standing, passage->target))
        return;
    for (size_t i = 0; i < standing->member_count; i++)
        put_behind(arena, &standing->members[i], rest);
    osg_standing_order(arena, standing);
}

void osg_standing_pass(struct osg_arena *arena, struct osg_standing *standing, const char *context)
{
    struct passage passage;

    for (size_t i = 0; context != NULL && i < standing->directive_count; i++) {
        const char *rest = NULL;

        if (read_passage(arena, &standing->directives[i], &passage))
            rest = below(passage.path, context);
        if (rest != NULL) {
            pass(arena, standing, &passage, rest);
            return;
        }
    }
}

const char *osg_standing_context(struct osg_arena *arena, const struct osg_standing *standing)
{
    struct passage passage;

    for (size_t i = 0; i < standing->directive_count; i++) {
        if (read_passage(arena, &standing->directives[i], &passage) &&
            begins(passage.target, OSG_BALANCER))
            return passage.path;
    }
    return NULL;
}
