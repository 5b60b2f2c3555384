/* SPDX-License-Identifier: Apache-2.0 */
/* Times, of which a topology says each once for all instances: the longest holds. */
#include "adopt_parts.h"
#include "emit/emit.h"

#include "core/parse.h"

#include <string.h>

/* A time that members have. */
struct term {
    const char *name;       /* of the parameter */
    size_t offset;          /* of it in a member */
    uint32_t least, most;   /* that a topology takes */
    uint32_t unit;          /* of which it takes whole ones */
    uint32_t otherwise;     /* of members that say none */
    struct osg_conf *where; /* who says that; NULL: nobody, it is osgen's default */
    uint32_t *field;        /* where it goes */
};

static uint32_t own_time(const struct term *term, const struct osg_adopt_member *member)
{
    return *(const uint32_t *)((const char *)member + term->offset);
}

/* The longest of all; 0: nobody says any. */
static uint32_t longest_of(const struct osg_adoption *adoption, const struct term *term)
{
    uint32_t longest = 0;
    bool said = term->where != NULL;

    for (const struct osg_adopt_member *at = adoption->members; at != NULL; at = at->next) {
        uint32_t own = own_time(term, at), ms = own != 0 ? own : term->otherwise;

        said = said || own != 0;
        longest = ms > longest ? ms : longest;
    }
    return said ? longest : 0;
}

static uint32_t fitting(const struct term *term, uint32_t ms)
{
    ms = ms < term->least ? term->least : ms > term->most ? term->most : ms;
    return (ms + term->unit - 1) / term->unit * term->unit;
}

static void tell_time(struct osg_adoption *adoption, const struct term *term,
                      const struct osg_conf *conf, uint32_t was)
{
    uint32_t is = *term->field;
    char shown[16];

    if (was == is)
        return;
    osb_format_duration(is, shown, sizeof shown);
    if ((was > is && is == term->most) || (was < term->least && is == term->least))
        osg_adopt_lose(adoption, conf,
                       "%s of every instance is %s now, the %s that a topology takes", term->name,
                       shown, was > is ? "most" : "least");
    else
        osg_adopt_lose(adoption, conf, "%s of every instance is %s now", term->name, shown);
}

/* Of those that say none one line tells. */
static void set_time(struct osg_adoption *adoption, const struct term *term)
{
    uint32_t longest = longest_of(adoption, term);
    bool told = false;

    if (longest == 0)
        return;
    *term->field = fitting(term, longest);
    for (const struct osg_adopt_member *at = adoption->members; at != NULL; at = at->next) {
        uint32_t own = own_time(term, at);

        if (own != 0) {
            tell_time(adoption, term, at->conf, own);
        } else if (!told) {
            tell_time(adoption, term, term->where != NULL ? term->where : at->conf,
                      term->otherwise);
            told = true;
        }
    }
}

/* ---- for members that say none --------------------------------------------------------------- */

/* As httpd has it, the last of several. */
static struct osg_conf *find_time(struct osg_conf *section, const char *name, uint32_t *ms)
{
    struct osg_conf *found = NULL;

    for (struct osg_conf *at = osg_adopt_next(section, NULL); at != NULL;
         at = osg_adopt_next(section, at)) {
        if (!at->is_section && osg_conf_is(at, name) && at->count == 1 &&
            osg_adopt_time(at->words[0], ms))
            found = at;
    }
    return found;
}

static bool all_say(const struct osg_adoption *adoption, const struct term *term)
{
    const struct osg_adopt_member *at = adoption->members;

    while (at != NULL && own_time(term, at) != 0)
        at = at->next;
    return at == NULL;
}

/* Is there a path of the site's that leads elsewhere, and will be under raw:? */
static bool leads_elsewhere(struct osg_adoption *adoption)
{
    const struct osg_mapping *own = &adoption->mapping;
    struct osg_mapping other;

    for (struct osg_conf *at = osg_adopt_next(adoption->site, NULL); at != NULL;
         at = osg_adopt_next(adoption->site, at)) {
        if (osg_adopt_mapping(adoption, at, &other) &&
            (other.balancer == NULL || own->balancer == NULL ||
             strcmp(other.balancer, own->balancer) != 0))
            return true;
    }
    return false;
}

