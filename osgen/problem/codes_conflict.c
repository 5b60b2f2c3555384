/* SPDX-License-Identifier: Apache-2.0 */
#include "codes.h"

static const struct osg_code_row rows[] = {
    {.code = OSG_DUPLICATE_URL,
     .name = "duplicate-url",
     .title = "two instances with one URL",
     .why = "httpd would take both for one member, and one of them would never be asked.",
     .mend = "Take one out, or mend its host or port. A weight gives an instance a larger share."},
    {.code = OSG_URL_PREFIX,
     .name = "url-prefix",
     .title = "an instance's URL that begins with another's",
     .why = "httpd finds members by the beginning of their URL, and drops the second one with no "
            "more than a line in its log.",
     .mend = "Give both their whole path, or ports of their own."},
    {.code = OSG_DUPLICATE_NAME,
     .name = "duplicate-name",
     .title = "two instances with one name",
     .why = "The sticky cookie, the log and the pages call an instance by its name: users would "
            "be sent to the wrong one.",
     .mend = "Give each a name of its own, or none."},
    {.code = OSG_DUPLICATE_ROUTE,
     .name = "duplicate-route",
     .title = "two instances that the sticky cookie calls the same",
     .why = "An instance without a name is n1, n2 and so on in the cookie, by its place in the "
            "list. If another one bears that name, httpd sends the users of both to one of them.",
     .mend = "Give both a name that is theirs alone."},
    {.code = OSG_DUPLICATE_ENTRY,
     .name = "duplicate-entry",
     .title = "the same thing twice in one list",
     .why = "One of the two was mostly meant to be something else, and httpd warns of some of "
            "them, or takes only the first.",
     .mend = "Take one out."},
    {.code = OSG_HIDDEN_PAGE,
     .name = "hidden-page",
     .title = "a page of the administrators in the way of another one, or of OpenSpecimen",
     .why = "Of two paths of which one begins with the other, httpd answers both by one page; and "
            "where OpenSpecimen's own path is under a page, users would get that page.",
     .mend = "Give the page another path, or switch it off."},
    {.code = OSG_TWO_SECRETS,
     .name = "two-secrets",
     .title = "a secret beside a secret_file",
     .why = "Which of the two holds can't be told.",
     .mend = "Keep the secret_file, and take the secret out of the topology."},
    {.code = OSG_IDLE_SECRET,
     .name = "idle-secret",
     .title = "a secret that nobody is told",
     .why = "Only AJP has one. Over http:// and https:// it would protect nothing, although "
            "somebody thinks so.",
     .mend = "Speak ajp:// to the instance, or take the secret out and let a firewall admit "
             "nobody but httpd."},
    {.code = OSG_HEALTH_ORDER,
     .name = "health-order",
     .title = "times of the checks that contradict each other",
     .why = "A check that may take longer than the interval would still run when the next one is "
            "due, and ping is part of the time that a whole check has.",
     .mend = "ping is at most timeout, and timeout and fast are at most interval. What you leave "
             "out follows by itself."},
    {.code = OSG_NEEDS_HEALTH,
     .name = "needs-health",
     .title = "something that goes by the checks, and health is off",
     .why = "Failover, least-time, the status page and the checks' own settings are nothing "
            "without them.",
     .mend = "Leave health on, which is the default, or take this out."},
    {.code = OSG_NEEDS_LEAST_TIME,
     .name = "needs-least-time",
     .title = "slowstart with another method than least-time",
     .why = "httpd's own methods have no slow start, and would send a cold instance its whole "
            "share at once.",
     .mend = "Write method: least-time, or leave slowstart out; warmup works with every method."},
    {.code = OSG_NO_CERTIFICATE,
     .name = "no-certificate",
     .title = "tls without a certificate",
     .why = "httpd wouldn't start.",
     .mend = "Name the certificate's file and its key's, or let httpd get one: managed."},
    {.code = OSG_MANAGED_FILES,
     .name = "managed-files",
     .title = "files beside a managed certificate",
     .why = "mod_md has files of its own and renews them; which certificate holds couldn't be "
            "told.",
     .mend = "Take out the files, or managed."},
    {.code = OSG_MANAGED_TERMS,
     .name = "managed-terms",
     .title = "an authority's terms of service that nobody accepted",
     .why = "An authority gives no certificate to who doesn't accept its terms, and osgen doesn't "
            "accept them for you.",
     .mend = "Read them, and write agreement: accepted."},
    {.code = OSG_MANAGED_NAME,
     .name = "managed-name",
     .title = "a name that no authority certifies over HTTP",
     .why =
         "It asks the host itself whether it has this name. For wildcards and addresses that "
         "proves nothing, and a name without a dot, or one that ends in internal, lan, local and "
         "the like, leads it nowhere.",
     .mend = "Name the hosts one by one, or give tls a certificate of your own. An authority of "
             "your own is named by its URL, and certifies what it likes."},
    {.code = OSG_REDIRECT_PORT,
     .name = "redirect-port",
     .title = "TLS on port 80, where the redirect to https is",
     .why = "Browsers speak plain HTTP there, so that one port can't do both.",
     .mend = "Let the site listen on 443, or switch tls.redirect off."},
    {.code = OSG_PAIR_HOSTS,
     .name = "pair-hosts",
     .title = "a pair of more or fewer hosts than two",
     .why = "The virtual addresses go from one host to the other; what osgen writes for keepalived "
            "names one peer.",
     .mend = "Name two hosts, or leave pair out."},
    {.code = OSG_PAIR_PRIORITY,
     .name = "pair-priority",
     .title = "two hosts of a pair with one priority",
     .why = "Their addresses would settle who serves, and nobody could tell beforehand.",
     .mend = "Give a higher one to the host that is to have the addresses while both are well."},
    {.code = OSG_PAIR_KINDS,
     .name = "pair-kinds",
     .title = "addresses of a pair that aren't of one kind",
     .why =
         "VRRP is spoken over IPv4 or over IPv6: hosts of different kinds don't hear each other, "
         "and one virtual address at least must be of theirs.",
     .mend = "Give both hosts addresses of one kind, and a virtual address of it."},
    {.code = OSG_PAIR_CHECK_PORT,
     .name = "pair-check-port",
     .title = "a site that listens where the check of its pair asks",
     .why = "keepalived's check has a virtual host of its own on that port of the loopback.",
     .mend = "Give the pair another check_port."},
    {.code = OSG_SAME_SITE,
     .name = "same-site",
     .title = "two topologies with one name at one address and port",
     .why = "httpd takes the virtual host that it reads first, and never the other one; nothing "
            "tells users of the other site why they see this one, or 404.",
     .mend = "Give one of the sites another name, or another address or port. Two contexts under "
             "one name can't be had of two topologies."},
    {.code = OSG_SAME_CHECK_PORT,
     .name = "same-check-port",
     .title = "two topologies whose pairs are asked at one port",
     .why = "httpd listens there once, and answers the checks of both by one of the two sites.",
     .mend = "Leave pair out of one of them: addresses that move with one site move with all that "
             "are on the host. Or give one pair another check_port."},
    {.code = OSG_SAME_ROUTER,
     .name = "same-router",
     .title = "two topologies whose pairs have one number",
     .why = "keepalived takes what the one pair says for the other one's: addresses are given up "
            "or taken that aren't meant.",
     .mend = "Leave pair out of one of them: addresses that move with one site move with all that "
             "are on the host. Or give one pair another virtual_router_id."},
    {.code = OSG_SAME_ADDRESS,
     .name = "same-address",
     .title = "two topologies whose pairs have one virtual address",
     .why = "Two pairs decide about it, each by its own check, and both may have it at once.",
     .mend = "Leave pair out of one of them: both sites may answer at the other one's addresses."},
    {.code = OSG_SAME_JOB,
     .name = "same-job",
     .title = "two topologies of which Prometheus would have two jobs of one name",
     .why = "Prometheus refuses a configuration with two jobs of one name, and would ask both at "
            "one address.",
     .mend = "Give one of the sites another name or port, or switch admin.status off in one."},
    {.code = OSG_SERVER_SETTINGS,
     .name = "server-settings",
     .title = "two topologies that contradict each other for the whole server",
     .why =
         "admin.extended_status and what stands under server are the whole httpd's. Of the first "
         "the one that httpd reads last holds for both; with two of the others it doesn't start.",
     .mend = "Say the same in both, or leave it to one; a file that both include is a good place."},
    {.code = OSG_NEEDS_STICKY,
     .name = "needs-sticky",
     .title = "nofailover without sticky",
     .why = "nofailover keeps a user at the instance that the sticky cookie names; without the "
            "cookie it does nothing.",
     .mend = "Write sticky: on, or take nofailover out; failover: off is that nobody's request "
             "goes to another instance."},
    {.code = OSG_FEW_ATTEMPTS,
     .name = "few-attempts",
     .title = "failover to more instances than maxattempts allows",
     .why = "The lower of the two holds, and one that can't be reached counts as an attempt.",
     .mend =
         "Raise maxattempts or leave it out, lower failover's retries, or write failover: off."},
    {.code = OSG_IDLE_SATISFY,
     .name = "idle-satisfy",
     .title = "satisfy: any with nothing of which one would be enough",
     .why = "It says that an address or a password lets in. With neither of them it does nothing: "
            "a site is open to everybody, and the administrators' pages to this machine alone.",
     .mend = "Name addresses in allow and a file in users, or take satisfy out."},
};

const struct osg_code_group osg_conflict_codes = {.title = "What contradicts each other",
                                                  .severity = OSG_ERROR,
                                                  .rows = rows,
                                                  .count = sizeof rows / sizeof *rows};
