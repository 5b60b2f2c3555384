/* SPDX-License-Identifier: Apache-2.0 */
/* Several sites on one host: what each may say alone, and not both. */
#include "lint.h"
#include "base/arena.h"
#include "base/text.h"
#include "problem/problem.h"
#include "topology/job.h"
#include "topology/pair.h"
#include "topology/session.h"
#include "topology/silence.h"

#include <fnmatch.h>
#include <string.h>
#include <strings.h>

#define REDIRECT_PORT 80

/* The one that is told of and the one that was there before. */
struct two {
    struct osg_session *later;
    const struct osg_session *earlier;
};

/* "production.yaml:3", or the file alone if it is a default. */
static const char *where(const struct two *two, struct osg_place place)
{
    const char *name = osg_source_find(&two->earlier->source, place.file)->name;

    return place.line > 0 ? osg_arena_printf(two->later->arena, "%s:%u", name, place.line) : name;
}

/* ---- names ----------------------------------------------------------------------------------- */

static bool answers_at(const struct osg_site *site, const char *address, uint32_t port)
{
    for (size_t i = 0; i < site->listens.count; i++) {
        const struct osg_listen *listen = &site->listens.items[i];
        bool redirects = site->tls.on && site->tls.redirect && port == REDIRECT_PORT;

        if (strcasecmp(listen->address, address) == 0 && (listen->port == port || redirects))
            return true;
    }
    return false;
}

static void add_address(struct osg_text *list, const struct osg_site *other, const char *address,
                        uint32_t port)
{
    if (answers_at(other, address, port))
        osg_text_printf(list, "%s%s:%u", list->length > 0 ? " and " : "", address, port);
}

/* Is it the first of LISTENS at its address? */
static bool is_first(const struct osg_listens *listens, size_t number)
{
    for (size_t i = 0; i < number; i++) {
        if (strcasecmp(listens->items[i].address, listens->items[number].address) == 0)
            return false;
    }
    return true;
}

/* "*:80 and *:443": where both answer; "": nowhere. */
static const char *common_addresses(struct osg_arena *arena, const struct osg_site *site,
                                    const struct osg_site *other)
{
    struct osg_text list = {0};
    const char *addresses;

    for (size_t i = 0; i < site->listens.count; i++) {
        const struct osg_listen *listen = &site->listens.items[i];

        add_address(&list, other, listen->address, listen->port);
        if (site->tls.on && site->tls.redirect && is_first(&site->listens, i))
            add_address(&list, other, listen->address, REDIRECT_PORT);
    }
    addresses = osg_arena_printf(arena, "%s", list.length > 0 ? list.bytes : "");
    osg_text_free(&list);
    return addresses;
}

/* The site's name for NUMBER 0, then its aliases; NULL: there are no more. */
static const struct osg_word *name_of(const struct osg_site *site, size_t number)
{
    if (number == 0)
        return &site->name;
    return number <= site->aliases.count ? &site->aliases.items[number - 1] : NULL;
}

static bool covers(const char *pattern, const char *name)
{
    return fnmatch(pattern, name, FNM_CASEFOLD) == 0;
}

static bool tell_name(const struct two *two, const struct osg_word *one,
                      const struct osg_word *other, const char *addresses)
{
    struct osg_problems *problems = &two->later->problems;

    if (strcasecmp(one->text, other->text) == 0)
        return osg_error(problems, OSG_SAME_SITE, one->place,
                         "%s has %s at %s already: httpd takes the site that it reads first, and "
                         "never the other one",
                         where(two, other->place), one->text, addresses);
    if (covers(other->text, one->text) || covers(one->text, other->text))
        osg_warning(problems, OSG_WIDER_NAME, one->place,
                    "%s and %s of %s are both answered at %s: httpd takes the site that it reads "
                    "first",
                    one->text, other->text, where(two, other->place), addresses);
    return true;
}

/* False: a name of both answers at the same place. */
static bool compare_names(const struct two *two)
{
    const struct osg_site *site = &two->later->topology.site;
    const struct osg_site *other = &two->earlier->topology.site;
    const char *addresses = common_addresses(two->later->arena, site, other);
    const struct osg_word *one, *another;
    bool apart = true;

    if (addresses[0] == '\0')
        return true;
    for (size_t i = 0; (one = name_of(site, i)) != NULL; i++) {
        for (size_t j = 0; (another = name_of(other, j)) != NULL; j++)
            apart = tell_name(two, one, another, addresses) && apart;
    }
    return apart;
}

