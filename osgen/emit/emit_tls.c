/* SPDX-License-Identifier: Apache-2.0 */
/* TLS: the site's own, and what leads to it. */
#include "emit.h"
#include "base/text.h"
#include "topology/quote.h"
#include "topology/topology.h"

#include <string.h>

/* What all browsers of these years speak, with forward secrecy; mod_ssl's list is for 1.2 and
 * below. */
#define CIPHERS                                                                                \
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:" \
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"

static void emit_word(struct osg_text *text, const char *directive, const struct osg_word *word)
{
    if (word->text == NULL)
        return;
    osg_text_put(text, directive);
    osg_quote(text, NULL, word->text);
    osg_text_put(text, "\n");
}

void osg_emit_names(struct osg_text *text, const struct osg_site *site)
{
    osg_text_printf(text, "    ServerName %s\n", site->name.text);
    for (size_t i = 0; i < site->aliases.count; i++)
        osg_text_printf(text, "    ServerAlias %s\n", site->aliases.items[i].text);
}

static void emit_managed(struct osg_text *text, const struct osg_site *site)
{
    const struct osg_managed *managed = &site->tls.managed;

    osg_text_printf(text,
                    "# mod_md gets a certificate for these names, and renews it\n"
                    "<MDomain %s",
                    site->name.text);
    for (size_t i = 0; i < site->aliases.count; i++)
        osg_text_printf(text, " %s", site->aliases.items[i].text);
    osg_text_put(text, ">\n");
    emit_word(text, "    MDContactEmail ", &managed->contact);
    emit_word(text, "    MDCertificateAgreement ", &managed->agreement);
    emit_word(text, "    MDCertificateAuthority ", &managed->authority);
    osg_text_put(text, "</MDomain>\n\n");
}

/* Does one of the first COUNT stand on that ADDRESS? */
static bool was_seen(const struct osg_listens *listens, size_t count, const char *address)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(listens->items[i].address, address) == 0)
            return true;
    }
    return false;
}

/* The port that a URL must name; 0: none, since it is that of https. */
static uint32_t port_of(const struct osg_listens *listens)
{
    for (size_t i = 0; i < listens->count; i++) {
        if (listens->items[i].port == 443)
            return 0;
    }
    return listens->items[0].port;
}

static void emit_redirect(struct osg_text *text, const struct osg_site *site)
{
    uint32_t port = port_of(&site->listens);

    osg_text_put(text, "# Whoever comes without TLS is sent to it\n<VirtualHost");
    for (size_t i = 0; i < site->listens.count; i++) {
        if (!was_seen(&site->listens, i, site->listens.items[i].address))
            osg_text_printf(text, " %s:80", site->listens.items[i].address);
    }
    osg_text_put(text, ">\n");
    osg_emit_names(text, site);
    osg_text_printf(text, "    Redirect permanent / https://%s", site->name.text);
    if (port != 0)
        osg_text_printf(text, ":%u", port);
    osg_text_put(text, "/\n</VirtualHost>\n\n");
}

void osg_emit_before_site(struct osg_text *text, const struct osg_site *site)
{
    if (!site->tls.on)
        return;
    if (site->tls.managed.place.line > 0)
        emit_managed(text, site);
    if (site->tls.redirect)
        emit_redirect(text, site);
}

static void emit_protocols(struct osg_text *text, unsigned protocols)
{
    osg_text_put(text, "    SSLProtocol -all");
    osg_text_put(text, (protocols & OSG_TLS_1_2) != 0 ? " +TLSv1.2" : "");
    osg_text_put(text, (protocols & OSG_TLS_1_3) != 0 ? " +TLSv1.3" : "");
    osg_text_put(text, "\n");
    if ((protocols & OSG_TLS_1_2) != 0)
        osg_text_put(text, "    SSLCipherSuite " CIPHERS "\n");
    osg_text_put(text, "    SSLHonorCipherOrder off\n"
                       "    SSLSessionTickets off\n");
}

void osg_emit_tls(struct osg_text *text, const struct osg_tls *tls)
{
    if (!tls->on)
        return;
    osg_text_put(text, "\n"
                       "    # TLS, by protocols and ciphers that are safe today\n"
                       "    SSLEngine on\n");
    emit_word(text, "    SSLCertificateFile ", &tls->certificate);
    emit_word(text, "    SSLCertificateKeyFile ", &tls->key);
    emit_word(text, "    SSLCertificateChainFile ", &tls->chain);
    emit_protocols(text, tls->protocols);
    if (tls->hsts_days > 0)
        osg_text_printf(text,
                        "\n"
                        "    # For %u days after a visit, browsers come by https alone\n"
                        "    Header always set Strict-Transport-Security max-age=%u\n",
                        tls->hsts_days, tls->hsts_days * 86400);
}
