/* SPDX-License-Identifier: Apache-2.0 */
#include "view.h"
#include "base/arena.h"
#include "base/text.h"
#include "topology/topology.h"

#include "core/datetime.h"
#include "core/json.h"
#include "core/message.h"
#include "core/state.h"

#include <stdlib.h>
#include <string.h>

/* A member of the page, and the instance that it is. */
struct pair {
    const osb_json *member;
    const struct osg_instance *instance; /* NULL: none of the topology's */
};

/* An instance by its URL. */
struct entry {
    const char *url;
    const struct osg_instance *instance;
};

struct book {
    struct entry *entries; /* by URL */
    size_t count;
};

static int by_url(const void *one, const void *other)
{
    const struct entry *a = one, *b = other;

    return strcmp(a->url, b->url);
}

static struct book write_book(struct osg_arena *arena, const struct osg_topology *topology)
{
    struct book book = {.count = topology->instances.count};

    book.entries = osg_arena_alloc(arena, (book.count + 1) * sizeof *book.entries);
    for (size_t i = 0; i < book.count; i++)
        book.entries[i] =
            (struct entry){.url = osg_url_canonical(arena, &topology->instances.items[i].url),
                           .instance = &topology->instances.items[i]};
    qsort(book.entries, book.count, sizeof *book.entries, by_url);
    return book;
}

/* httpd leaves out a port that is the scheme's own. */
static const struct osg_instance *look_up(struct osg_arena *arena, const struct book *book,
                                          const osb_json *member)
{
    const char *text = osb_json_text(member, "url");
    struct osg_url url;
    struct entry key, *entry;

    if (text == NULL || !osg_url_parse(arena, text, &url, NULL))
        return NULL;
    key.url = osg_url_canonical(arena, &url);
    entry = bsearch(&key, book->entries, book->count, sizeof key, by_url);
    return entry != NULL ? entry->instance : NULL;
}

static bool is_true(const osb_json *object, const char *key)
{
    bool truth = false;

    return object != NULL && osb_json_bool(object, key, &truth) && truth;
}

static bool is_up(const osb_json *member)
{
    const char *state = osb_json_text(member, "state");

    return state != NULL && strcmp(state, osb_state_name(OSB_STATE_UP)) == 0;
}

/* Has a check since then said the same as the state? Times are texts of one form, to the second:
 * within the second of the reload it may have been a check of the old configuration. */
static bool is_settled(const osb_json *member, const char *since)
{
    const osb_json *check = osb_json_get(member, "last_check");
    const char *at = check != NULL ? osb_json_text(check, "at") : NULL;

    return at != NULL && strcmp(at, since) > 0 && is_true(check, "good") == is_up(member);
}

static void count(struct osg_view *view, const struct pair *pair, const char *since)
{
    if (pair->instance->disabled)
        return;
    view->wanted++;
    view->unsettled += !is_settled(pair->member, since);
}

struct osg_view osg_view_read(const struct osg_page *page, const struct osg_topology *topology,
                              uint64_t since, struct osb_message *why)
{
    struct osg_arena *arena = osg_arena_new();
    struct book book = write_book(arena, topology);
    struct osg_view view = {.complete = page->members != NULL};
    struct pair pair = {.member = NULL};
    size_t known = 0;
    char time[32];

    osb_format_time(since, time, sizeof time);
    if (page->members == NULL)
        osb_refuse(why, "the status page doesn't show balancer://%s of %s",
                   topology->balance.name.text, topology->site.name.text);
    for (size_t i = 0; (pair.member = osb_json_at(page->members, i)) != NULL; i++) {
        pair.instance = look_up(arena, &book, pair.member);
        view.serving += is_true(pair.member, "serves");
        if (pair.instance != NULL) {
            known++;
            count(&view, &pair, time);
        } else {
            const char *url = osb_json_text(pair.member, "url");

            view.complete = osb_refuse(why, "the status page still shows %.200s",
                                       url != NULL ? url : "a member without a URL");
        }
    }
    if (view.complete && known != book.count)
        view.complete =
            osb_refuse(why, "the status page shows %zu of the %zu members", known, book.count);
    osg_arena_free(arena);
    return view;
}

static void put_member(struct osg_text *text, const struct pair *pair)
{
    const char *state = osb_json_text(pair->member, "state");
    const char *reason = osb_json_text(pair->member, "reason");

    if (pair->instance->name.text != NULL)
        osg_text_put(text, pair->instance->name.text);
    else
        osg_url_put(text, &pair->instance->url);
    osg_text_printf(text, " is %s", state != NULL ? state : "unknown");
    if (pair->instance->disabled)
        osg_text_put(text, ", and disabled");
    else if (!is_up(pair->member) && reason != NULL && reason[0] != '\0')
        osg_text_printf(text, ": %s", reason);
    osg_text_put(text, "\n");
}

void osg_view_put(struct osg_text *text, const struct osg_page *page,
                  const struct osg_topology *topology)
{
    struct osg_arena *arena = osg_arena_new();
    struct book book = write_book(arena, topology);
    struct pair pair = {.member = NULL};

    for (size_t i = 0; (pair.member = osb_json_at(page->members, i)) != NULL; i++) {
        pair.instance = look_up(arena, &book, pair.member);
        if (pair.instance != NULL)
            put_member(text, &pair);
    }
    osg_arena_free(arena);
}
