/* SPDX-License-Identifier: Apache-2.0 */
/* Who the site is, where it answers and what it writes down. */
#include "address.h"
#include "adopt_parts.h"
#include "arena.h"
#include "problem.h"
#include "quote.h"

#include "core/message.h"
#include "core/parse.h"

#include <string.h>
#include <strings.h>

/* ---- names ----------------------------------------------------------------------------------- */

/* It may have a scheme and a port, by which httpd speaks of itself. */
static bool read_name(struct osg_adoption *adoption, struct osg_conf *conf)
{
    struct osg_word *name = &adoption->topology->site.name;
    const char *text = conf->count > 0 ? conf->words[0] : "", *scheme = strstr(text, "://");
    struct osb_message why;

    text = scheme != NULL ? scheme + 3 : text;
    text = osg_arena_copy(adoption->arena, text, strcspn(text, ":"));
    if (!osg_host_check(text, &why))
        return !osg_error(adoption->problems, conf->place, "%s", why.text);
    *name = (struct osg_word){.text = text, .place = conf->place};
    return true;
}

static bool is_known(const struct osg_site *site, const char *name)
{
    if (site->name.text != NULL && strcasecmp(site->name.text, name) == 0)
        return true;
    for (size_t i = 0; i < site->aliases.count; i++) {
        if (strcmp(site->aliases.items[i].text, name) == 0)
            return true;
    }
    return false;
}

static bool read_alias(struct osg_adoption *adoption, struct osg_conf *conf)
{
    struct osg_site *site = &adoption->topology->site;
    struct osb_message why;

    for (size_t i = 0; i < conf->count; i++) {
        if (is_known(site, conf->words[i]))
            continue;
        if (site->aliases.count == OSG_ADOPT_WORDS)
            return osg_adopt_lose(adoption, conf,
                                  "there are more than %d aliases: not all of this "
                                  "line's are carried over",
                                  OSG_ADOPT_WORDS);
        if (!osg_alias_check(conf->words[i], &why))
            osg_adopt_lose(adoption, conf, "not carried over: %s", why.text);
        else
            site->aliases.items[site->aliases.count++] = osg_adopt_word(conf, i);
    }
    return true;
}

static void complete_name(struct osg_adoption *adoption, const char *site)
{
    struct osg_word *name = &adoption->topology->site.name;

    if (name->text == NULL && site != NULL)
        name->text = site;
    if (name->text == NULL && adoption->problems->errors == 0)
        osg_error(adoption->problems, adoption->site->place,
                  "the site has no ServerName; --site NAME gives it one");
}

/* ---- addresses ------------------------------------------------------------------------------- */

/* "_default_:443" is *:443, and a host's name is looked up by httpd as it starts. */
static const char *spelt(struct osg_adoption *adoption, const struct osg_conf *conf,
                         const char *address)
{
    const char *colon = strrchr(address, ':');
    const char *port = adoption->topology->site.tls.on ? ":443" : ":80";

    if (colon == NULL || strchr(colon, ']') != NULL) {
        colon = port;
        if (address[strspn(address, "0123456789")] == '\0')
            return address;
    } else {
        address = osg_arena_copy(adoption->arena, address, (size_t)(colon - address));
    }
    if (strcmp(colon, ":*") == 0)
        colon = port;
    if (address[0] != '[' && strcmp(address, "*") != 0 && !osg_is_ipv4(address)) {
        if (strcasecmp(address, "_default_") != 0)
            osg_adopt_lose(adoption, conf,
                           "%.100s is not an address: the site answers on all of this host's",
                           address);
        address = "*";
    }
    return osg_arena_printf(adoption->arena, "%s%s", address, colon);
}

static bool has_listen(const struct osg_listens *listens, const struct osg_listen *listen)
{
    for (size_t i = 0; i < listens->count; i++) {
        if (listens->items[i].port == listen->port &&
            strcmp(listens->items[i].address, listen->address) == 0)
            return true;
    }
    return false;
}

static void add_listen(struct osg_adoption *adoption, const struct osg_conf *conf,
                       const char *address)
{
    struct osg_listens *listens = &adoption->topology->site.listens;
    struct osg_listen listen = {.place = conf->place};
    struct osb_message why;

    if (!osg_listen_parse(adoption->arena, spelt(adoption, conf, address), &listen, &why))
        osg_adopt_lose(adoption, conf, "not carried over: %s", why.text);
    else if (listens->count < OSG_ADOPT_WORDS && !has_listen(listens, &listen))
        listens->items[listens->count++] = listen;
}

/* Without a virtual host, the server's own. */
static void read_addresses(struct osg_adoption *adoption)
{
    struct osg_conf *site = adoption->site;

    for (size_t i = 0; site != adoption->file && i < site->count; i++)
        add_listen(adoption, site, site->words[i]);
    for (struct osg_conf *at = osg_adopt_next(site, NULL); at != NULL && site == adoption->file;
         at = osg_adopt_next(site, at)) {
        if (osg_conf_is(at, "Listen") && at->count > 0)
            add_listen(adoption, at, at->words[0]);
    }
}

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

/* A program, a variable or a format of its own stays as it is. */
static bool read_log(struct osg_adoption *adoption, struct osg_conf *conf)
{
    struct osg_word *log = &adoption->topology->site.log;

    if (log->text != NULL || conf->count == 0 || conf->count > 2 ||
        (conf->count == 2 && !is_usual(conf->words[1])) ||
        !osg_file_name_check(conf->words[0], NULL) || !osg_adopt_is_clean(adoption, conf->words[0]))
        return false;
    *log = osg_adopt_word(conf, 0);
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

/* It has had its effect on the lines that follow it. */
static bool read_define(struct osg_adoption *adoption, struct osg_conf *conf)
{
    (void)adoption;
    return conf->count == 2;
}

static const struct osg_adopt_row name_rows[] = {
    {"ServerName", read_name},
    {"ServerAlias", read_alias},
};

static const struct osg_adopt_row site_rows[] = {
    {"CustomLog", read_log},
    {"TransferLog", read_log},
    {"ErrorLog", read_error_log},
    {"ProxyPreserveHost", read_preserve},
    {"RequestHeader", read_request_header},
    {"Header", read_header},
};

static const struct osg_adopt_row server_rows[] = {
    {"ProxyRequests", read_requests},
    {"ExtendedStatus", read_extended},
    {"Define", read_define},
};

#define ROWS(rows) rows, sizeof rows / sizeof *(rows)

void osg_adopt_site(struct osg_adoption *adoption, const char *site)
{
    struct osg_site *model = &adoption->topology->site;

    model->aliases.items =
        osg_arena_alloc(adoption->arena, OSG_ADOPT_WORDS * sizeof *model->aliases.items);
    model->listens.items =
        osg_arena_alloc(adoption->arena, OSG_ADOPT_WORDS * sizeof *model->listens.items);
    osg_adopt_rows(adoption, adoption->site, ROWS(name_rows));
    complete_name(adoption, site);
    read_addresses(adoption);
    osg_adopt_rows(adoption, adoption->site, ROWS(site_rows));
    osg_adopt_rows(adoption, adoption->file, ROWS(server_rows));
    osg_adopt_rows(adoption, adoption->site, ROWS(server_rows));
}
