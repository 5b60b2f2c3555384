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
};

const struct osg_code_group osg_lint_codes = {.title = "Risks that check alone tells",
                                              .severity = OSG_WARNING,
                                              .rows = rows,
                                              .count = sizeof rows / sizeof *rows};
