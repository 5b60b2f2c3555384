/* SPDX-License-Identifier: Apache-2.0 */
#include "subject.h"
#include "standing.h"
#include "base/arena.h"

#include "core/vocabulary.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#define EVERY_RULE "who comes in must meet every rule"
#define MANAGED    "mod_md's certificate for"
#define PASSWORDS  "passwords"
#define STICKY     "sticky sessions by the cookie"
#define TLS        "TLS"
#define UPLOADS    "the greatest upload in bytes"

/* The first row that fits counts. */
static const struct row {
    const char *name;           /* of the directive */
    const char *lead;           /* what its value begins with, which isn't shown; NULL: anything */
    struct osg_subject subject; /* without words, the directive's name */
} rows[] = {
    {"<VirtualHost>", NULL, {.words = "the site's addresses"}},
    {"<Proxy>", NULL, {.words = "the balancer"}},
    {"ServerName", NULL, {.words = "the site's name"}},
    {"ServerAlias", NULL, {.words = "the site's other names"}},
    {"Redirect", "permanent / ", {.words = "who comes without TLS is sent to"}},
    {"RewriteCond",
     "expr \"%{HTTP:Content-Length} -gt ",
     {UPLOADS, .comes = "uploads are refused that have more bytes than", .between = " ",
      .goes = "uploads of any size pass"}},
    {"RewriteEngine", NULL, {.leader = UPLOADS}},
    {"RewriteRule", "^ - [R=413,L]", {.leader = UPLOADS}},
    {"SSLEngine", NULL, {.words = TLS}},
    {"SSLCertificateFile", NULL, {.words = "the certificate"}},
    {"SSLCertificateKeyFile", NULL, {.words = "the certificate's key"}},
    {"SSLCertificateChainFile", NULL, {.words = "the certificate's chain"}},
    {"<MDomain>", NULL, {.words = MANAGED}},
    {"MDContactEmail", NULL, {.words = "the certificate's contact", .leader = MANAGED}},
    {"MDCertificateAgreement", NULL, {.leader = MANAGED}},
    {"MDCertificateAuthority", NULL, {.words = "the certificate's authority", .leader = MANAGED}},
    {"SSLProtocol", "-all ", {.words = "versions of TLS", .leader = TLS}},
    {"SSLCipherSuite", NULL, {.words = "ciphers of TLS", .leader = TLS}},
    {"SSLHonorCipherOrder", NULL, {.leader = TLS}},
    {"SSLSessionTickets", NULL, {.leader = TLS}},
    {"Header",
     "always set Strict-Transport-Security ",
     {.words = "browsers are told to come by https alone"}},
    {"Header", "add Set-Cookie ", {.words = "the cookie of sticky sessions", .leader = STICKY}},
    {"CustomLog", NULL, {.words = "the log of requests"}},
    {"ErrorLog", NULL, {.words = "the log of errors"}},
    {"AuthUserFile", NULL, {.words = PASSWORDS}},
    {"AuthLDAPURL", NULL, {.words = PASSWORDS}},
    {"AuthType", NULL, {.leader = PASSWORDS}},
    {"AuthName", NULL, {.leader = PASSWORDS}},
    {"AuthBasicProvider", NULL, {.leader = PASSWORDS}},
    {"RequestHeader", "unset Authorization", {.words = "Authorization", .leader = PASSWORDS}},
    {"RequestHeader",
     "unset X-Forwarded-For early",
     {.words = "X-Forwarded-For",
      .comes = "what clients write into X-Forwarded-For isn't passed on",
      .goes = "what clients write into X-Forwarded-For is passed on"}},
    {"<RequireAll>",
     NULL,
     {EVERY_RULE, .comes = EVERY_RULE,
      .goes = "who comes in needs to meet "
              "one rule only"}},
    {"<RequireAny>", NULL, {.leader = EVERY_RULE}},
    {"Require", NULL, {.words = "who may come in"}},
    {"ProxySet", "lbmethod=", {.words = "the balancing method"}},
    {"ProxySet", "stickysession=", {.words = STICKY}},
    {OSB_DIRECTIVE_HEALTH, "off", {.words = ""}},
    {OSB_DIRECTIVE_HEALTH,
     "on",
     {.words = "the checks",
      .comes = "instances are checked from now on",
      .between = ", ",
      .goes = "instances aren't checked any more"}},
    {OSB_DIRECTIVE_FAILOVER, "off", {.words = ""}},
    {OSB_DIRECTIVE_FAILOVER,
     "on",
     {.words = "failover",
      .comes = "what an instance can't serve goes to another one",
      .between = ", ",
      .goes = "what an instance can't serve goes to no other one"}},
};

static const struct row *row_of(const struct osg_directive *directive)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *lead = rows[i].lead;

        if (strcasecmp(rows[i].name, directive->name) == 0 &&
            (lead == NULL || strncasecmp(directive->value, lead, strlen(lead)) == 0))
            return &rows[i];
    }
    return NULL;
}

/* What stands behind the LEAD of the value, up to the quote that the lead may open. */
static const char *behind(struct osg_arena *arena, const char *value, const char *lead)
{
    value += strlen(lead);
    value += strspn(value, " ");
    return strchr(lead, '"') == NULL ? value : osg_arena_copy(arena, value, strcspn(value, "\""));
}

struct osg_subject osg_subject_of(struct osg_arena *arena, const struct osg_directive *directive)
{
    const struct row *row = row_of(directive);
    struct osg_subject subject = osg_subject_of_path(arena, directive);

    if (subject.words != NULL)
        return subject;
    if (row != NULL)
        subject = row->subject;
    if (subject.words == NULL)
        subject.words = directive->name;
    subject.value = directive->value;
    if (row != NULL && row->lead != NULL)
        subject.value = behind(arena, subject.value, row->lead);
    else
        subject.key = osg_subject_key(directive);
    return subject;
}