/* ---- files, jobs and switches ---------------------------------------------------------------- */

static void compare_log(const struct two *two, const struct osg_word *one,
                        const struct osg_word *other)
{
    if (one->text != NULL && other->text != NULL && strcmp(one->text, other->text) == 0)
        osg_warning(&two->later->problems, OSG_SHARED_LOG, one->place, "%s writes this log too",
                    where(two, other->place));
}

static void compare_logs(const struct two *two)
{
    const struct osg_site *site = &two->later->topology.site;
    const struct osg_site *other = &two->earlier->topology.site;

    compare_log(two, &site->log, &other->log);
    compare_log(two, &site->log, &other->error_log);
    compare_log(two, &site->error_log, &other->log);
    compare_log(two, &site->error_log, &other->error_log);
}

static void compare_jobs(const struct two *two)
{
    const struct osg_topology *one = &two->later->topology, *other = &two->earlier->topology;
    struct osg_text mine = {0}, theirs = {0};

    osg_put_job(&mine, one);
    osg_put_job(&theirs, other);
    if (one->admin.status.text != NULL && other->admin.status.text != NULL &&
        strcmp(mine.bytes, theirs.bytes) == 0)
        osg_error(&two->later->problems, OSG_SAME_JOB, one->site.name.place,
                  "Prometheus would have a second job \"%s\", as %s has one", mine.bytes,
                  where(two, other->site.name.place));
    osg_text_free(&mine);
    osg_text_free(&theirs);
}

static void compare_setting(const struct two *two, const char *key, const struct osg_word *one,
                            const struct osg_word *other)
{
    if (one->text != NULL && other->text != NULL && strcmp(one->text, other->text) != 0)
        osg_error(&two->later->problems, OSG_SERVER_SETTINGS, one->place,
                  "the whole httpd has one %s, and %s says \"%s\"", key, where(two, other->place),
                  other->text);
}

static void compare_server(const struct two *two)
{
    const struct osg_topology *one = &two->later->topology, *other = &two->earlier->topology;

    compare_setting(two, "extended_status", &one->admin.extended, &other->admin.extended);
    compare_setting(two, "state_file", &one->server.state_file, &other->server.state_file);
    compare_setting(two, "notify", &one->server.notify, &other->server.notify);
}

/* ---- pairs ----------------------------------------------------------------------------------- */

/* Without the length of its network. */
static bool is_same_address(const char *one, const char *other)
{
    size_t length = strcspn(one, "/");

    return strcspn(other, "/") == length && strncasecmp(one, other, length) == 0;
}

static void compare_addresses(const struct two *two)
{
    const struct osg_words *mine = &two->later->topology.pair.addresses;
    const struct osg_words *theirs = &two->earlier->topology.pair.addresses;

    for (size_t i = 0; i < mine->count; i++) {
        for (size_t j = 0; j < theirs->count; j++) {
            if (is_same_address(mine->items[i].text, theirs->items[j].text))
                osg_error(&two->later->problems, OSG_SAME_ADDRESS, mine->items[i].place,
                          "the pair of %s has this address too, and both would decide about it",
                          where(two, theirs->items[j].place));
        }
    }
}

static void compare_pairs(const struct two *two)
{
    const struct osg_pair *one = &two->later->topology.pair, *other = &two->earlier->topology.pair;
    struct osg_problems *problems = &two->later->problems;

    if (!osg_has_pair(&two->later->topology) || !osg_has_pair(&two->earlier->topology))
        return;
    if (one->check_port == other->check_port)
        osg_error(problems, OSG_SAME_CHECK_PORT, one->place,
                  "keepalived's check asks at port %u, as that of %s does", one->check_port,
                  where(two, other->place));
    if (one->router == other->router)
        osg_error(problems, OSG_SAME_ROUTER, one->place,
                  "virtual_router_id is %u, as that of %s is", one->router,
                  where(two, other->place));
    compare_addresses(two);
}

void osg_lint_together(struct osg_session *later, const struct osg_session *earlier)
{
    const struct two two = {.later = later, .earlier = earlier};

    /* Another name is another job too. */
    if (compare_names(&two))
        compare_jobs(&two);
    compare_logs(&two);
    compare_server(&two);
    compare_pairs(&two);
    osg_silence(&later->problems, &later->topology.silence);
}
