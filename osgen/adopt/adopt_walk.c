/* SPDX-License-Identifier: Apache-2.0 */
#include "adopt_parts.h"
#include "base/arena.h"
#include "problem/problem.h"
#include "topology/quote.h"
#include "yaml/source.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

bool osg_adopt_has(const struct osg_conf *conf, size_t index, const char *name)
{
    return index < conf->count && strcasecmp(conf->words[index], name) == 0;
}

static bool is_version(const struct osg_conf *conf, const char *operators)
{
    return osg_conf_is(conf, "IfVersion") && conf->count > 0 &&
           strchr(operators, conf->words[0][0]) != NULL && strstr(conf->value, "2.") != NULL;
}

/* Where a module is missing httpd wouldn't take what osgen renders either. */
bool osg_adopt_is_open(const struct osg_conf *conf)
{
    if (!conf->is_section)
        return false;
    return (osg_conf_is(conf, "IfModule") && conf->count == 1 && conf->words[0][0] != '!') ||
           is_version(conf, ">");
}

bool osg_adopt_is_dead(const struct osg_conf *conf)
{
    return conf->is_section &&
           (is_version(conf, "<") ||
            (osg_conf_is(conf, "IfModule") && (osg_adopt_has(conf, 0, "!mod_authz_core.c") ||
                                               osg_adopt_has(conf, 0, "!authz_core_module"))));
}

/* Of everything in SECTION, conditions and comments among it. */
static struct osg_conf *step(const struct osg_conf *section, struct osg_conf *at)
{
    bool opens = at == NULL || (osg_adopt_is_open(at) && !at->taken);
    struct osg_conf *inside = !opens ? NULL : at == NULL ? section->first : at->first;

    if (inside != NULL || at == NULL)
        return inside;
    while (at != section && at->next == NULL)
        at = at->parent;
    return at != section ? at->next : NULL;
}

struct osg_conf *osg_adopt_next(const struct osg_conf *section, struct osg_conf *at)
{
    do {
        at = step(section, at);
    } while (at != NULL && (at->taken || strcmp(at->name, "#") == 0 || osg_adopt_is_open(at)));
    return at;
}

void osg_adopt_rows(struct osg_adoption *adoption, struct osg_conf *section,
                    const struct osg_adopt_row *rows, size_t count)
{
    for (struct osg_conf *at = osg_adopt_next(section, NULL); at != NULL;
         at = osg_adopt_next(section, at)) {
        for (size_t i = 0; i < count && !at->taken; i++) {
            if (!at->is_section && osg_conf_is(at, rows[i].name))
                at->taken = rows[i].read(adoption, at);
        }
    }
}

bool osg_adopt_lose(struct osg_adoption *adoption, const struct osg_conf *conf, const char *format,
                    ...)
{
    char message[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    osg_warning(adoption->problems, OSG_NO_CODE, conf->place, "%s", message);
    return true;
}

struct osg_word osg_adopt_word(const struct osg_conf *conf, size_t index)
{
    return (struct osg_word){.text = conf->words[index], .place = conf->place};
}

bool osg_adopt_is_clean(struct osg_adoption *adoption, const char *text)
{
    const struct osg_source source = {.name = "", .text = text, .length = strlen(text)};
    struct osg_problems problems = osg_problems_new(adoption->arena);
    bool clean = osg_source_check(&source, &problems);

    osg_problems_free(&problems);
    return clean;
}

bool osg_adopt_is_one(struct osg_adoption *adoption, const struct osg_conf *conf)
{
    return conf->count == 1 && osg_quotable(conf->words[0], NULL) &&
           osg_adopt_is_clean(adoption, conf->words[0]);
}
