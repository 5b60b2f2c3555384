/* SPDX-License-Identifier: Apache-2.0 */
/* Who stays with an instance, and what the cookie calls it. */
#include "address.h"
#include "grammar.h"
#include "load.h"
#include "topology.h"
#include "base/arena.h"
#include "problem/problem.h"

#include "core/message.h"
#include "core/parse.h"

#include <string.h>

/* Names that are taken, by Tomcat and by OpenSpecimen. */
static bool is_taken(const char *name)
{
    return strcmp(name, "JSESSIONID") == 0 || strcmp(name, "osAuthToken") == 0;
}

static bool check_cookie(const char *name, struct osb_message *why)
{
    if (!osg_label_check(name, NULL) || is_taken(name))
        return osb_refuse(why,
                          "\"%.80s\" is neither on nor off nor the name of a new cookie: letters, "
                          "digits, - _ and dots",
                          name);
    return true;
}

void osg_read_sticky(struct osg_reader *reader, const struct osg_key *key,
                     const struct osg_node *value, void *field)
{
    struct osg_word *sticky = field;
    struct osb_message why;
    bool on = false;

    (void)key;
    if (osg_is_switch(value->text, &on))
        *sticky = (struct osg_word){.text = on ? OSG_STICKY : NULL, .place = value->place};
    else if (check_cookie(value->text, &why))
        *sticky = (struct osg_word){.text = value->text, .place = value->place};
    else
        osg_error(reader->problems, OSG_BAD_COOKIE, value->place, "%s", why.text);
}

/* "n3" for the third: a name may be just that, and then it must be the third one's own. */
static void check_route(struct osg_reader *reader, const struct osg_instances *instances,
                        const struct osg_word *name)
{
    uint32_t number;

    if (name->text == NULL || name->text[0] != 'n' || name->text[1] == '0' ||
        !osb_parse_number(name->text + 1, 1, UINT32_MAX, &number, NULL) ||
        number > instances->count || instances->items[number - 1].name.text != NULL)
        return;
    osg_error(
        reader->problems, OSG_DUPLICATE_ROUTE, name->place,
        "the sticky cookie calls the instance of %s %s, since it has no name: give both "
        "one that is theirs alone",
        osg_line_of(reader->arena, reader->source, instances->items[number - 1].place, name->place),
        name->text);
}

/* By its name, which stays when the list is put in another order. */
static void name_routes(struct osg_reader *reader, const struct osg_instances *instances)
{
    for (size_t i = 0; i < instances->count; i++) {
        struct osg_instance *instance = &instances->items[i];

        instance->route = instance->name.text != NULL
                              ? instance->name.text
                              : osg_arena_printf(reader->arena, "n%zu", i + 1);
        check_route(reader, instances, &instance->name);
    }
}

void osg_complete_sticky(struct osg_reader *reader, struct osg_topology *topology)
{
    struct osg_word *sticky = &topology->balance.sticky;

    if (topology->site.saml.text != NULL && sticky->place.line == 0)
        sticky->text = OSG_STICKY;
    if (sticky->text != NULL)
        name_routes(reader, &topology->instances);
}

void osg_validate_sticky(struct osg_reader *reader, const struct osg_topology *topology)
{
    const struct osg_word *saml = &topology->site.saml, *sticky = &topology->balance.sticky;
    const struct osg_word *nofailover = &topology->balance.nofailover;

    if (nofailover->text != NULL && sticky->text == NULL)
        osg_error(reader->problems, OSG_NEEDS_STICKY, nofailover->place,
                  "nofailover is about users who stay with an instance, and sticky is off");
    if (saml->text == NULL)
        return;
    if (sticky->text == NULL)
        osg_warning(reader->problems, OSG_SAML_STICKY, sticky->place,
                    "a sign-in by SAML must end at the instance where it began, and sticky is off");
    else if (!topology->site.tls.on)
        osg_warning(
            reader->problems, OSG_SAML_WITHOUT_TLS, saml->place,
            "after SAML browsers send the sticky cookie by https only, and this site has no "
            "tls; that is well where something in front of it has");
}
