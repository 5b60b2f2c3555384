/* SPDX-License-Identifier: Apache-2.0 */
#include "address.h"
#include "arena.h"
#include "form.h"
#include "grammar.h"
#include "problem.h"
#include "topology.h"

#include "core/message.h"

static void add_listen(struct osg_reader *reader, const struct osg_key *key,
                       const struct osg_node *scalar, void *list)
{
    struct osg_listens *listens = list;
    struct osg_listen *listen = &listens->items[listens->count];
    struct osb_message why;

    (void)key;
    listen->place = scalar->place;
    if (osg_listen_parse(reader->arena, scalar->text, listen, &why))
        listens->count++;
    else
        osg_error(reader->problems, scalar->place, "%s", why.text);
}

static void read_listen(struct osg_reader *reader, const struct osg_key *key,
                        const struct osg_node *value, void *field)
{
    struct osg_listens *listens = field;

    listens->items = osg_arena_alloc(reader->arena, (value->count + 1) * sizeof *listens->items);
    listens->count = 0;
    osg_each_scalar(reader, key, value, add_listen, listens);
}

#define FIELD(name) offsetof(struct osg_site, name)

static const struct osg_key keys[] = {
    {.name = "name",
     .takes = OSG_TAKES_SCALAR,
     .required = true,
     .offset = FIELD(name),
     .read = osg_read_word,
     .check = osg_host_check,
     .help = "the host name by which users reach OpenSpecimen"},
    {.name = "aliases",
     .takes = OSG_TAKES_SCALAR | OSG_TAKES_LIST,
     .offset = FIELD(aliases),
     .read = osg_read_words,
     .check = osg_alias_check,
     .help = "other host names of the site; * stands for any letters"},
    {.name = "listen",
     .takes = OSG_TAKES_SCALAR | OSG_TAKES_LIST,
     .offset = FIELD(listens),
     .read = read_listen,
     .form = &osg_form_listen,
     .help = "a port, or an address and a port, or a list of these; default *:80"},
    {.name = "context",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(context),
     .read = osg_read_word,
     .check = osg_path_check,
     .help = "the path under which users see OpenSpecimen; default /openspecimen"},
};

const struct osg_grammar osg_site_grammar = {
    .name = "site", .keys = keys, .count = sizeof keys / sizeof *keys};
