/* SPDX-License-Identifier: Apache-2.0 */
/* Who may come in, by httpd's rules of today and by those before 2.4. A section's rules are carried
 * over as a whole or not at all: half of them would let somebody in. */
#include "address.h"
#include "adopt_parts.h"
#include "arena.h"
#include "quote.h"

#include <string.h>
#include <strings.h>

/* What has been seen in one section. */
struct rules {
    struct osg_adoption *adoption;
    struct osg_access *access;
    const struct osg_conf *realm; /* AuthName */
    const char *provider;         /* AuthBasicProvider; NULL: not given */
    bool any;                     /* is there a rule at all? */
    bool bad;                     /* one that a topology can't say? */
    bool asks;                    /* Require valid-user */
    size_t required;              /* how many other Requires */
    bool local;                   /* Require local */
    bool both;                    /* <RequireAll>: users, and from there */
    bool old;                     /* Order, Allow or Deny */
    bool allow_first;             /* Order allow,deny: who isn't allowed stays out */
    bool deny_all;                /* Deny from all */
    bool all;                     /* does Satisfy say so, or nobody? */
};

/* ---- from where ------------------------------------------------------------------------------ */

static bool is_known(const struct osg_admissions *allow, const char *text)
{
    for (size_t i = 0; i < allow->count; i++) {
        if (strcasecmp(allow->items[i].text, text) == 0)
            return true;
    }
    return false;
}

static void admit(struct rules *rules, const struct osg_conf *conf, const char *text)
{
    struct osg_admissions *allow = &rules->access->allow;
    struct osg_admission admission = {.place = conf->place};

    if (text == NULL || allow->count == OSG_ADOPT_WORDS ||
        !osg_admission_parse(rules->adoption->arena, text, &admission, NULL))
        rules->bad = true;
    else if (!is_known(allow, text))
        allow->items[allow->count++] = admission;
}

static void admit_this_host(struct rules *rules, const struct osg_conf *conf)
{
    rules->local = true;
    admit(rules, conf, "127.0.0.0/8");
    admit(rules, conf, "::1");
}

/* ---- Require --------------------------------------------------------------------------------- */

/* A dot in front is for all hosts there, which a name is in any case. */
static void admit_hosts(struct rules *rules, const struct osg_conf *conf)
{
    for (size_t i = 1; i < conf->count; i++) {
        const char *host = conf->words[i] + (conf->words[i][0] == '.');

        admit(rules, conf, osg_host_check(host, NULL) ? host : NULL);
    }
}

static void admit_networks(struct rules *rules, const struct osg_conf *conf)
{
    for (size_t i = 1; i < conf->count; i++)
        admit(rules, conf, osg_adopt_network(rules->adoption->arena, conf->words[i]));
}

static void read_require(struct rules *rules, const struct osg_conf *conf)
{
    if (osg_adopt_has(conf, 0, "valid-user") && conf->count == 1) {
        rules->asks = true;
        return;
    }
    rules->required++;
    if (osg_adopt_has(conf, 0, "all") && osg_adopt_has(conf, 1, "granted"))
        admit(rules, conf, "all");
    else if (osg_adopt_has(conf, 0, "ip") && conf->count > 1)
        admit_networks(rules, conf);
    else if (osg_adopt_has(conf, 0, "host") && conf->count > 1)
        admit_hosts(rules, conf);
    else if (osg_adopt_has(conf, 0, "local") && conf->count == 1)
        admit_this_host(rules, conf);
    else
        rules->bad = true;
}

/* What is in <RequireAny>: the same as beside one another. */
static void read_any(struct rules *rules, const struct osg_conf *section)
{
    for (struct osg_conf *at = osg_adopt_next(section, NULL); at != NULL;
         at = osg_adopt_next(section, at)) {
        if (at->is_section || !osg_conf_is(at, "Require"))
            rules->bad = true;
        else
            read_require(rules, at);
    }
}

