/* SPDX-License-Identifier: Apache-2.0 */
/* The pages for administrators, and who these are. A topology says that once, for all pages. */
#include "adopt_parts.h"
#include "base/arena.h"
#include "topology/address.h"
#include "topology/admits.h"

#include "core/vocabulary.h"

#include <string.h>

#define PAGES 3

/* The first one decides who administrators are: it is the one with switches. */
static const char *const handlers[PAGES] = {"balancer-manager", OSB_HANDLER_STATUS,
                                            "server-status"};

struct page {
    struct osg_conf *conf;      /* its <Location>; NULL: there is none */
    enum osg_adopt_rules rules; /* of what kind they are */
    struct osg_access access;   /* who may see it */
};

static struct osg_word *path_of(struct osg_admin *admin, size_t index)
{
    struct osg_word *paths[PAGES] = {&admin->manager, &admin->status, &admin->server_status};

    return paths[index];
}

static struct osg_conf *handler_in(struct osg_conf *section)
{
    struct osg_conf *at = osg_adopt_next(section, NULL);

    while (at != NULL && (at->is_section || !osg_conf_is(at, "SetHandler") || at->count != 1))
        at = osg_adopt_next(section, at);
    return at;
}

static bool read_page(struct osg_adoption *adoption, struct osg_conf *section, struct page *pages)
{
    struct osg_conf *handler = handler_in(section);
    const char *path = section->count == 1 ? section->words[0] : "";
    size_t length = strlen(path);

    if (length > 1 && path[length - 1] == '/')
        path = osg_arena_copy(adoption->arena, path, length - 1);
    if (handler == NULL || !osg_path_check(path, NULL))
        return false;
    for (size_t i = 0; i < PAGES; i++) {
        if (!osg_adopt_has(handler, 0, handlers[i]) || pages[i].conf != NULL)
            continue;
        pages[i].conf = section;
        *path_of(&adoption->topology->admin, i) =
            (struct osg_word){.text = path, .place = section->place};
        handler->taken = true;
        adoption->module = adoption->module || i == 1;
        return true;
    }
    return false;
}

static void find_pages(struct osg_adoption *adoption, struct osg_conf *section, struct page *pages)
{
    for (struct osg_conf *at = osg_adopt_next(section, NULL); at != NULL;
         at = osg_adopt_next(section, at)) {
        if (at->is_section && osg_conf_is(at, "Location"))
            read_page(adoption, at, pages);
    }
}

static bool are_equal(const struct osg_access *one, const struct osg_access *other)
{
    const char *users = one->users.text, *others = other->users.text;

    if (one->allow.count != other->allow.count || one->satisfy.any != other->satisfy.any ||
        (users == NULL) != (others == NULL) || (users != NULL && strcmp(users, others) != 0))
        return false;
    for (size_t i = 0; i < one->allow.count; i++) {
        if (strcmp(one->allow.items[i].text, other->allow.items[i].text) != 0)
            return false;
    }
    return true;
}

/* What can't be said lets nobody in but this machine. */
static void read_rules(struct osg_adoption *adoption, struct page *page)
{
    page->rules = osg_adopt_access(adoption, page->conf, "OpenSpecimen's balancer", &page->access);
    if (page->rules == OSG_RULES_LOCAL)
        page->access.allow.count = 0;
    if (page->rules == OSG_RULES_GOOD || page->rules == OSG_RULES_LOCAL)
        return;
    page->access = (struct osg_access){.satisfy.any = false};
    for (struct osg_conf *at = osg_adopt_next(page->conf, NULL); at != NULL;
         at = osg_adopt_next(page->conf, at))
        at->taken = osg_adopt_is_rule(at);
}

/* FIRST is the page whose rules hold for all. */
static void tell_rules(struct osg_adoption *adoption, const struct page *page,
                       const struct page *first)
{
    bool known = page->rules == OSG_RULES_GOOD || page->rules == OSG_RULES_LOCAL;
    const char *was = page->rules == OSG_RULES_NONE ? "everybody could see this page"
                                                    : "not carried over: who may see this page";

    if (known && are_equal(&first->access, &page->access))
        return;
    if (page != first)
        osg_adopt_lose(adoption, page->conf, "%s; now those may who may see that of line %u", was,
                       first->conf->place.line);
    else
        osg_adopt_lose(adoption, page->conf,
                       "%s; now this machine alone does: admin says who else may", was);
}

static void take_access(struct osg_adoption *adoption, struct page *pages)
{
    struct osg_admin *admin = &adoption->topology->admin;
    const struct page *first = NULL;

    for (size_t i = 0; i < PAGES; i++) {
        if (pages[i].conf == NULL)
            continue;
        read_rules(adoption, &pages[i]);
        first = first != NULL ? first : &pages[i];
        tell_rules(adoption, &pages[i], first);
    }
    if (first == NULL)
        return;
    admin->allow = first->access.allow;
    admin->users = first->access.users;
    admin->satisfy.any = first->access.satisfy.any;
}

/* What somebody left out who knew of it is off. */
static void switch_off(struct osg_adoption *adoption, const struct page *pages)
{
    for (size_t i = 0; i < PAGES; i++) {
        if (pages[i].conf == NULL && (adoption->own || (i == 1 && adoption->module)))
            *path_of(&adoption->topology->admin, i) =
                (struct osg_word){.text = NULL, .place = adoption->site->place};
    }
}

/* osgen try and apply look at the status page from here; osgen's own rendering is left as it is. */
static void let_in(struct osg_adoption *adoption, const struct page *pages)
{
    const struct osg_listens *listens = &adoption->topology->site.listens;
    struct osg_admin *admin = &adoption->topology->admin;
    struct osg_admissions *allow = &admin->allow;
    const char *own = listens->count > 0 ? osg_own_address(&listens->items[0]) : "127.0.0.1";
    struct osg_admission *items;

    if (adoption->own || admin->status.text == NULL || osg_may_admit(allow, own) ||
        (admin->users.text != NULL && !admin->satisfy.any))
        return;
    if (own[0] == '[')
        own = osg_arena_copy(adoption->arena, own + 1, strlen(own) - 2);
    items = osg_arena_alloc(adoption->arena, (allow->count + 1) * sizeof *items);
    items[0] = (struct osg_admission){.type = OSG_ADMIT_NETWORK, .text = own};
    memcpy(items + 1, allow->items, allow->count * sizeof *items);
    *allow = (struct osg_admissions){.items = items, .count = allow->count + 1};
    for (size_t i = 0; i < PAGES; i++) {
        if (pages[i].conf == NULL)
            continue;
        osg_adopt_lose(adoption, pages[i].conf,
                       "%s may see this page now: osgen try and apply look at the status page",
                       own);
        return;
    }
}

void osg_adopt_pages(struct osg_adoption *adoption)
{
    struct page pages[PAGES] = {{.conf = NULL}};

    find_pages(adoption, adoption->site, pages);
    if (adoption->site != adoption->file)
        find_pages(adoption, adoption->file, pages);
    switch_off(adoption, pages);
    take_access(adoption, pages);
    let_in(adoption, pages);
}
