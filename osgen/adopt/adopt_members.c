/* SPDX-License-Identifier: Apache-2.0 */
/* What a topology says once for all instances: the context and a secret. And what they are called.
 */
#include "adopt_parts.h"
#include "base/arena.h"
#include "problem/problem.h"
#include "topology/address.h"

#include "core/message.h"
#include "core/parse.h"

#include <string.h>
#include <strings.h>

/* ---- names ----------------------------------------------------------------------------------- */

/* The route that osgen gives an instance without a name. */
static bool is_number(const char *route, size_t place)
{
    uint32_t number;

    return route[0] == 'n' && route[1] != '0' &&
           osb_parse_number(route + 1, 1, UINT32_MAX, &number, NULL) && number == place;
}

static bool is_used(const struct osg_adoption *adoption, const struct osg_adopt_member *before,
                    const char *name)
{
    for (const struct osg_adopt_member *at = adoption->members; at != before; at = at->next) {
        const char *other = at->instance->name.text;

        if (other != NULL && strcmp(other, name) == 0)
            return true;
    }
    return false;
}

/* A route is what cookies out there call the instance: that goes before what comments do. */
static void name_members(struct osg_adoption *adoption)
{
    size_t place = 1;

    for (struct osg_adopt_member *at = adoption->members; at != NULL; at = at->next, place++) {
        bool numbered = at->route != NULL && is_number(at->route, place);
        const char *name = at->route != NULL && !numbered ? at->route : at->label;
        struct osb_message why;

        if (name == NULL)
            continue;
        if (!osg_label_check(name, &why))
            osg_adopt_lose(adoption, at->conf, "not carried over: route=%.100s; %s", name,
                           why.text);
        else if (place <= OSG_ADOPT_WORDS && is_used(adoption, at, name))
            osg_adopt_lose(adoption, at->conf,
                           "not carried over: route=%.100s, which another instance has", name);
        else
            at->instance->name = (struct osg_word){name, at->conf->place};
    }
}

/* ---- the context ----------------------------------------------------------------------------- */

/* Users were shown everything that the instances have, or OpenSpecimen right at /. */
static void move_root(struct osg_adoption *adoption)
{
    struct osg_word *context = &adoption->topology->site.context;
    const char *path = adoption->members->instance->url.path;

    if (path[0] != '\0')
        *context = (struct osg_word){path, adoption->mapping.conf->place};
    osg_adopt_lose(adoption, adoption->mapping.conf,
                   path[0] != '\0'
                       ? "users saw OpenSpecimen at /: now they see it at %s, and / leads there"
                       : "everything went to the instances: now only %s does, and / leads there",
                   context->text);
}

/* Where users see an instance under its own path the site says it. */
static void set_contexts(struct osg_adoption *adoption)
{
    struct osg_word *context = &adoption->topology->site.context;
    const char *path = adoption->mapping.path;
    struct osb_message why;

    if (path[0] == '\0')
        move_root(adoption);
    else if (!osg_path_check(path, &why))
        osg_error(adoption->problems, OSG_NO_CODE, adoption->mapping.conf->place, "%s", why.text);
    else
        *context = (struct osg_word){path, adoption->mapping.conf->place};
    for (struct osg_adopt_member *at = adoption->members; at != NULL; at = at->next) {
        struct osg_url *url = &at->instance->url;

        if (url->path[0] == '\0' && path[0] != '\0')
            osg_adopt_lose(adoption, at->conf,
                           "this instance was asked for paths without %s: now it is asked for "
                           "them with it",
                           context->text);
        if (strcmp(url->path, context->text) == 0)
            url->path = "";
    }
}

/* ---- secrets --------------------------------------------------------------------------------- */

static bool is_ajp(const struct osg_adopt_member *member)
{
    return strcmp(member->instance->url.scheme->name, "ajp") == 0;
}

/* The first one's is that of the balance, unless that would give one to an instance without. */
static void share_secret(struct osg_adoption *adoption)
{
    struct osg_word *common = &adoption->topology->balance.secret.value;

    for (const struct osg_adopt_member *at = adoption->members; at != NULL; at = at->next) {
        if (is_ajp(at) && at->instance->secret.value.text == NULL)
            return;
    }
    for (struct osg_adopt_member *at = adoption->members; at != NULL; at = at->next) {
        struct osg_word *own = &at->instance->secret.value;

        if (common->text == NULL)
            *common = *own;
        if (own->text != NULL && strcmp(own->text, common->text) == 0)
            own->text = NULL;
    }
}

void osg_adopt_members(struct osg_adoption *adoption)
{
    osg_adopt_times(adoption);
    osg_adopt_weights(adoption);
    name_members(adoption);
    set_contexts(adoption);
    share_secret(adoption);
}
