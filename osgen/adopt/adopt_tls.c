/* SPDX-License-Identifier: Apache-2.0 */
/* TLS of the site, and what leads to it. */
#include "adopt_parts.h"
#include "base/arena.h"
#include "problem/problem.h"
#include "topology/quote.h"

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

#define ROWS(rows) (rows), sizeof(rows) / sizeof *(rows)

/* Of the server as a whole, if the site says none. */
static void read_certificates(struct osg_adoption *adoption)
{
    struct osg_tls *tls = &adoption->topology->site.tls;

    osg_adopt_rows(adoption, adoption->site, ROWS(file_rows));
    if (tls->certificate.text == NULL)
        osg_adopt_managed(adoption);
    if (tls->certificate.text == NULL && tls->managed.place.line == 0)
        osg_adopt_rows(adoption, adoption->file, ROWS(file_rows));
    if (tls->certificate.text == NULL && tls->managed.place.line == 0)
        osg_error(adoption->problems, OSG_NO_CODE, tls->place,
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
