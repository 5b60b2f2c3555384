/* SPDX-License-Identifier: Apache-2.0 */
#include "address.h"
#include "form.h"
#include "grammar.h"
#include "topology.h"
#include "base/arena.h"
#include "problem/problem.h"

#include "core/message.h"
#include "core/parse.h"

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
        osg_error(reader->problems, OSG_BAD_LISTEN, scalar->place, "%s", why.text);
}

static void read_listen(struct osg_reader *reader, const struct osg_key *key,
                        const struct osg_node *value, void *field)
{
    struct osg_listens *listens = field;

    listens->items = osg_arena_alloc(reader->arena, (value->count + 1) * sizeof *listens->items);
    listens->count = 0;
    osg_each_scalar(reader, key, value, add_listen, listens);
}

static void read_tls(struct osg_reader *reader, const struct osg_key *key,
                     const struct osg_node *value, void *field)
{
    struct osg_tls *tls = field;
    bool on = true;

    tls->place = value->place;
    if (value->type != OSG_NODE_SCALAR || !osg_is_switch(value->text, &on))
        osg_read_part(reader, key, value, field);
    tls->on = on;
}

static void read_saml(struct osg_reader *reader, const struct osg_key *key,
                      const struct osg_node *value, void *field)
{
    bool on = false;

    osg_read_switch(reader, key, value, &on);
    *(struct osg_word *)field = (struct osg_word){.text = on ? "on" : NULL, .place = value->place};
}

static void read_root(struct osg_reader *reader, const struct osg_key *key,
                      const struct osg_node *value, void *field)
{
    static const char *const names[] = {"redirect", "off"};
    struct osb_message why;
    size_t index;

    (void)key;
    if (osg_is_switch(value->text, field))
        return;
    if (osb_parse_choice(value->text, names, sizeof names / sizeof *names, &index, &why))
        *(bool *)field = index == 0;
    else
        osg_error(reader->problems, OSG_NOT_A_CHOICE, value->place, "%s", why.text);
}

#define FIELD(name) offsetof(struct osg_site, name)

static const struct osg_key keys[] = {
    {.name = "name",
     .takes = OSG_TAKES_SCALAR,
     .required = true,
     .offset = FIELD(name),
     .read = osg_read_word,
     .check = osg_host_check,
     .code = OSG_BAD_HOST,
     .help = "the host name by which users reach OpenSpecimen"},
    {.name = "aliases",
     .takes = OSG_TAKES_SCALAR | OSG_TAKES_LIST,
     .offset = FIELD(aliases),
     .read = osg_read_words,
     .check = osg_alias_check,
     .code = OSG_BAD_HOST,
     .help = "other host names of the site; * stands for any letters"},
    {.name = "listen",
     .takes = OSG_TAKES_SCALAR | OSG_TAKES_LIST,
     .offset = FIELD(listens),
     .read = read_listen,
     .form = &osg_form_listen,
     .help =
         "a port, or an address and a port, or a list of these; default *:80, or *:443 with tls"},
    {.name = "context",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(context),
     .read = osg_read_word,
     .check = osg_path_check,
     .code = OSG_BAD_PATH,
     .help = "the path under which users see OpenSpecimen; default /openspecimen"},
    {.name = "access",
     .takes = OSG_TAKES_SCALAR | OSG_TAKES_LIST | OSG_TAKES_MAPPING,
     .offset = FIELD(access),
     .read = osg_read_part,
     .inside = &osg_access_grammar,
     .help = "who may use the site: addresses and names, or a mapping; default: everybody"},
    {.name = "saml",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(saml),
     .read = read_saml,
     .form = &osg_form_switch,
     .help = "on: users sign in by SAML, whose answers come from another site; default off"},
    {.name = "root",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(redirects_root),
     .read = read_root,
     .form = &osg_form_root,
     .help = "redirect, the default: / leads to the context; or off"},
    {.name = "max_upload",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(max_upload),
     .read = osg_read_size,
     .min = OSG_UPLOAD_MIN,
     .max = OSG_UPLOAD_MAX,
     .help = "the greatest body of a request: whoever announces more gets 413; default: any"},
    {.name = "log",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(log),
     .read = osg_read_file,
     .help = "file for a line of each request, with the instance that served it; default: httpd's"},
    {.name = "error_log",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(error_log),
     .read = osg_read_file,
     .help = "file for the site's errors; default: httpd's"},
    {.name = "tls",
     .takes = OSG_TAKES_SCALAR | OSG_TAKES_MAPPING,
     .offset = FIELD(tls),
     .read = read_tls,
     .inside = &osg_tls_grammar,
     .help = "the certificate's file, a mapping, or off, the default"},
};

const struct osg_grammar osg_site_grammar = {
    .name = "site", .keys = keys, .count = sizeof keys / sizeof *keys};
