/* SPDX-License-Identifier: Apache-2.0 */
/* The directives of mod_os_balancer that a topology has keys for. */
#include "adopt_parts.h"
#include "problem/problem.h"
#include "topology/quote.h"

#include "core/message.h"
#include "core/roster.h"
#include "core/vocabulary.h"

#include <string.h>
#include <strings.h>

static size_t row_of(const struct osb_setting *rows, size_t count, const char *word)
{
    size_t length = strcspn(word, "="), i = 0;

    while (i < count && (strncmp(rows[i].key, word, length) != 0 || rows[i].key[length] != '\0'))
        i++;
    return i;
}

/* "interval=2s" goes to the row that is called so. */
static void read_setting(struct osg_adoption *adoption, const struct osg_conf *conf, size_t index,
                         const struct osb_setting *rows, size_t count, struct osg_word *given)
{
    const char *word = conf->words[index], *equals = strchr(word, '=');
    size_t row = row_of(rows, count, word);
    struct osb_message why = {"it isn't KEY=VALUE with one of the directive's keys"};
    bool good = equals != NULL && row < count && osg_quotable(equals + 1, &why);

    if (good && rows == osb_health_settings)
        good = osb_health_set(&adoption->topology->balance.health.settings, rows[row].key,
                              equals + 1, &why);
    else if (good)
        good = osb_failover_set(&adoption->topology->balance.failover.settings, rows[row].key,
                                equals + 1, &why);
    if (good)
        given[row] = (struct osg_word){.text = equals + 1, .place = conf->place};
    else
        osg_adopt_lose(adoption, conf, "not carried over: %.100s; %s", word, why.text);
}

static bool is_on(const struct osg_conf *conf)
{
    return osg_adopt_has(conf, 0, "on");
}

static bool read_health(struct osg_adoption *adoption, struct osg_conf *conf)
{
    struct osg_checks *health = &adoption->topology->balance.health;

    adoption->module = true;
    health->on = is_on(conf);
    health->place = conf->place;
    for (size_t i = 1; health->on && i < conf->count; i++)
        read_setting(adoption, conf, i, osb_health_settings, osb_health_settings_count,
                     health->given);
    return true;
}

static bool read_failover(struct osg_adoption *adoption, struct osg_conf *conf)
{
    struct osg_failover *failover = &adoption->topology->balance.failover;

    adoption->module = true;
    failover->on = is_on(conf);
    failover->place = conf->place;
    for (size_t i = 1; failover->on && i < conf->count; i++)
        read_setting(adoption, conf, i, osb_failover_settings, osb_failover_settings_count,
                     failover->given);
    return true;
}

static bool read_skew(struct osg_adoption *adoption, struct osg_conf *conf)
{
    struct osg_word *skew = &adoption->topology->balance.skew;

    adoption->module = true;
    for (size_t i = 0; i < osb_skew_policies_count; i++) {
        if (conf->count == 1 && osg_adopt_has(conf, 0, osb_skew_policies[i]))
            *skew = (struct osg_word){osb_skew_policies[i], conf->place};
    }
    return skew->text != NULL;
}

void osg_adopt_checks(struct osg_adoption *adoption, struct osg_conf *section)
{
    static const struct osg_adopt_row rows[] = {{OSB_DIRECTIVE_HEALTH, read_health},
                                                {OSB_DIRECTIVE_FAILOVER, read_failover},
                                                {OSB_DIRECTIVE_SKEW, read_skew}};

    osg_adopt_rows(adoption, section, rows, sizeof rows / sizeof *rows);
}
