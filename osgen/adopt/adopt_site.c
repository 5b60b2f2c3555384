/* SPDX-License-Identifier: Apache-2.0 */
/* What the site writes down, and its manners. */
#include "adopt_parts.h"
#include "topology/quote.h"

#include "core/vocabulary.h"

#include <string.h>
#include <strings.h>

/* ---- logs ------------------------------------------------------------------------------------ */

/* Formats of which the topology's own has every field. */
static bool is_usual(const char *format)
{
    static const char combined[] = "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\"";
    static const char more[] = " us=%D instance=%{BALANCER_WORKER_NAME}e";
    const char *rest = format + strlen(combined);

    if (strcasecmp(format, "combined") == 0 || strcasecmp(format, "common") == 0)
        return true;
    return strncmp(format, combined, strlen(combined)) == 0 &&
           (rest[0] == '\0' || strncmp(rest, more, strlen(more)) == 0);
}

/* A line as osgen has it begins like one of these, and goes on. */
static void tell_format(struct osg_adoption *adoption, const struct osg_conf *conf)
{
    if (conf->count < 2 || strcasecmp(conf->words[1], "common") == 0)
        osg_adopt_lose(adoption, conf,
                       "each line of this log goes on now: with Referer and User-Agent, how long "
                       "it took and which instance served it");
    else if (strstr(conf->words[1], "BALANCER_WORKER_NAME") == NULL)
        osg_adopt_lose(adoption, conf,
                       "each line of this log goes on now: with how long it took and which "
                       "instance served it");
}

/* A program, a variable or a format of its own stays as it is. */
static bool read_log(struct osg_adoption *adoption, struct osg_conf *conf)
{
    struct osg_word *log = &adoption->topology->site.log;

    if (log->text != NULL || conf->count == 0 || conf->count > 2 ||
        (conf->count == 2 && !is_usual(conf->words[1])) ||
        !osg_file_name_check(conf->words[0], NULL) || !osg_adopt_is_clean(adoption, conf->words[0]))
        return false;
    *log = osg_adopt_word(conf, 0);
    tell_format(adoption, conf);
    return true;
}

static bool read_error_log(struct osg_adoption *adoption, struct osg_conf *conf)
{
    struct osg_word *log = &adoption->topology->site.error_log;

    if (log->text != NULL || !osg_adopt_is_one(adoption, conf) ||
        !osg_file_name_check(conf->words[0], NULL) || strncmp(conf->words[0], "syslog", 6) == 0)
        return false;
    *log = osg_adopt_word(conf, 0);
    return true;
}

/* ---- manners --------------------------------------------------------------------------------- */

static bool read_requests(struct osg_adoption *adoption, struct osg_conf *conf)
{
    if (!osg_adopt_has(conf, 0, "off"))
        osg_adopt_lose(adoption, conf,
                       "not carried over: the site's server is no proxy to other sites");
    return true;
}

static bool speaks_http(const struct osg_topology *topology)
{
    for (size_t i = 0; i < topology->instances.count; i++) {
        if (strcmp(topology->instances.items[i].url.scheme->name, "ajp") != 0)
            return true;
    }
    return false;
}

/* Over AJP Tomcat gets the site's name in any case. */
static bool read_preserve(struct osg_adoption *adoption, struct osg_conf *conf)
{
    if (!osg_adopt_has(conf, 0, "on") && speaks_http(adoption->topology))
        osg_adopt_lose(adoption, conf,
                       "not carried over: over HTTP instances learn the site's name "
                       "from the Host header alone");
    return true;
}

/* A header for each request; others stay as they are. */
static bool read_request_header(struct osg_adoption *adoption, struct osg_conf *conf)
{
    if (osg_adopt_has(conf, 0, "unset") && osg_adopt_has(conf, 1, "X-Forwarded-For"))
        return true;
    return osg_adopt_has(conf, 0, "set") && osg_adopt_has(conf, 1, "X-Forwarded-Proto") &&
           conf->count == 3 && osg_adopt_has(conf, 2, "https") && adoption->topology->site.tls.on;
}

/* "ROUTEID=.%{BALANCER_WORKER_ROUTE}e; path=/", of the balancer's own cookie. */
static bool read_header(struct osg_adoption *adoption, struct osg_conf *conf)
{
    const char *cookie = adoption->topology->balance.sticky.text;
    const char *value = conf->count > 2 ? conf->words[2] : "";

    if (cookie == NULL || !osg_adopt_has(conf, 1, "Set-Cookie") ||
        strstr(value, "BALANCER_WORKER_ROUTE") == NULL ||
        strncmp(value, cookie, strlen(cookie)) != 0 || value[strlen(cookie)] != '=')
        return false;
    if (strcasestr(value, "SameSite=None") != NULL)
        adoption->topology->site.saml = (struct osg_word){.text = "on", .place = conf->place};
    return true;
}

static bool read_extended(struct osg_adoption *adoption, struct osg_conf *conf)
{
    adoption->topology->admin.extended = (struct osg_word){
        .text = osg_adopt_has(conf, 0, "on") ? "On" : "Off", .place = conf->place};
    return true;
}

static bool read_server_file(struct osg_adoption *adoption, const struct osg_conf *conf,
                             struct osg_word *file)
{
    if (!osg_adopt_is_one(adoption, conf) || !osg_file_name_check(conf->words[0], NULL))
        return false;
    *file = osg_adopt_word(conf, 0);
    return true;
}

static bool read_state_file(struct osg_adoption *adoption, struct osg_conf *conf)
{
    return read_server_file(adoption, conf, &adoption->topology->server.state_file);
}

static bool read_notify(struct osg_adoption *adoption, struct osg_conf *conf)
{
    return conf->count == 1 && osg_program_check(conf->words[0], NULL) &&
           read_server_file(adoption, conf, &adoption->topology->server.notify);
}

/* It has had its effect on the lines that follow it. */
static bool read_define(struct osg_adoption *adoption, struct osg_conf *conf)
{
    (void)adoption;
    return conf->count == 2;
}

static const struct osg_adopt_row site_rows[] = {
    {"CustomLog", read_log},
    {"TransferLog", read_log},
    {"ErrorLog", read_error_log},
    {"ProxyPreserveHost", read_preserve},
    {"RequestHeader", read_request_header},
};

static const struct osg_adopt_row server_rows[] = {
    {"Header", read_header},
    {"ProxyRequests", read_requests},
    {"ExtendedStatus", read_extended},
    {OSB_DIRECTIVE_STATE_FILE, read_state_file},
    {OSB_DIRECTIVE_NOTIFY, read_notify},
    {"Define", read_define},
};

#define ROWS(rows) (rows), sizeof(rows) / sizeof *(rows)

void osg_adopt_site(struct osg_adoption *adoption)
{
    osg_adopt_rows(adoption, adoption->site, ROWS(site_rows));
    osg_adopt_rows(adoption, adoption->file, ROWS(server_rows));
    osg_adopt_rows(adoption, adoption->site, ROWS(server_rows));
}
