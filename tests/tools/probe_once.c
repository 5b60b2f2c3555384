/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks members with the module's own probes and prints what was found, a JSON object each, in
 * the order in which they are done. For tests and for looking at a node by hand.
 *
 *   probe_once TIMEOUT SECRET SCHEME:HOST:PORT:CONTEXT...
 *
 * PROBE_TLS_CA in the environment is the PEM file of authorities for https. PROBE_PING is how long
 * the connector may take, as of members that something speaks against; else as long as all the
 * rest.
 */
#include "core/finding.h"
#include "core/json.h"
#include "core/parse.h"
#include "core/verdict.h"
#include "probe/probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct member {
    struct osb_probe_spec spec;
    const char *name; /* as given */
    unsigned *left;   /* how many aren't done */
};

static void write_stdout(void *baton, const char *bytes, size_t length)
{
    (void)baton;
    fwrite(bytes, 1, length, stdout);
}

static void print_finding(void *baton, const struct osb_observation *observation)
{
    static const struct osb_sink out = {.write = write_stdout};
    struct member *member = baton;
    struct osb_finding finding = osb_finding_read(observation);
    struct osb_health policy = osb_health_defaults();
    struct osb_verdict verdict = osb_verdict_new();
    osb_json *line = osb_json_object();
    bool known = finding.identity.known;
    char words[160];

    osb_verdict_step(&policy, &verdict, &finding, 1);
    osb_json_put_text(line, "member", member->name);
    osb_json_put_text(line, "state", osb_state_name(verdict.state));
    osb_json_put_text(line, "rung", osb_question_name(finding.rung));
    osb_json_put_text(line, "outcome", osb_outcome_name(finding.outcome));
    osb_json_put_text(line, "words", osb_finding_words(&finding, words, sizeof words));
    osb_json_put_number(line, "status", finding.status);
    osb_json_put_text(line, "code", finding.code);
    osb_json_put_text(line, "said", finding.said);
    osb_json_put_number(line, "beside", finding.beside);
    osb_json_put_number(line, "ms", finding.ms);
    osb_json_put_text(line, "version", known ? finding.identity.version : NULL);
    osb_json_put_text(line, "plugins", known ? finding.identity.plugins : NULL);
    osb_json_write(line, &out);
    osb_json_free(line);
    (*member->left)--;
}

/* Splits "ajp:127.0.0.1:8009:/openspecimen" in place. */
static bool read_member(char *text, struct osb_probe_spec *spec)
{
    char *scheme = strsep(&text, ":"), *host = strsep(&text, ":"), *port = strsep(&text, ":");

    if (text == NULL || !osb_scheme_find(scheme, &spec->scheme))
        return false;
    spec->host = host;
    spec->context = text;
    return osb_parse_number(port, 1, 65535, &spec->port, NULL);
}

int main(int argc, char **argv)
{
    struct osb_prober *prober = osb_prober_prepare() ? osb_prober_make() : NULL;
    struct member *members = calloc((size_t)argc, sizeof *members);
    const char *ping = getenv("PROBE_PING");
    uint32_t timeout_ms = 0, ping_ms = 0;
    unsigned left = 0;

    if (prober == NULL || argc < 4 || !osb_parse_duration(argv[1], 1, 60000, &timeout_ms, NULL) ||
        (ping != NULL && !osb_parse_duration(ping, 1, 60000, &ping_ms, NULL))) {
        fputs("usage: probe_once TIMEOUT SECRET SCHEME:HOST:PORT:CONTEXT...\n", stderr);
        return 2;
    }
    for (int i = 3; i < argc; i++) {
        struct member *member = &members[i];

        *member = (struct member){.name = strdup(argv[i]), .left = &left};
        member->spec = (struct osb_probe_spec){.site = "localhost",
                                               .secret = argv[2],
                                               .tls_ca = getenv("PROBE_TLS_CA"),
                                               .timeout_ms = timeout_ms,
                                               .ping_ms = ping_ms,
                                               .fresh = ping_ms > 0,
                                               .identity = true};
        if (!read_member(argv[i], &member->spec))
            return 2;
        left += osb_prober_start(prober, &member->spec, print_finding, member);
    }
    while (left > 0)
        osb_prober_turn(prober, 1000);
    osb_prober_free(prober);
    for (int i = 3; i < argc; i++)
        free((char *)members[i].name);
    free(members);
    return 0;
}
