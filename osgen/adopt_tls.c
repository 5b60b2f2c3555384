/* SPDX-License-Identifier: Apache-2.0 */
/* TLS of the site, and what leads to it. */
#include "adopt_parts.h"
#include "arena.h"
#include "problem.h"
#include "quote.h"

#include "core/parse.h"
#include "core/vocabulary.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DAY       86400
#define MOST_DAYS 3650

/* ---- files ----------------------------------------------------------------------------------- */

/* The first is the key's value; another one, of another kind of key, stays as it is. */
static bool read_file(struct osg_adoption *adoption, const struct osg_conf *conf,
                      struct osg_word *file)
{
    if (file->text != NULL || !osg_adopt_is_one(adoption, conf) ||
        !osg_file_name_check(conf->words[0], NULL))
        return false;
    *file = osg_adopt_word(conf, 0);
    return true;
}

static bool read_certificate(struct osg_adoption *adoption, struct osg_conf *conf)
{
    return read_file(adoption, conf, &adoption->topology->site.tls.certificate);
}

static bool read_key(struct osg_adoption *adoption, struct osg_conf *conf)
{
    return read_file(adoption, conf, &adoption->topology->site.tls.key);
}

static bool read_chain(struct osg_adoption *adoption, struct osg_conf *conf)
{
    return read_file(adoption, conf, &adoption->topology->site.tls.chain);
}

/* ---- protocols ------------------------------------------------------------------------------- */

#define TLS_1_0 4u
#define TLS_1_1 8u

static unsigned protocols_of(const char *name)
{
    static const struct {
        const char *name;
        unsigned bits;
    } protocols[] = {{"all", OSG_TLS_1_2 | OSG_TLS_1_3 | TLS_1_0 | TLS_1_1},
                     {"TLSv1", TLS_1_0},
                     {"TLSv1.1", TLS_1_1},
                     {"TLSv1.2", OSG_TLS_1_2},
                     {"TLSv1.3", OSG_TLS_1_3}};

    for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++) {
        if (strcasecmp(name, protocols[i].name) == 0)
            return protocols[i].bits;
    }
    return 0;
}

/* As httpd adds them up: a word without a sign begins anew. */
static bool read_protocols(struct osg_adoption *adoption, struct osg_conf *conf)
{
    unsigned protocols = 0;

    for (size_t i = 0; i < conf->count; i++) {
        const char *word = conf->words[i];
        unsigned bits = protocols_of(word + strspn(word, "+-"));

        if (word[0] == '-')
            protocols &= ~bits;
        else
            protocols = word[0] == '+' ? protocols | bits : bits;
    }
    if ((protocols & (TLS_1_0 | TLS_1_1)) != 0)
        osg_adopt_lose(adoption, conf, "not carried over: TLS older than 1.2, which is broken");
    protocols &= OSG_TLS_1_2 | OSG_TLS_1_3;
    if (protocols != 0)
        adoption->topology->site.tls.protocols = protocols;
    return true;
}

/* osgen's own choice takes its place. */
static bool read_choice(struct osg_adoption *adoption, struct osg_conf *conf)
{
    if (adoption->own)
        return true;
    return osg_adopt_lose(
        adoption, conf,
        "not carried over: osgen writes ciphers and settings of TLS that are safe "
        "today");
}

static bool is_nothing_new(struct osg_adoption *adoption, struct osg_conf *conf)
{
    (void)adoption;
    return osg_adopt_has(conf, 0, "off");
}

static bool read_engine(struct osg_adoption *adoption, struct osg_conf *conf)
{
    struct osg_tls *tls = &adoption->topology->site.tls;

    if (!osg_adopt_has(conf, 0, "on"))
        return osg_adopt_has(conf, 0, "off");
    tls->on = true;
    tls->place = conf->place;
    return true;
}

/* ---- strict transport security --------------------------------------------------------------- */

