/* SPDX-License-Identifier: Apache-2.0 */
/* What the site is called, and where it answers. */
#include "adopt_parts.h"
#include "base/arena.h"
#include "problem/problem.h"
#include "topology/address.h"

#include "core/message.h"

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
        return !osg_error(adoption->problems, OSG_NO_CODE, conf->place, "%s", why.text);
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
        osg_error(adoption->problems, OSG_NO_CODE, adoption->site->place,
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

static const struct osg_adopt_row name_rows[] = {
    {"ServerName", read_name},
    {"ServerAlias", read_alias},
};

void osg_adopt_names(struct osg_adoption *adoption, const char *site)
{
    struct osg_site *model = &adoption->topology->site;

    model->aliases.items =
        osg_arena_alloc(adoption->arena, OSG_ADOPT_WORDS * sizeof *model->aliases.items);
    model->listens.items =
        osg_arena_alloc(adoption->arena, OSG_ADOPT_WORDS * sizeof *model->listens.items);
    osg_adopt_rows(adoption, adoption->site, name_rows, sizeof name_rows / sizeof *name_rows);
    complete_name(adoption, site);
    read_addresses(adoption);
}
