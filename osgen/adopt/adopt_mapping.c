/* SPDX-License-Identifier: Apache-2.0 */
/* By which ProxyPass users come to the instances. */
#include "adopt_parts.h"
#include "base/arena.h"

#include <string.h>
#include <strings.h>

#define BALANCER "balancer://"

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

struct osg_mapping osg_adopt_best(struct osg_adoption *adoption, struct osg_conf *host)
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