/* What holds for all of the server's proxies: it stays if there are others. */
static bool find_proxy_timeout(struct osg_adoption *adoption, struct term *term)
{
    struct osg_conf *found = find_time(adoption->site, "ProxyTimeout", &term->otherwise);

    if (found == NULL)
        found = find_time(adoption->file, "ProxyTimeout", &term->otherwise);
    if (found != NULL)
        found->taken = !leads_elsewhere(adoption);
    term->where = found;
    return found != NULL;
}

/* mod_proxy waits for a member as long as for a client where nothing else is said. The whole
 * server's Timeout stays where it is, as the site's own does if it is for clients alone. */
static void find_otherwise(struct osg_adoption *adoption, struct term *term)
{
    bool idle = all_say(adoption, term);
    struct osg_conf *own;

    if (find_proxy_timeout(adoption, term) || idle) {
        term->where = idle ? NULL : term->where;
        return;
    }
    own = find_time(adoption->site, "Timeout", &term->otherwise);
    term->where = own != NULL ? own : find_time(adoption->file, "Timeout", &term->otherwise);
    if (own != NULL && adoption->site != adoption->file)
        own->taken = osg_adopt_lose(adoption, own,
                                    "this is the timeout of the instances now; for clients, to "
                                    "whom it applied too, the server's own Timeout holds");
}

/* ---- retry ----------------------------------------------------------------------------------- */

#define MOST_RETRY 3600

/* The first that isn't what osgen works out from the checks. Whole seconds, as mod_proxy reads it.
 */
static const struct osg_adopt_member *first_retry(const struct osg_adoption *adoption,
                                                  uint32_t *seconds)
{
    const struct osg_checks *checks = &adoption->topology->balance.health;
    struct osb_health health = checks->settings;
    bool judged = checks->on && osb_health_check(&health, NULL);

    for (const struct osg_adopt_member *at = adoption->members; at != NULL; at = at->next) {
        if (at->retry != NULL && osb_parse_number(at->retry, 0, MOST_RETRY, seconds, NULL) &&
            !(judged && *seconds == osg_retry_of(&health)))
            return at;
    }
    return NULL;
}

/* Who doesn't know of the checks has written it for httpd without them. */
static void set_retry(struct osg_adoption *adoption)
{
    struct osg_balance *balance = &adoption->topology->balance;
    bool keeps = adoption->module || adoption->own || !balance->health.on;
    uint32_t seconds = 0;
    const struct osg_adopt_member *first = first_retry(adoption, &seconds);

    if (first != NULL && keeps)
        balance->retry_ms = (struct osg_amount){seconds * 1000, first->conf->place};
    for (const struct osg_adopt_member *at = first != NULL ? adoption->members : NULL; at != NULL;
         at = at->next) {
        uint32_t own;

        if (at->retry == NULL ||
            (keeps && osb_parse_number(at->retry, seconds, seconds, &own, NULL)))
            continue;
        if (keeps)
            osg_adopt_lose(adoption, at->conf, "retry of every instance is %us now", seconds);
        else
            osg_adopt_lose(adoption, at->conf,
                           "not carried over: retry=%.100s; it follows from the checks", at->retry);
    }
}

void osg_adopt_times(struct osg_adoption *adoption)
{
    struct osg_balance *balance = &adoption->topology->balance;
    struct term timeout = {.name = "timeout",
                           .offset = offsetof(struct osg_adopt_member, timeout_ms),
                           .least = 1000,
                           .most = 3600000,
                           .unit = 1000,
                           .otherwise = balance->timeout_ms,
                           .field = &balance->timeout_ms};
    const struct term connect = {.name = "connectiontimeout",
                                 .offset = offsetof(struct osg_adopt_member, connect_timeout_ms),
                                 .least = 100,
                                 .most = 60000,
                                 .unit = 1,
                                 .otherwise = balance->connect_timeout_ms,
                                 .field = &balance->connect_timeout_ms};

    find_otherwise(adoption, &timeout);
    set_time(adoption, &timeout);
    set_time(adoption, &connect);
    set_retry(adoption);
}