static bool take_days(struct osg_adoption *adoption, const struct osg_conf *conf, const char *value)
{
    uint32_t *days = &adoption->topology->site.tls.hsts_days;
    const char *age = strcasestr(value, "max-age=");
    char *end;
    unsigned long seconds;

    if (age == NULL)
        return false;
    age += strlen("max-age=");
    age += *age == '"';
    seconds = strtoul(age, &end, 10);
    if (end == age)
        return false;
    *days = seconds / DAY >= MOST_DAYS ? MOST_DAYS : (uint32_t)((seconds + DAY - 1) / DAY);
    if ((unsigned long)*days * DAY != seconds)
        osg_adopt_lose(adoption, conf, "of this time there remain %u days", *days);
    if (strchr(end, ';') != NULL)
        osg_adopt_lose(adoption, conf, "not carried over: what this header says beside its time");
    return true;
}

static bool read_header(struct osg_adoption *adoption, struct osg_conf *conf)
{
    size_t at = osg_adopt_has(conf, 0, "always") || osg_adopt_has(conf, 0, "onsuccess");

    if (!osg_adopt_has(conf, at + 1, "Strict-Transport-Security") || conf->count < at + 3 ||
        !adoption->topology->site.tls.on)
        return false;
    return take_days(adoption, conf, conf->words[at + 2]);
}

/* ---- to instances ---------------------------------------------------------------------------- */

static bool speaks_https(const struct osg_topology *topology)
{
    for (size_t i = 0; i < topology->instances.count; i++) {
        if (strcmp(topology->instances.items[i].url.scheme->name, "https") == 0)
            return true;
    }
    return false;
}

static struct osg_word *given_authorities(struct osg_adoption *adoption)
{
    struct osg_checks *health = &adoption->topology->balance.health;

    return &health->given[osb_health_find(OSB_KEY_TLS_CA) - osb_health_settings];
}

/* For the checks as well as for users' requests. */
static bool read_authorities(struct osg_adoption *adoption, struct osg_conf *conf)
{
    struct osg_word *given = given_authorities(adoption);
    struct osb_health health = osb_health_defaults();

    if (!adoption->topology->balance.health.on || !speaks_https(adoption->topology) ||
        !osg_adopt_is_one(adoption, conf) ||
        !osb_health_set(&health, OSB_KEY_TLS_CA, conf->words[0], NULL))
        return false;
    if (given->text == NULL)
        *given = osg_adopt_word(conf, 0);
    return strcmp(given->text, conf->words[0]) == 0;
}

static bool read_proxy_engine(struct osg_adoption *adoption, struct osg_conf *conf)
{
    return osg_adopt_has(conf, 0, "off") || speaks_https(adoption->topology);
}

static bool read_proxy_verify(struct osg_adoption *adoption, struct osg_conf *conf)
{
    const char *usual = osg_conf_is(conf, "SSLProxyVerify") ? "require" : "10";

    return given_authorities(adoption)->text != NULL && osg_adopt_has(conf, 0, usual);
}

static bool read_proxy_name(struct osg_adoption *adoption, struct osg_conf *conf)
{
    if (!osg_adopt_has(conf, 0, "off"))
        osg_adopt_lose(adoption, conf,
                       "not carried over: instances are asked by the site's name, which isn't in "
                       "their certificates");
    return true;
}

/* ---- a managed certificate ------------------------------------------------------------------- */

static bool read_contact(struct osg_adoption *adoption, struct osg_conf *conf)
{
    struct osg_word *contact = &adoption->topology->site.tls.managed.contact;

    if (!osg_adopt_is_one(adoption, conf))
        return false;
    *contact = osg_adopt_word(conf, 0);
    if (strncasecmp(contact->text, "mailto:", 7) == 0)
        contact->text += 7;
    return true;
}

static bool read_agreement(struct osg_adoption *adoption, struct osg_conf *conf)
{
    adoption->topology->site.tls.managed.agreement =
        (struct osg_word){.text = "accepted", .place = conf->place};
    return true;
}

static bool read_authority(struct osg_adoption *adoption, struct osg_conf *conf)
{
    return read_file(adoption, conf, &adoption->topology->site.tls.managed.authority);
}

