/* SPDX-License-Identifier: Apache-2.0 */
#include "address.h"
#include "form.h"
#include "grammar.h"
#include "topology.h"

static void read_extended(struct osg_reader *reader, const struct osg_key *key,
                          const struct osg_node *value, void *field)
{
    bool on = false;

    osg_read_switch(reader, key, value, &on);
    *(struct osg_word *)field = (struct osg_word){.text = on ? "On" : "Off", .place = value->place};
}

#define FIELD(name) offsetof(struct osg_admin, name)

static const struct osg_key keys[] = {
    {.name = "allow",
     .takes = OSG_TAKES_NULL | OSG_TAKES_SCALAR | OSG_TAKES_LIST,
     .offset = FIELD(allow),
     .read = osg_read_admissions,
     .form = &osg_form_admission,
     .help = "addresses, networks and host names of administrators; default: this machine only"},
    {.name = "users",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(users),
     .read = osg_read_word,
     .check = osg_users_check,
     .help = "htpasswd file or LDAP URL: administrators sign in"},
    {.name = "satisfy",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(satisfy),
     .read = osg_read_satisfy,
     .form = &osg_form_satisfy,
     .help = "all, the default: both allow and users must be content; any: one of them"},
    {.name = "manager",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(manager),
     .read = osg_read_page,
     .check = osg_path_check,
     .code = OSG_BAD_PATH,
     .help = "the path of httpd's balancer manager, or off; default /balancer-manager"},
    {.name = "status",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(status),
     .read = osg_read_page,
     .check = osg_path_check,
     .code = OSG_BAD_PATH,
     .help = "the path of mod_os_balancer's page, or off; default /balancer-status"},
    {.name = "server_status",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(server_status),
     .read = osg_read_page,
     .check = osg_path_check,
     .code = OSG_BAD_PATH,
     .help = "the path of httpd's own status, or off; default /server-status"},
    {.name = "extended_status",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(extended),
     .read = read_extended,
     .form = &osg_form_switch,
     .help = "on: httpd's status tells of each request, which costs a little; default: httpd's"},
};

const struct osg_grammar osg_admin_grammar = {
    .name = "admin", .keys = keys, .count = sizeof keys / sizeof *keys};
