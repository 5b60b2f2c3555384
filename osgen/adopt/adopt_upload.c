/* SPDX-License-Identifier: Apache-2.0 */
/* The greatest upload, by three lines of mod_rewrite's: osgen's own, or somebody's by hand. */
#include "adopt_parts.h"

#include "core/parse.h"

#include <string.h>
#include <strings.h>

/* The directive of mod_rewrite's that follows AT; the first if AT is NULL; NULL: no more. */
static struct osg_conf *next_rewrite(const struct osg_conf *site, struct osg_conf *at)
{
    do {
        at = osg_adopt_next(site, at);
    } while (at != NULL && (at->is_section || strncasecmp(at->name, "Rewrite", 7) != 0));
    return at;
}

static bool is_engine(const struct osg_conf *conf)
{
    return conf != NULL && osg_conf_is(conf, "RewriteEngine") && osg_adopt_has(conf, 0, "on");
}

static bool is_condition(const struct osg_conf *conf, uint32_t *bytes)
{
    static const char lead[] = "%{HTTP:Content-Length} -gt ";

    return conf != NULL && osg_conf_is(conf, "RewriteCond") && conf->count == 2 &&
           osg_adopt_has(conf, 0, "expr") && strncasecmp(conf->words[1], lead, strlen(lead)) == 0 &&
           osb_parse_number(conf->words[1] + strlen(lead), OSG_UPLOAD_MIN, OSG_UPLOAD_MAX, bytes,
                            NULL);
}

static bool is_refusal(const struct osg_conf *conf)
{
    return conf != NULL && osg_conf_is(conf, "RewriteRule") && conf->count == 3 &&
           osg_adopt_has(conf, 0, "^") && osg_adopt_has(conf, 1, "-") &&
           (osg_adopt_has(conf, 2, "[R=413,L]") || osg_adopt_has(conf, 2, "[R=413]"));
}

/* Only before all other rules, which could end a request's way otherwise; these go on wanting the
 * engine. */
void osg_adopt_upload(struct osg_adoption *adoption)
{
    struct osg_conf *engine = next_rewrite(adoption->site, NULL);
    struct osg_conf *condition = engine != NULL ? next_rewrite(adoption->site, engine) : NULL;
    struct osg_conf *rule = condition != NULL ? next_rewrite(adoption->site, condition) : NULL;
    uint32_t bytes;

    if (!is_engine(engine) || !is_condition(condition, &bytes) || !is_refusal(rule))
        return;
    adoption->topology->site.max_upload = bytes;
    engine->taken = next_rewrite(adoption->site, rule) == NULL;
    condition->taken = true;
    rule->taken = true;
}
