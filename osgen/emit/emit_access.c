/* SPDX-License-Identifier: Apache-2.0 */
/* Who may come in. */
#include "emit.h"
#include "base/text.h"
#include "topology/address.h"
#include "topology/quote.h"
#include "topology/topology.h"

static void emit_admissions(struct osg_text *text, const char *indent,
                            const struct osg_admissions *allow)
{
    static const char *const rules[] = {
        [OSG_ADMIT_HOST] = "host", [OSG_ADMIT_NETWORK] = "ip", [OSG_ADMIT_ALL] = NULL};

    for (size_t i = 0; i < allow->count; i++) {
        const char *rule = rules[allow->items[i].type];

        if (rule == NULL)
            osg_text_printf(text, "%sRequire all granted\n", indent);
        else
            osg_text_printf(text, "%sRequire %s %s\n", indent, rule, allow->items[i].text);
    }
}

static void emit_users(struct osg_text *text, const char *realm, const char *users)
{
    bool ldap = osg_users_are_ldap(users);

    osg_text_printf(text,
                    "        AuthType Basic\n"
                    "        AuthName \"%s\"\n"
                    "        AuthBasicProvider %s\n"
                    "        %s ",
                    realm, ldap ? "ldap" : "file", ldap ? "AuthLDAPURL" : "AuthUserFile");
    osg_quote(text, NULL, users);
    osg_text_put(text, "\n");
}

void osg_emit_access(struct osg_text *text, const struct osg_access *access, const char *realm)
{
    bool both = access->users.text != NULL && access->allow.count > 0 && !access->satisfy.any;

    if (access->users.text != NULL)
        emit_users(text, realm, access->users.text);
    if (both)
        osg_text_put(text, "        <RequireAll>\n"
                           "            Require valid-user\n"
                           "            <RequireAny>\n");
    emit_admissions(text, both ? "                " : "        ", &access->allow);
    if (both)
        osg_text_put(text, "            </RequireAny>\n"
                           "        </RequireAll>\n");
    else if (access->users.text != NULL)
        osg_text_put(text, "        Require valid-user\n");
}
