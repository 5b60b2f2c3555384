/* SPDX-License-Identifier: Apache-2.0 */
#include "address.h"
#include "form.h"
#include "grammar.h"
#include "topology.h"
#include "base/arena.h"
#include "problem/problem.h"

#include "core/message.h"
#include "core/parse.h"

static void add_admission(struct osg_reader *reader, const struct osg_key *key,
                          const struct osg_node *scalar, void *list)
{
    struct osg_admissions *allow = list;
    struct osg_admission *admission = &allow->items[allow->count];
    struct osb_message why;

    if (!osg_is_word(reader, key, scalar))
        return;
    admission->place = scalar->place;
    if (osg_admission_parse(reader->arena, scalar->text, admission, &why))
        allow->count++;
    else
        osg_error(reader->problems, OSG_BAD_ADDRESS, scalar->place, "%s", why.text);
}

void osg_read_admissions(struct osg_reader *reader, const struct osg_key *key,
                         const struct osg_node *value, void *field)
{
    struct osg_admissions *allow = field;

    if (value->type == OSG_NODE_NULL)
        return;
    allow->items = osg_arena_alloc(reader->arena, (value->count + 1) * sizeof *allow->items);
    osg_each_scalar(reader, key, value, add_admission, allow);
}

void osg_read_satisfy(struct osg_reader *reader, const struct osg_key *key,
                      const struct osg_node *value, void *field)
{
    static const char *const names[] = {"all", "any"};
    struct osg_satisfy *satisfy = field;
    struct osb_message why;
    size_t index;

    (void)key;
    satisfy->place = value->place;
    if (osb_parse_choice(value->text, names, sizeof names / sizeof *names, &index, &why))
        satisfy->any = index == 1;
    else
        osg_error(reader->problems, OSG_NOT_A_CHOICE, value->place, "%s", why.text);
}

#define FIELD(name) offsetof(struct osg_access, name)

static const struct osg_key keys[] = {
    {.name = "allow",
     .takes = OSG_TAKES_SCALAR | OSG_TAKES_LIST,
     .offset = FIELD(allow),
     .read = osg_read_admissions,
     .form = &osg_form_admission,
     .help = "addresses, networks and host names from which users may come; default: all"},
    {.name = "users",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(users),
     .read = osg_read_word,
     .check = osg_users_check,
     .help = "htpasswd file or LDAP URL: httpd asks for a password before OpenSpecimen does"},
    {.name = "satisfy",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(satisfy),
     .read = osg_read_satisfy,
     .form = &osg_form_satisfy,
     .help = "all, the default: both must be content; any: one of them"},
};

const struct osg_grammar osg_access_grammar = {
    .name = "access", .keys = keys, .count = sizeof keys / sizeof *keys};
