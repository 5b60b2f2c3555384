/* SPDX-License-Identifier: Apache-2.0 */
#include "init.h"
#include "base/arena.h"

#include "core/message.h"

#include <string.h>

/* Where OpenSpecimen usually is, the best first. */
static const struct door {
    const char *scheme;
    uint32_t port;
} doors[] = {{"ajp", 8009}, {"http", 8080}, {"https", 8443}, {"https", 443}, {"http", 80}};

#define DOORS (sizeof doors / sizeof *doors)

/* How much an answer speaks for its door; the least is best. Up to HOPEFUL something is there that
 * may be OpenSpecimen or become it; from NOTHING on, any web server answers so, or nobody. */
enum rank { HEALTHY, OPENSPECIMEN, CONNECTOR, TOMCAT, SILENT, HOPEFUL, NOTHING };

static const enum rank ranks[OSB_SEEN_KINDS] = {
    [OSB_SEEN_HEALTHY] = HEALTHY,      [OSB_SEEN_SILENT] = SILENT,
    [OSB_SEEN_STALLED] = OPENSPECIMEN, [OSB_SEEN_NOT_DEPLOYED] = TOMCAT,
    [OSB_SEEN_FAILING] = NOTHING,      [OSB_SEEN_DATABASE_DOWN] = OPENSPECIMEN,
    [OSB_SEEN_UNREACHABLE] = NOTHING,  [OSB_SEEN_FORBIDDEN] = NOTHING,
    [OSB_SEEN_FOREIGN] = NOTHING,
};

static enum rank rank_of(const struct osg_inquiry *inquiry)
{
    enum rank rank = ranks[inquiry->finding.seen];
    bool pong =
        inquiry->spec.scheme == OSB_SCHEME_AJP && strcmp(inquiry->rungs.connector, "ok") == 0;

    if (inquiry->local)
        return NOTHING;
    if (pong && rank > CONNECTOR)
        return CONNECTOR;
    return inquiry->finding.outcome == OSB_UNTRUSTED ? HOPEFUL : rank;
}

static const struct osg_scheme *find_scheme(const char *name)
{
    size_t i = 0;

    while (i + 1 < osg_schemes_count && strcmp(osg_schemes[i].name, name) != 0)
        i++;
    return &osg_schemes[i];
}

/* A whole URL has said which door it is. */
static void list_doors(struct osg_arena *arena, struct osg_init_host *host)
{
    bool is_url = strstr(host->given, "://") != NULL;

    host->door_count = is_url ? 1 : DOORS;
    host->doors = osg_arena_alloc(arena, host->door_count * sizeof *host->doors);
    host->asked = osg_arena_alloc(arena, host->door_count * sizeof *host->asked);
    for (size_t i = 0; i < host->door_count; i++) {
        host->doors[i] = host->url;
        if (is_url)
            continue;
        host->doors[i].scheme = find_scheme(doors[i].scheme);
        host->doors[i].port = doors[i].port;
    }
}

static struct osb_probe_spec spec_of(const struct osg_init *init, const struct osg_url *url,
                                     uint32_t timeout_ms)
{
    struct osb_probe_spec spec = {
        .host = url->host,
        .port = url->port != 0 ? url->port : url->scheme->port,
        .context = url->path[0] != '\0' ? url->path : "/openspecimen",
        .site = osb_probe_site(init->site),
        .secret = init->secret,
        .timeout_ms = timeout_ms,
        .identity = true,
    };

    osb_scheme_find(url->scheme->name, &spec.scheme);
    return spec;
}

static void choose(struct osg_init_host *host)
{
    size_t best = 0;

    for (size_t i = 1; i < host->door_count; i++) {
        if (rank_of(&host->asked[i]) < rank_of(&host->asked[best]))
            best = i;
    }
    host->answers = rank_of(&host->asked[best]) < NOTHING;
    if (host->answers)
        host->url = host->doors[best];
}

bool osg_init_ask(struct osg_arena *arena, struct osg_init *init, uint32_t timeout_ms,
                  struct osb_message *why)
{
    struct osg_survey *survey = osg_survey_open();
    struct osg_inquiry **inquiries =
        osg_arena_alloc(arena, init->count * DOORS * sizeof *inquiries);
    size_t count = 0;

    if (survey == NULL)
        return osb_refuse(why, "nothing can be asked: libcurl can't be set up");
    for (size_t i = 0; i < init->count; i++) {
        struct osg_init_host *host = &init->hosts[i];

        list_doors(arena, host);
        for (size_t j = 0; j < host->door_count; j++) {
            host->asked[j].spec = spec_of(init, &host->doors[j], timeout_ms);
            inquiries[count++] = &host->asked[j];
        }
    }
    osg_survey_run(survey, inquiries, count, NULL, NULL);
    osg_survey_close(survey);
    for (size_t i = 0; i < init->count; i++)
        choose(&init->hosts[i]);
    return true;
}
