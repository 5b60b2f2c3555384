/* SPDX-License-Identifier: Apache-2.0 */
#include "event.h"

#include <string.h>

#define PLUGINS_SIZE      sizeof((struct osb_identity *)0)->plugins
#define LONGEST_CHARACTER 4 /* bytes of UTF-8 */

static const struct row {
    const char *name;
    const char *began; /* an alarm's words; NULL for the other kinds */
    const char *over;
} rows[OSB_EVENT_KINDS] = {
    [OSB_EVENT_STATE] = {.name = "state"},
    [OSB_EVENT_BUILD] = {.name = "build"},
    [OSB_EVENT_DATABASE] = {"database",
                            "no member has its database: it is down or does not answer; the "
                            "members stay in, so that users see OpenSpecimen's own message",
                            "the database is back, or no longer the only cause"},
    [OSB_EVENT_SKEW] = {"skew", "members run different builds on one database",
                        "builds no longer differ, or are no longer compared"},
};

const char *osb_event_name(enum osb_event_kind kind)
{
    return rows[kind].name;
}

bool osb_event_is_alarm(enum osb_event_kind kind)
{
    return rows[kind].began != NULL;
}

static struct osb_event new_event(const struct osb_event_place *place, enum osb_event_kind kind,
                                  uint64_t now)
{
    struct osb_event event = {.at = now, .kind = kind};

    osb_text_copy(event.server, sizeof event.server, place->server);
    osb_text_copy(event.balancer, sizeof event.balancer, place->balancer);
    osb_text_copy(event.member, sizeof event.member, place->member);
    return event;
}

struct osb_event osb_event_of_state(const struct osb_event_place *place,
                                    const struct osb_transition *transition,
                                    const struct osb_finding *finding, uint64_t now)
{
    struct osb_event event = new_event(place, OSB_EVENT_STATE, now);

    event.from = transition->from;
    event.to = transition->to;
    event.lasted = transition->lasted;
    osb_finding_words(finding, event.words, sizeof event.words);
    return event;
}

/* Appends to the words, cut at the end. */
static void add(struct osb_event *event, const char *text)
{
    size_t used = strlen(event->words);

    osb_text_copy(event->words + used, sizeof event->words - used, text);
}

static void add_build(struct osb_event *event, const struct osb_identity *build)
{
    add(event, build->known ? build->version : "an unknown build");
    if (build->commit[0] != '\0') {
        add(event, " (");
        add(event, build->commit);
        add(event, ")");
    }
}

/* Of a list of plugins, "a 1, b 2", where the item after the one at ITEM begins. */
static const char *next_item(const char *item)
{
    item += strcspn(item, ",");
    return item + strspn(item, ", ");
}

static bool has_item(const char *list, const char *item, size_t length)
{
    for (; *list != '\0'; list = next_item(list)) {
        if (strcspn(list, ",") == length && memcmp(list, item, length) == 0)
            return true;
    }
    return false;
}

/* Adds each item of LIST that isn't in OTHER, and WORD. */
static void add_missing(struct osb_event *event, const char *list, const char *other,
                        const char *word)
{
    for (; *list != '\0'; list = next_item(list)) {
        char item[PLUGINS_SIZE];
        size_t length = strcspn(list, ",");

        if (has_item(other, list, length))
            continue;
        osb_text_copy(item, length + 1, list);
        add(event, ", ");
        add(event, item);
        add(event, word);
    }
}

/* A list that was cut may lack at its end what the other one has. */
static bool may_be_cut(const char *plugins)
{
    return strlen(plugins) + LONGEST_CHARACTER >= PLUGINS_SIZE;
}

static void add_plugins(struct osb_event *event, const struct osb_identity *before,
                        const struct osb_identity *after)
{
    add(event, " with other plugins");
    if (may_be_cut(before->plugins) || may_be_cut(after->plugins))
        return;
    add_missing(event, before->plugins, after->plugins, " gone");
    add_missing(event, after->plugins, before->plugins, " new");
}

struct osb_event osb_event_of_build(const struct osb_event_place *place,
                                    const struct osb_identity *before,
                                    const struct osb_identity *after, uint64_t now)
{
    struct osb_event event = new_event(place, OSB_EVENT_BUILD, now);

    if (strcmp(before->version, after->version) == 0 &&
        strcmp(before->commit, after->commit) == 0) {
        add_build(&event, after);
        add_plugins(&event, before, after);
    } else {
        add_build(&event, before);
        add(&event, " -> ");
        add_build(&event, after);
    }
    return event;
}

struct osb_event osb_event_of_alarm(const struct osb_event_place *place, enum osb_event_kind kind,
                                    bool over, uint64_t now)
{
    struct osb_event event = new_event(place, kind, now);

    event.over = over;
    osb_text_copy(event.words, sizeof event.words, over ? rows[kind].over : rows[kind].began);
    return event;
}
