/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "ask/probe_report.h"
#include "ask/probe_run.h"
#include "base/exit.h"
#include "base/text.h"
#include "problem/console.h"
#include "topology/session.h"

#include "core/message.h"
#include "core/parse.h"
#include "core/vocabulary.h"

enum { WATCH, INTERVAL, TIMEOUT, JSON, NAGIOS, SERVER_ROOT };

static const struct osg_option options[] = {
    [WATCH] = {.letter = 'w', .name = "watch", .help = "asks again and again, until it is ended"},
    [INTERVAL] = {.letter = 'i',
                  .name = "interval",
                  .argument = "TIME",
                  .help = "from one round of --watch to the next; default: that of the checks"},
    [TIMEOUT] = {.letter = 't',
                 .name = "timeout",
                 .argument = "TIME",
                 .help = "for each instance; default: that of the checks"},
    [JSON] = {.name = "json", .help = "for programs; with --watch a line for each round"},
    [NAGIOS] = {.name = "nagios", .help = "one line and exit code of a Nagios plugin"},
    [SERVER_ROOT] = {.name = "server-root",
                     .argument = "DIR",
                     .help = "httpd's ServerRoot, where a relative tls_ca begins"},
};

static bool read_time(const struct osg_arguments *given, int option, const char *key, uint32_t *ms,
                      struct osb_message *why)
{
    const struct osb_setting *row = osb_health_find(key);
    struct osb_message fault;

    if (given->values[option] == NULL ||
        osb_parse_duration(given->values[option], row->min, row->max, ms, &fault))
        return true;
    return osb_refuse(why, "--%s: %s", options[option].name, fault.text);
}

static bool read_wishes(const struct osg_arguments *given, struct osg_probe_wishes *wishes,
                        struct osb_message *why)
{
    bool json = given->values[JSON] != NULL, nagios = given->values[NAGIOS] != NULL;

    *wishes = (struct osg_probe_wishes){.format = &osg_probe_table,
                                        .watch = given->values[WATCH] != NULL,
                                        .server_root = given->values[SERVER_ROOT]};
    if (json && nagios)
        return osb_refuse(why, "--json and --nagios are two formats; one of them is enough");
    if (nagios && wishes->watch)
        return osb_refuse(why, "--nagios is asked once; whoever runs it repeats it");
    if (given->values[INTERVAL] != NULL && !wishes->watch)
        return osb_refuse(why, "--interval is between the rounds of --watch");
    if (json)
        wishes->format = wishes->watch ? &osg_probe_json_lines : &osg_probe_json;
    if (nagios)
        wishes->format = &osg_probe_nagios;
    return read_time(given, INTERVAL, OSB_KEY_INTERVAL, &wishes->interval_ms, why) &&
           read_time(given, TIMEOUT, OSB_KEY_TIMEOUT, &wishes->timeout_ms, why);
}

/* Monitoring wants its line in any case, and has a code of its own for it. */
static int give_up(const struct osg_arguments *given, const char *why, int code)
{
    struct osg_text text = {0};

    if (given->values[NAGIOS] == NULL)
        return code;
    code = osg_probe_nagios_unknown(&text, why);
    osg_print(&text);
    osg_text_free(&text);
    return code;
}

static int probe(const struct osg_arguments *given, const struct osg_session *session,
                 const struct osg_probe_wishes *wishes)
{
    struct osb_message why = {""};
    int code;

    if (osg_probe_run(session->arena, &session->topology, wishes, &code, &why))
        return code;
    osg_say("%s", why.text);
    return give_up(given, why.text, OSG_EXIT_INPUT);
}

static int run(const struct osg_arguments *given)
{
    struct osb_message why = {""};
    struct osg_session session;
    struct osg_probe_wishes wishes;
    int code;

    if (!read_wishes(given, &wishes, &why)) {
        osg_say("%s", why.text);
        return give_up(given, why.text, OSG_EXIT_USAGE);
    }
    if (osg_session_begin(&session, given->operand))
        code = probe(given, &session, &wishes);
    else
        code = give_up(given, "the topology can't be used; osgen check says why", OSG_EXIT_INPUT);
    osg_session_end(&session);
    return code;
}

const struct osg_command osg_probe_command = {
    .name = "probe",
    .operand = "TOPOLOGY",
    .summary = "asks each instance now how it is",
    .help =
        "Checks all instances of the topology side by side, as mod_os_balancer does, and tells\n"
        "how far each check came and what it found. The exit code is 0 if all instances are up\n"
        "that aren't disabled, 1 if one isn't or builds differ, and 3 if the topology has errors\n"
        "or this host can't ask. TIME is as in the topology, such as 500ms or 2s. TOPOLOGY may be\n"
        "- for standard input.\n"
        "\n"
        "With --nagios it is 0 (OK) if all are up, 1 (WARNING) if users are served although one\n"
        "isn't up or builds differ, 2 (CRITICAL) if none is up, 3 (UNKNOWN) if that can't be told.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
