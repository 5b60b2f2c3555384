/* SPDX-License-Identifier: Apache-2.0 */
#include "codes.h"

static const struct osg_code_row rows[] = {
    {.code = OSG_PLAIN_HTTP,
     .name = "plain-http",
     .title = "plain HTTP on a public name",
     .why = "Users' passwords and patients' data go over the network readable and unprotected. "
            "Public is a name with a dot that doesn't end in what is kept for networks of one's "
            "own (internal, intranet, lan, local, localhost, test and the like), and an address "
            "that isn't private.",
     .mend = "Give the site a tls: a certificate, or managed. If something in front of this host "
             "has the TLS, silence it."},
    {.code = OSG_ONE_MEMBER,
     .name = "one-member",
     .title = "only one instance serves",
     .why = "When it is restarted, hangs or loses its database, nobody can take its users: checks "
            "and failover have nobody to go to.",
     .mend = "Add a second instance, or enable one; one on standby is enough."},
    {.code = OSG_FEW_THREADS,
     .name = "few-threads",
     .title = "httpd passes on more requests at once than all instances work on",
     .why =
         "What is beyond maxThreads waits in Tomcat. With all threads taken Tomcat gives no "
         "sign of life either, so that under load checks would find instances hung that are only "
         "busy, and the others would get their users too.",
     .mend = "Raise max_threads of the instances, here and in Tomcat's connector, or lower "
             "MaxRequestWorkers. Look whether the database has connections for that many threads."},
    {.code = OSG_FEW_THREADS_LEFT,
     .name = "few-threads-left",
     .title = "without one instance the others can't work on all that httpd passes on",
     .why = "All is well until an instance is out, which is what the others are for: then their "
            "threads are all taken under load, and checks may find them hung one after the other.",
     .mend = "Raise max_threads of the instances, here and in Tomcat's connector, so that all but "
             "one have as many as MaxRequestWorkers; or add an instance."},
    {.code = OSG_FEW_CONNECTIONS,
     .name = "few-connections",
     .title = "httpd may hold more connections than an instance takes",
     .why = "Each of httpd's workers may keep a connection to each instance, also an idle one. "
            "What is beyond maxConnections isn't accepted: it waits until another one is closed, "
            "or its time is over, and so do the checks.",
     .mend = "Leave max_connections out, here and in Tomcat's connector, whose default is 8192, or "
             "make it larger than MaxRequestWorkers: the checks and OpenSpecimen's other users "
             "have connections too."},
    {.code = OSG_IDLE_THREADS,
     .name = "idle-threads",
     .title = "an instance takes fewer connections than it has threads",
     .why = "A thread works on a request, and a request has a connection: the threads beyond "
            "max_connections never work.",
     .mend = "Make max_connections larger than max_threads, or leave it out."},
    {.code = OSG_LONG_CONNECT,
     .name = "long-connect",
     .title = "connect_timeout is longer than timeout",
     .why = "A user would wait longer for a connection than for the answer to a whole request. "
            "Within a network a connection takes milliseconds, or never comes.",
     .mend = "Leave connect_timeout at its 5s, or make it shorter than timeout."},
    {.code = OSG_SLOW_CHECK,
     .name = "slow-check",
     .title = "checks wait longer for an answer than users' requests do",
     .why = "An instance that answers slower than timeout is well for the checks, while every "
            "user's request to it ends in an error.",
     .mend = "Make health.timeout shorter than timeout."},
    {.code = OSG_LATE_CHECK,
     .name = "late-check",
     .title = "users' requests give up before the checks can take an instance out",
     .why = "An instance that hangs is out after fall times interval, and timeout, of the checks "
            "at the latest. What waits there is saved only if it waits that long.",
     .mend = "Make health.interval or fall smaller, or timeout larger; OpenSpecimen's exports take "
             "minutes."},
    {.code = OSG_IDLE_SILENCE,
     .name = "idle-silence",
     .title = "a silence that silences nothing",
     .why = "What it was for is gone. It would silence the next such warning too, which nobody "
            "has seen.",
     .mend = "Take it out. In a file that several sites include, where it is for one of them, "
             "silence this one there too."},
    {.code = OSG_SHARED_LOG,
     .name = "shared-log",
     .title = "two topologies that write one log",
     .why = "Whose a line is can't be told, and logrotate refuses a file that two of its rules "
            "name.",
     .mend = "Give each site a log and an error_log of its own."},
    {.code = OSG_WIDER_NAME,
     .name = "wider-name",
     .title = "a name of one topology that is among those of an alias of another one",
     .why = "httpd takes the first virtual host whose names fit, so that the order in which it "
            "reads the two files decides which site users get.",
     .mend = "Name the aliases one by one, or see to it that the file of the site with the single "
             "name is included first, and silence it."},
    {.code = OSG_UNVERIFIED_HTTPS,
     .name = "unverified-https",
     .title = "https:// to an instance whose certificate httpd doesn't verify",
     .why = "Whoever is between httpd and the instance can answer in its place, and reads the "
            "passwords of users. The checks verify certificates; users' requests go on other "
            "connections.",
     .mend = "Name the authority that signed the instances' certificates: balance: {health: "
             "{tls_ca: /etc/ssl/our-ca.pem}}. Let it be one of your own, since httpd takes every "
             "certificate that it signed."},
    {.code = OSG_NO_CHECKS,
     .name = "no-checks",
     .title = "health is off",
     .why = "httpd by itself notices only what takes no connection: an instance without its "
            "database, or that answers 404 to everything, goes on getting its share of users. "
            "Without checks there are no failover and no status page either.",
     .mend = "Take health: off out of balance."},
    {.code = OSG_NO_FAILOVER,
     .name = "no-failover",
     .title = "failover is off",
     .why = "What a user asks of a bad instance could be answered by another one, until the checks "
            "have taken the bad one out.",
     .mend = "Take failover: off out of balance. Nothing that changes data is ever sent twice."},
    {.code = OSG_ONE_HOST,
     .name = "one-host",
     .title = "all instances are on one host",
     .why = "They share its power, its disk, its kernel and its updates: what takes one away takes "
            "all.",
     .mend = "Put one of them on another host. If this host is only for trying things out, silence "
             "it."},
    {.code = OSG_SHORT_SECRET,
     .name = "short-secret",
     .title = "a secret that can be guessed",
     .why = "Tomcat believes whoever knows it, the user's name included, and nobody counts wrong "
            "guesses.",
     .mend = "openssl rand -hex 24 makes a good one. It changes in Tomcat's server.xml too, which "
             "osgen render -t tomcat writes."},
    {.code = OSG_IDLE_RETRIES,
     .name = "idle-retries",
     .title = "more retries than there are other instances",
     .why = "No instance is asked twice for one request, so that the other retries never happen, "
            "although somebody counts on them.",
     .mend = "Make retries as many as there are instances beside one, or leave it out."},
    {.code = OSG_PAIR_MANAGED,
     .name = "pair-managed",
     .title = "a pair of hosts, and a certificate that each gets by itself",
     .why = "The authority asks the site's name for a proof, which leads to the host that has the "
            "addresses. The other one has no valid certificate when it takes them over.",
     .mend = "Get the certificate once and copy it to both, as files of tls. If both hosts share "
             "mod_md's store (MDStoreDir), silence it."},
    {.code = OSG_UNSEEN_PAGE,
     .name = "unseen-page",
     .title = "a status page that the balancer's own host isn't let see",
     .why = "osgen try and apply ask it whether httpd has taken a change and who can serve then; "
            "without it they don't begin.",
     .mend = "Write 127.0.0.1 into admin.allow beside the others, and satisfy: any where there are "
             "users. If changes are made with --no-wait or --status-url, silence it."},
    {.code = OSG_PLAIN_MEMBER,
     .name = "plain-member",
     .title = "plain HTTP to an instance at a public address",
     .why = "What users send and get goes on from httpd to the instance unencrypted, whatever TLS "
            "the site has. Public is a name with a dot and an address as for plain-http.",
     .mend = "Write https://, with balance: {health: {tls_ca: ...}}. If the way to the instance is "
             "private, a tunnel or a network of the hosts' own, silence it."},
    {.code = OSG_PLAIN_LDAP,
     .name = "plain-ldap",
     .title = "passwords go to a directory unencrypted",
     .why = "httpd asks the directory about each password that it is given, and ldap:// says it in "
            "plain words.",
     .mend = "Write ldaps://, for which httpd wants the directory's authority in "
             "LDAPTrustedGlobalCert. If LDAPTrustedMode is STARTTLS, silence it."},
};

const struct osg_code_group osg_lint_codes = {.title = "Risks that check alone tells",
                                              .severity = OSG_WARNING,
                                              .rows = rows,
                                              .count = sizeof rows / sizeof *rows};
