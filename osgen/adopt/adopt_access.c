/* SPDX-License-Identifier: Apache-2.0 */
/* Who may come in, by httpd's rules of today and by those before 2.4. A section's rules are carried
 * over as a whole or not at all: half of them would let somebody in. */
#include "adopt_rules.h"
#include "base/arena.h"
#include "topology/address.h"

#include <string.h>
#include <strings.h>

/* ---- users ----------------------------------------------------------------------------------- */

static void read_users(struct osg_rules *rules, const struct osg_conf *conf, bool ldap)
{
    struct osg_word *users = &rules->access->users;

    if (users->text != NULL || !osg_adopt_is_one(rules->adoption, conf) ||
        !osg_users_check(conf->words[0], NULL) || osg_users_are_ldap(conf->words[0]) != ldap)
        rules->bad = true;
    else
        *users = osg_adopt_word(conf, 0);
}

static void read_auth(struct osg_rules *rules, const struct osg_conf *conf)
{
    if (osg_conf_is(conf, "AuthName"))
        rules->realm = conf;
    else if (osg_conf_is(conf, "AuthBasicProvider") && conf->count == 1)
        rules->provider = conf->words[0];
    else if (osg_conf_is(conf, "AuthUserFile"))
        read_users(rules, conf, false);
    else if (osg_conf_is(conf, "AuthLDAPURL"))
        read_users(rules, conf, true);
    else if (!osg_conf_is(conf, "AuthType") || !osg_adopt_has(conf, 0, "basic"))
        rules->bad = true;
}

/* Is the one who knows the users the one who is asked? */
static void judge_users(struct osg_rules *rules)
{
    const char *users = rules->access->users.text;
    const char *provider = rules->provider != NULL ? rules->provider : "file";

    if (!rules->asks) {
        rules->access->users.text = NULL;
        return;
    }
    if (users == NULL || strcasecmp(provider, osg_users_are_ldap(users) ? "ldap" : "file") != 0)
        rules->bad = true;
}

/* ---- a section ------------------------------------------------------------------------------- */

static bool begins(const struct osg_conf *conf, const char *name)
{
    return strncasecmp(conf->name, name, strlen(name)) == 0;
}

bool osg_adopt_is_rule(const struct osg_conf *conf)
{
    return begins(conf, "Require") || begins(conf, "Auth") || osg_conf_is(conf, "Order") ||
           osg_conf_is(conf, "Allow") || osg_conf_is(conf, "Deny") ||
           osg_conf_is(conf, "Satisfy") || osg_conf_is(conf, "SSLRequire") ||
           osg_conf_is(conf, "Limit") || osg_conf_is(conf, "LimitExcept");
}

/* OpenSpecimen knows Basic sign-in too; osgen keeps httpd's password from it. */
static bool is_companion(const struct osg_conf *conf)
{
    return osg_conf_is(conf, "RequestHeader") && osg_adopt_has(conf, 0, "unset") &&
           osg_adopt_has(conf, 1, "Authorization");
}

static void read_rule(struct osg_rules *rules, const struct osg_conf *conf)
{
    if (osg_conf_is(conf, "Require"))
        osg_rules_require(rules, conf);
    else if (osg_conf_is(conf, "RequireAny"))
        osg_rules_any(rules, conf);
    else if (osg_conf_is(conf, "RequireAll"))
        osg_rules_all(rules, conf);
    else if (osg_conf_is(conf, "Order"))
        osg_rules_order(rules, conf);
    else if (osg_conf_is(conf, "Allow"))
        osg_rules_allow(rules, conf);
    else if (osg_conf_is(conf, "Deny"))
        osg_rules_deny(rules, conf);
    else if (osg_conf_is(conf, "Satisfy"))
        rules->all = !osg_adopt_has(conf, 0, "any");
    else if (begins(conf, "Auth"))
        read_auth(rules, conf);
    else
        rules->bad = true;
}

static void read_section(struct osg_rules *rules, struct osg_conf *section)
{
    bool both = false;

    for (struct osg_conf *at = osg_adopt_next(section, NULL); at != NULL;
         at = osg_adopt_next(section, at)) {
        if (at->taken || !osg_adopt_is_rule(at))
            continue;
        rules->any = true;
        rules->bad = rules->bad || (both && begins(at, "Require"));
        read_rule(rules, at);
        both = rules->both;
    }
    osg_rules_judge(rules, section);
    judge_users(rules);
    rules->bad = rules->bad || (rules->old && rules->required > 0);
    rules->access->satisfy.any = rules->old ? !rules->all : !rules->both;
    if (rules->access->users.text == NULL || rules->access->allow.count == 0)
        rules->access->satisfy.any = false;
}

static void take(struct osg_rules *rules, struct osg_conf *section, const char *realm)
{
    for (struct osg_conf *at = osg_adopt_next(section, NULL); at != NULL;
         at = osg_adopt_next(section, at))
        at->taken = at->taken || osg_adopt_is_rule(at) ||
                    (rules->access->users.text != NULL && is_companion(at));
    if (rules->realm != NULL && !osg_adopt_has(rules->realm, 0, realm))
        osg_adopt_lose(rules->adoption, rules->realm, "not carried over: osgen calls this \"%s\"",
                       realm);
}

enum osg_adopt_rules osg_adopt_access(struct osg_adoption *adoption, struct osg_conf *section,
                                      const char *realm, struct osg_access *access)
{
    struct osg_rules rules = {.adoption = adoption, .access = access, .all = true};

    *access =
        (struct osg_access){.allow.items = osg_arena_alloc(
                                adoption->arena, OSG_ADOPT_WORDS * sizeof *access->allow.items)};
    read_section(&rules, section);
    if (!rules.any)
        return OSG_RULES_NONE;
    if (rules.bad || (access->allow.count == 0 && access->users.text == NULL))
        return OSG_RULES_BAD;
    take(&rules, section, realm);
    return rules.local && rules.required == 1 && access->users.text == NULL ? OSG_RULES_LOCAL
                                                                            : OSG_RULES_GOOD;
}
