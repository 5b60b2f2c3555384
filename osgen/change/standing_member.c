/* SPDX-License-Identifier: Apache-2.0 */
#include "standing.h"
#include "words.h"
#include "base/arena.h"
#include "topology/url.h"

#include <string.h>
#include <strings.h>

/* Settings of one member that are looked at; nobody writes more. */
#define SETTINGS 32

const char *osg_member_url(struct osg_arena *arena, const char *text)
{
    struct osg_url url;

    return osg_url_parse(arena, text, &url, NULL) ? osg_url_canonical(arena, &url) : text;
}

static void add_setting(struct osg_arena *arena, struct osg_member *member, const char *word)
{
    const char *equals = strchr(word, '=');

    if (equals == NULL || member->count == SETTINGS)
        return;
    member->settings[member->count++] = (struct osg_setting){
        .key = osg_arena_copy(arena, word, (size_t)(equals - word)), .value = equals + 1};
}

/* Outside of a <Proxy>, the balancer stands before the member. */
bool osg_member_read(struct osg_arena *arena, const char *text, struct osg_member *member)
{
    const char *url = osg_next_word(arena, &text), *word;

    if (url != NULL && strncmp(url, OSG_BALANCER, sizeof OSG_BALANCER - 1) == 0)
        url = osg_next_word(arena, &text);
    if (url == NULL || url[0] == '\0')
        return false;
    *member = (struct osg_member){
        .url = osg_member_url(arena, url),
        .name = url,
        .settings = osg_arena_alloc(arena, SETTINGS * sizeof *member->settings),
    };
    while ((word = osg_next_word(arena, &text)) != NULL)
        add_setting(arena, member, word);
    return true;
}

const char *osg_member_setting(const struct osg_member *member, const char *key)
{
    for (size_t i = 0; i < member->count; i++) {
        if (strcasecmp(member->settings[i].key, key) == 0)
            return member->settings[i].value;
    }
    return NULL;
}
