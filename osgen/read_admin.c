/* SPDX-License-Identifier: Apache-2.0 */
#include "address.h"
#include "arena.h"
#include "form.h"
#include "grammar.h"
#include "problem.h"
#include "topology.h"

#include "core/message.h"

static void add_admission(struct osg_reader *reader, const struct osg_key *key,
                          const struct osg_node *scalar, void *list)
{
    struct osg_admissions *allow = list;
    struct osg_admission *admission = &allow->items[allow->count];
    struct osb_message why;

    (void)key;
    admission->place = scalar->place;
    if (osg_admission_parse(reader->arena, scalar->text, admission, &why))
        allow->count++;
    else
        osg_error(reader->problems, scalar->place, "%s", why.text);
}

static void read_allow(struct osg_reader *reader, const struct osg_key *key,
                       const struct osg_node *value, void *field)
{
    struct osg_admissions *allow = field;

    if (value->type == OSG_NODE_NULL)
        return;
    allow->items = osg_arena_alloc(reader->arena, (value->count + 1) * sizeof *allow->items);
    osg_each_scalar(reader, key, value, add_admission, allow);
}

#define FIELD(name) offsetof(struct osg_admin, name)

static const struct osg_key keys[] = {
    {.name = "allow",
     .takes = OSG_TAKES_NULL | OSG_TAKES_SCALAR | OSG_TAKES_LIST,
     .offset = FIELD(allow),
     .read = read_allow,
     .form = &osg_form_admission,
     .help = "addresses, networks and host names of administrators; default: this machine only"},
    {.name = "manager",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(manager),
     .read = osg_read_page,
     .check = osg_path_check,
     .help = "the path of httpd's balancer manager, or off; default /balancer-manager"},
    {.name = "status",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(status),
     .read = osg_read_page,
     .check = osg_path_check,
     .help = "the path of mod_os_balancer's page, or off; default /balancer-status"},
    {.name = "server_status",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(server_status),
     .read = osg_read_page,
     .check = osg_path_check,
     .help = "the path of httpd's own status, or off; default /server-status"},
};

const struct osg_grammar osg_admin_grammar = {
    .name = "admin", .keys = keys, .count = sizeof keys / sizeof *keys};
