/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "deliver.h"
#include "base/exit.h"
#include "base/text.h"
#include "emit/emit.h"
#include "problem/console.h"
#include "topology/pair.h"
#include "topology/session.h"

#include "core/message.h"

enum { TARGET, HOST, OUTPUT };

static const struct osg_option options[] = {
    [TARGET] = {.letter = 't',
                .name = "target",
                .argument = "TARGET",
                .help = "what to write, the same as a word before TOPOLOGY; default httpd",
                .choices = osg_target_choice,
                .leads = true},
    [HOST] = {.name = "host",
              .argument = "HOST",
              .help = "for which of the pair's two hosts; keepalived asks for it"},
    [OUTPUT] = {.letter = 'o',
                .name = "output",
                .argument = "FILE",
                .help = "writes FILE, if that changes it; - is standard output, the default"},
};

static int render(const struct osg_session *session, const struct osg_target *target,
                  const char *path)
{
    const struct osg_topology *topology = &session->topology;
    struct osg_text text = {0};
    struct osb_message why;
    int code;

    if (target->fits != NULL && !target->fits(topology, &why)) {
        osg_say("%s", why.text);
        return OSG_EXIT_INPUT;
    }
    target->emit(&text, topology);
    code = osg_deliver(
        &text, &(struct osg_delivery){
                   .path = path,
                   .session = session,
                   .holds_secret = target->has_secret != NULL && target->has_secret(topology),
                   .note = target->note != NULL ? target->note(topology) : NULL,
                   .next = target->next,
               });
    osg_text_free(&text);
    return code;
}

static bool choose_host(struct osg_topology *topology, const char *name)
{
    struct osb_message why;

    if (name == NULL || osg_choose_host(topology, name, &why))
        return true;
    osg_say("%s", why.text);
    return false;
}

static int run(const struct osg_arguments *given)
{
    const char *name = given->values[TARGET];
    const struct osg_target *target = name != NULL ? osg_target_find(name) : osg_targets[0];
    struct osg_session session;
    int code = OSG_EXIT_INPUT;

    if (osg_session_begin(&session, given->operand) &&
        choose_host(&session.topology, given->values[HOST]))
        code = render(&session, target, given->values[OUTPUT]);
    osg_session_end(&session);
    return code;
}

const struct osg_command osg_render_command = {
    .name = "render",
    .operand = "TOPOLOGY",
    .summary = "writes the httpd configuration of a site, or that of its other ends",
    .help =
        "Reads the topology and writes a virtual host for httpd to include, or what the other\n"
        "ends of the wire need, each of which is a target. A file that exists keeps its mode and\n"
        "owner, is replaced at once and only if its text changes, and stays as it is if the\n"
        "topology has any error. TOPOLOGY may be - for standard input; one that is called like a\n"
        "target is ./tomcat.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