/* Of a password and one place, both: what a topology calls "satisfy: all". */
static void read_all(struct rules *rules, const struct osg_conf *section)
{
    size_t places = 0;

    rules->bad = rules->bad || rules->asks || rules->required > 0;
    for (struct osg_conf *at = osg_adopt_next(section, NULL); at != NULL;
         at = osg_adopt_next(section, at)) {
        bool asked = rules->asks;

        if (at->is_section && osg_conf_is(at, "RequireAny")) {
            read_any(rules, at);
            rules->bad = rules->bad || rules->asks != asked;
        } else if (!at->is_section && osg_conf_is(at, "Require")) {
            read_require(rules, at);
        } else {
            rules->bad = true;
        }
        places += rules->asks == asked;
    }
    rules->bad = rules->bad || places > 1;
    rules->both = true;
}

/* ---- before 2.4 ------------------------------------------------------------------------------ */

static void read_order(struct rules *rules, const struct osg_conf *conf)
{
    rules->old = true;
    if (conf->count == 1 && osg_adopt_has(conf, 0, "allow,deny"))
        rules->allow_first = true;
    else if (conf->count != 1 || !osg_adopt_has(conf, 0, "deny,allow"))
        rules->bad = true;
}

static void read_allow(struct rules *rules, const struct osg_conf *conf)
{
    rules->old = true;
    rules->bad = rules->bad || !osg_adopt_has(conf, 0, "from") || conf->count < 2;
    for (size_t i = 1; i < conf->count; i++) {
        const char *text = conf->words[i];
        const char *network = osg_adopt_network(rules->adoption->arena, text);

        if (strcasecmp(text, "all") == 0)
            network = "all";
        else if (network == NULL && strchr(text, '=') == NULL)
            network = text + (text[0] == '.');
        admit(rules, conf, network);
    }
}

static void read_deny(struct rules *rules, const struct osg_conf *conf)
{
    rules->old = true;
    if (conf->count == 2 && osg_adopt_has(conf, 0, "from") && osg_adopt_has(conf, 1, "all"))
        rules->deny_all = true;
    else
        rules->bad = true;
}

/* Who is let in by default isn't in any list. */
static void judge_order(struct rules *rules, const struct osg_conf *conf)
{
    if (!rules->old)
        return;
    if (rules->allow_first && rules->deny_all)
        rules->bad = true;
    if (!rules->allow_first && !rules->deny_all)
        admit(rules, conf, "all");
    else if (rules->access->allow.count == 0)
        rules->bad = true;
}

/* ---- users ----------------------------------------------------------------------------------- */

static void read_users(struct rules *rules, const struct osg_conf *conf, bool ldap)
{
    struct osg_word *users = &rules->access->users;

    if (users->text != NULL || !osg_adopt_is_one(rules->adoption, conf) ||
        !osg_users_check(conf->words[0], NULL) || osg_users_are_ldap(conf->words[0]) != ldap)
        rules->bad = true;
    else
        *users = osg_adopt_word(conf, 0);
}

static void read_auth(struct rules *rules, const struct osg_conf *conf)
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
static void judge_users(struct rules *rules)
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

static void read_rule(struct rules *rules, const struct osg_conf *conf)
{
    if (osg_conf_is(conf, "Require"))
        read_require(rules, conf);
    else if (osg_conf_is(conf, "RequireAny"))
        read_any(rules, conf);
    else if (osg_conf_is(conf, "RequireAll"))
        read_all(rules, conf);
    else if (osg_conf_is(conf, "Order"))
        read_order(rules, conf);
    else if (osg_conf_is(conf, "Allow"))
        read_allow(rules, conf);
    else if (osg_conf_is(conf, "Deny"))
        read_deny(rules, conf);
    else if (osg_conf_is(conf, "Satisfy"))
        rules->all = !osg_adopt_has(conf, 0, "any");
    else if (begins(conf, "Auth"))
        read_auth(rules, conf);
    else
        rules->bad = true;
}

static void read_section(struct rules *rules, struct osg_conf *section)
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
    judge_order(rules, section);
    judge_users(rules);
    rules->bad = rules->bad || (rules->old && rules->required > 0);
    rules->access->either = rules->old ? !rules->all : !rules->both;
    if (rules->access->users.text == NULL || rules->access->allow.count == 0)
        rules->access->either = false;
}

static void take(struct rules *rules, struct osg_conf *section, const char *realm)
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
    struct rules rules = {.adoption = adoption, .access = access, .all = true};

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
