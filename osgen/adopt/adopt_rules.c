/* SPDX-License-Identifier: Apache-2.0 */
#include "adopt_rules.h"
#include "topology/address.h"

#include <string.h>
#include <strings.h>

/* ---- from where ------------------------------------------------------------------------------ */

static bool is_known(const struct osg_admissions *allow, const char *text)
{
    for (size_t i = 0; i < allow->count; i++) {
        if (strcasecmp(allow->items[i].text, text) == 0)
            return true;
    }
    return false;
}

static void admit(struct osg_rules *rules, const struct osg_conf *conf, const char *text)
{
    struct osg_admissions *allow = &rules->access->allow;
    struct osg_admission admission = {.place = conf->place};

    if (text == NULL || allow->count == OSG_ADOPT_WORDS ||
        !osg_admission_parse(rules->adoption->arena, text, &admission, NULL))
        rules->bad = true;
    else if (!is_known(allow, text))
        allow->items[allow->count++] = admission;
}

static void admit_this_host(struct osg_rules *rules, const struct osg_conf *conf)
{
    rules->local = true;
    admit(rules, conf, "127.0.0.0/8");
    admit(rules, conf, "::1");
}

/* ---- Require --------------------------------------------------------------------------------- */

/* A dot in front is for all hosts there, which a name is in any case. */
static void admit_hosts(struct osg_rules *rules, const struct osg_conf *conf)
{
    for (size_t i = 1; i < conf->count; i++) {
        const char *host = conf->words[i] + (conf->words[i][0] == '.');

        admit(rules, conf, osg_host_check(host, NULL) ? host : NULL);
    }
}

static void admit_networks(struct osg_rules *rules, const struct osg_conf *conf)
{
    for (size_t i = 1; i < conf->count; i++)
        admit(rules, conf, osg_adopt_network(rules->adoption->arena, conf->words[i]));
}

void osg_rules_require(struct osg_rules *rules, const struct osg_conf *conf)
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
void osg_rules_any(struct osg_rules *rules, const struct osg_conf *section)
{
    for (struct osg_conf *at = osg_adopt_next(section, NULL); at != NULL;
         at = osg_adopt_next(section, at)) {
        if (at->is_section || !osg_conf_is(at, "Require"))
            rules->bad = true;
        else
            osg_rules_require(rules, at);
    }
}

/* Of a password and one place, both: what a topology calls "satisfy: all". */
void osg_rules_all(struct osg_rules *rules, const struct osg_conf *section)
{
    size_t places = 0;

    rules->bad = rules->bad || rules->asks || rules->required > 0;
    for (struct osg_conf *at = osg_adopt_next(section, NULL); at != NULL;
         at = osg_adopt_next(section, at)) {
        bool asked = rules->asks;

        if (at->is_section && osg_conf_is(at, "RequireAny")) {
            osg_rules_any(rules, at);
            rules->bad = rules->bad || rules->asks != asked;
        } else if (!at->is_section && osg_conf_is(at, "Require")) {
            osg_rules_require(rules, at);
        } else {
            rules->bad = true;
        }
        places += rules->asks == asked;
    }
    rules->bad = rules->bad || places > 1;
    rules->both = true;
}

/* ---- before 2.4 ------------------------------------------------------------------------------ */

void osg_rules_order(struct osg_rules *rules, const struct osg_conf *conf)
{
    rules->old = true;
    if (conf->count == 1 && osg_adopt_has(conf, 0, "allow,deny"))
        rules->allow_first = true;
    else if (conf->count != 1 || !osg_adopt_has(conf, 0, "deny,allow"))
        rules->bad = true;
}

void osg_rules_allow(struct osg_rules *rules, const struct osg_conf *conf)
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

void osg_rules_deny(struct osg_rules *rules, const struct osg_conf *conf)
{
    rules->old = true;
    if (conf->count == 2 && osg_adopt_has(conf, 0, "from") && osg_adopt_has(conf, 1, "all"))
        rules->deny_all = true;
    else
        rules->bad = true;
}

void osg_rules_judge(struct osg_rules *rules, const struct osg_conf *conf)
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
