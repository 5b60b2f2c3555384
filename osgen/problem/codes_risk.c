/* SPDX-License-Identifier: Apache-2.0 */
#include "codes.h"

static const struct osg_code_row rows[] = {
    {.code = OSG_OPEN_STATUS_PAGE,
     .name = "open-status-page",
     .title = "everybody may see the administrators' pages",
     .why = "The balancer manager switches instances off at a click, and the status pages name "
            "hosts, versions and what users ask for.",
     .mend = "In admin.allow name the addresses from which administrators come, or ask for a "
             "password with admin.users; pages that nobody needs may be off."},
    {.code = OSG_NO_AJP_SECRET,
     .name = "no-ajp-secret",
     .title = "an AJP instance on another host has no secret",
     .why = "Tomcat believes whoever reaches its AJP port, the user's address and name included, "
            "and hands out files of the webapp (CVE-2020-1938).",
     .mend =
         "Write balance: {secret_file: ajp.secret}, with the same secret in Tomcat's connector, "
         "which osgen render tomcat writes; and a firewall that admits nobody but httpd."},
    {.code = OSG_READABLE_SECRET,
     .name = "readable-secret",
     .title = "a secret in a file that everybody on this host can read",
     .why = "Who knows the secret and reaches the port is believed as httpd is.",
     .mend = "chmod o-r, and a new secret if others had an account here."},
    {.code = OSG_PLAIN_PASSWORD,
     .name = "plain-password",
     .title = "httpd asks for a password on a site without TLS",
     .why = "A browser sends it with every request, readable to whoever is on the way.",
     .mend = "Give the site a tls. If something in front of this host has the TLS, silence it."},
    {.code = OSG_PLAIN_PORT_443,
     .name = "plain-port-443",
     .title = "plain HTTP on port 443",
     .why = "Browsers speak TLS there and would show an error.",
     .mend = "Give the site a tls with its certificate, or take another port."},
    {.code = OSG_SAML_WITHOUT_TLS,
     .name = "saml-without-tls",
     .title = "sign-in by SAML on a site without TLS",
     .why = "The sticky cookie has to come back from the provider's site, and browsers send such "
            "a cookie by https only.",
     .mend = "Give the site a tls. If something in front of this host has the TLS, silence it."},
    {.code = OSG_SAML_STICKY,
     .name = "saml-sticky",
     .title = "sign-in by SAML without sticky sessions",
     .why = "The instance that began a sign-in knows it, and no other one: users whose answer "
            "comes to another instance can't sign in.",
     .mend = "Leave sticky out; with saml it is on."},
    {.code = OSG_HOST_LOOKUP,
     .name = "host-lookup",
     .title = "a rule of access by host name",
     .why = "httpd looks each client's address up and the name that comes of it again, and the "
            "request waits for both. Who can't be looked up isn't let in.",
     .mend = "Write the address or the network."},
    {.code = OSG_ALL_DISABLED,
     .name = "all-disabled",
     .title = "every instance is disabled",
     .why = "Users get 503 from httpd for everything.",
     .mend = "Take disabled from one of them. If the site is closed on purpose, silence it."},
    {.code = OSG_PAIR_NOT_REACHED,
     .name = "pair-not-reached",
     .title = "a virtual address at which the site doesn't listen",
     .why = "Users come to it, and get no answer or another site's.",
     .mend = "Leave listen out, which means every address, or name this one too."},
    {.code = OSG_PAIR_BIND,
     .name = "pair-bind",
     .title = "a site that listens at a virtual address alone",
     .why = "The host that hasn't the address now can't listen there: httpd wouldn't start.",
     .mend = "Listen at every address. If both hosts have net.ipv4.ip_nonlocal_bind, or the one of "
             "IPv6, silence it."},
};

const struct osg_code_group osg_risk_codes = {.title = "Risks that every command tells",
                                              .severity = OSG_WARNING,
                                              .rows = rows,
                                              .count = sizeof rows / sizeof *rows};