static const struct osg_adopt_row managed_rows[] = {
    {"MDContactEmail", read_contact},
    {"MDCertificateAgreement", read_agreement},
    {"MDCertificateAuthority", read_authority},
};

static const struct osg_adopt_row engine_rows[] = {{"SSLEngine", read_engine}};

static const struct osg_adopt_row file_rows[] = {
    {"SSLCertificateFile", read_certificate},
    {"SSLCertificateKeyFile", read_key},
    {"SSLCertificateChainFile", read_chain},
};

static const struct osg_adopt_row tls_rows[] = {
    {"SSLProtocol", read_protocols},
    {"SSLCipherSuite", read_choice},
    {"SSLHonorCipherOrder", read_choice},
    {"SSLSessionTickets", read_choice},
    {"SSLCompression", is_nothing_new},
    {"SSLInsecureRenegotiation", is_nothing_new},
    {"Header", read_header},
};

static const struct osg_adopt_row proxy_rows[] = {
    {"SSLProxyEngine", read_proxy_engine},      {"SSLProxyCACertificateFile", read_authorities},
    {"SSLProxyVerify", read_proxy_verify},      {"SSLProxyVerifyDepth", read_proxy_verify},
    {"SSLProxyCheckPeerName", read_proxy_name}, {"SSLProxyCheckPeerCN", read_proxy_name},
};

#define ROWS(rows) rows, sizeof rows / sizeof *(rows)

static bool is_managed(struct osg_adoption *adoption, const struct osg_conf *conf)
{
    const char *name = adoption->topology->site.name.text;

    for (size_t i = 0; osg_conf_is(conf, "MDomain") && i < conf->count; i++) {
        if (name != NULL && strcasecmp(conf->words[i], name) == 0)
            return true;
    }
    return false;
}

/* "<MDomain NAMES>" with its settings inside, or "MDomain NAMES" with them beside it. */
static void read_managed(struct osg_adoption *adoption)
{
    for (struct osg_conf *at = osg_adopt_next(adoption->file, NULL); at != NULL;
         at = osg_adopt_next(adoption->file, at)) {
        if (!is_managed(adoption, at))
            continue;
        adoption->topology->site.tls.managed.place = at->place;
        osg_adopt_rows(adoption, at->is_section ? at : adoption->file, ROWS(managed_rows));
        at->taken = !at->is_section;
        return;
    }
}

/* Of the server as a whole, if the site says none. */
static void read_certificates(struct osg_adoption *adoption)
{
    struct osg_tls *tls = &adoption->topology->site.tls;

    osg_adopt_rows(adoption, adoption->site, ROWS(file_rows));
    if (tls->certificate.text == NULL)
        read_managed(adoption);
    if (tls->certificate.text == NULL && tls->managed.place.line == 0)
        osg_adopt_rows(adoption, adoption->file, ROWS(file_rows));
    if (tls->certificate.text == NULL && tls->managed.place.line == 0)
        osg_error(adoption->problems, tls->place,
                  "the site speaks TLS, and this file doesn't name its certificate");
}

static void read_redirect(struct osg_adoption *adoption)
{
    struct osg_tls *tls = &adoption->topology->site.tls;

    for (size_t i = 0; i < adoption->topology->site.listens.count; i++) {
        if (adoption->topology->site.listens.items[i].port == 80)
            adoption->redirect = NULL;
    }
    tls->redirect = adoption->redirect != NULL;
}

void osg_adopt_tls(struct osg_adoption *adoption)
{
    struct osg_tls *tls = &adoption->topology->site.tls;

    osg_adopt_rows(adoption, adoption->site, ROWS(proxy_rows));
    if (!tls->on)
        return;
    tls->hsts_days = 0;
    read_certificates(adoption);
    osg_adopt_rows(adoption, adoption->site, ROWS(tls_rows));
    read_redirect(adoption);
}

void osg_adopt_engine(struct osg_adoption *adoption)
{
    osg_adopt_rows(adoption, adoption->site, ROWS(engine_rows));
}
