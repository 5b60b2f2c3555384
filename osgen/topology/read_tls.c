/* SPDX-License-Identifier: Apache-2.0 */
#include "address.h"
#include "form.h"
#include "grammar.h"
#include "topology.h"
#include "problem/problem.h"

#include "core/message.h"
#include "core/parse.h"

#include <stdio.h>
#include <string.h>

#define MOST_DAYS 3650

static void add_protocol(struct osg_reader *reader, const struct osg_key *key,
                         const struct osg_node *scalar, void *list)
{
    static const char *const names[] = {"TLSv1.2", "TLSv1.3"};
    static const unsigned bits[] = {OSG_TLS_1_2, OSG_TLS_1_3};
    struct osb_message why;
    size_t index;

    (void)key;
    if (osb_parse_choice(scalar->text, names, sizeof names / sizeof *names, &index, &why))
        *(unsigned *)list |= bits[index];
    else
        osg_error(reader->problems, OSG_NOT_A_CHOICE, scalar->place, "%s; older ones are broken",
                  why.text);
}

static void read_protocols(struct osg_reader *reader, const struct osg_key *key,
                           const struct osg_node *value, void *field)
{
    *(unsigned *)field = 0;
    osg_each_scalar(reader, key, value, add_protocol, field);
}

/* "180d": seconds and minutes make no sense here. */
static void read_days(struct osg_reader *reader, const struct osg_key *key,
                      const struct osg_node *value, void *field)
{
    size_t length = strlen(value->text);
    struct osb_message why;
    char number[8];
    bool on = true;

    if (osg_is_switch(value->text, &on)) {
        *(uint32_t *)field = on ? *(uint32_t *)field : 0;
        return;
    }
    snprintf(number, sizeof number, "%.*s", length > 0 ? (int)length - 1 : 0, value->text);
    if (length < 2 || length > sizeof number || value->text[length - 1] != 'd' ||
        !osb_parse_number(number, key->min, key->max, field, &why))
        osg_error(reader->problems, OSG_BAD_NUMBER, value->place,
                  "\"%.40s\" is neither off nor a whole number of days from %ud to %ud",
                  value->text, key->min, key->max);
}

static void read_managed(struct osg_reader *reader, const struct osg_key *key,
                         const struct osg_node *value, void *field)
{
    ((struct osg_managed *)field)->place = value->place;
    osg_read_part(reader, key, value, field);
}

static void read_agreement(struct osg_reader *reader, const struct osg_key *key,
                           const struct osg_node *value, void *field)
{
    static const char *const names[] = {"accepted"};
    struct osb_message why;
    size_t index;

    (void)key;
    if (osb_parse_choice(value->text, names, 1, &index, &why))
        *(struct osg_word *)field = (struct osg_word){.text = names[index], .place = value->place};
    else
        osg_error(reader->problems, OSG_NOT_A_CHOICE, value->place, "%s", why.text);
}

/* Of the plain kind: letters, digits, . _ + - before the @, and a host name. */
static bool check_mail(const char *text, struct osb_message *why)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789._+-";
    size_t length = strspn(text, plain);

    if (length == 0 || text[length] != '@' || !osg_host_check(text + length + 1, NULL))
        return osb_refuse(why, "\"%.80s\" is not an e-mail address, such as admin@example.org",
                          text);
    return true;
}

static void read_authority(struct osg_reader *reader, const struct osg_key *key,
                           const struct osg_node *value, void *field)
{
    static const char *const names[] = {"LetsEncrypt", "LetsEncrypt-Test", "Buypass",
                                        "Buypass-Test"};
    struct osb_message why;
    struct osg_url url;
    size_t index;

    (void)key;
    if (!osb_parse_choice(value->text, names, sizeof names / sizeof *names, &index, &why) &&
        !(strncmp(value->text, "https://", 8) == 0 &&
          osg_url_parse(reader->arena, value->text, &url, NULL)))
        osg_error(reader->problems, OSG_NOT_A_CHOICE, value->place,
                  "%s; nor is it the https:// URL of an ACME directory", why.text);
    else
        *(struct osg_word *)field = (struct osg_word){.text = value->text, .place = value->place};
}

#define MANAGED(name) offsetof(struct osg_managed, name)

static const struct osg_key managed_keys[] = {
    {.name = "contact",
     .takes = OSG_TAKES_SCALAR,
     .required = true,
     .offset = MANAGED(contact),
     .read = osg_read_word,
     .check = check_mail,
     .help = "the e-mail address that the authority writes to"},
    {.name = "agreement",
     .takes = OSG_TAKES_SCALAR,
     .offset = MANAGED(agreement),
     .read = read_agreement,
     .form = &osg_form_agreement,
     .help = "accepted, which says that the authority's terms of service are"},
    {.name = "authority",
     .takes = OSG_TAKES_SCALAR,
     .offset = MANAGED(authority),
     .read = read_authority,
     .form = &osg_form_authority,
     .help = "the ACME directory's URL, or a name that mod_md knows; default Let's Encrypt"},
};

const struct osg_grammar osg_managed_grammar = {
    .name = "managed", .keys = managed_keys, .count = sizeof managed_keys / sizeof *managed_keys};

#define FIELD(name) offsetof(struct osg_tls, name)

static const struct osg_key keys[] = {
    {.name = "certificate",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(certificate),
     .read = osg_read_file,
     .help =
         "PEM file of the site's certificate, as httpd finds it; with its chain, if it has one"},
    {.name = "key",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(key),
     .read = osg_read_file,
     .help = "PEM file of its key; default: in the certificate's file"},
    {.name = "chain",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(chain),
     .read = osg_read_file,
     .help = "PEM file of the authorities between it and the root, if they have their own"},
    {.name = "managed",
     .takes = OSG_TAKES_SCALAR | OSG_TAKES_MAPPING,
     .offset = FIELD(managed),
     .read = read_managed,
     .inside = &osg_managed_grammar,
     .help = "in place of files: mod_md gets the certificate and renews it"},
    {.name = "protocols",
     .takes = OSG_TAKES_SCALAR | OSG_TAKES_LIST,
     .offset = FIELD(protocols),
     .read = read_protocols,
     .form = &osg_form_protocol,
     .help = "TLSv1.2, TLSv1.3 or a list of both, the default"},
    {.name = "hsts",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(hsts_days),
     .read = read_days,
     .form = &osg_form_days,
     .min = 1,
     .max = MOST_DAYS,
     .help = "for how many days browsers won't come without TLS, or off; default 180d"},
    {.name = "redirect",
     .takes = OSG_TAKES_SCALAR,
     .offset = FIELD(redirect),
     .read = osg_read_switch,
     .help = "on, the default: port 80 leads to https"},
};

const struct osg_grammar osg_tls_grammar = {
    .name = "tls", .keys = keys, .count = sizeof keys / sizeof *keys};
