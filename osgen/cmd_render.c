/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "console.h"
#include "emit.h"
#include "exit.h"
#include "output.h"
#include "session.h"
#include "text.h"

#include "core/message.h"

#include <string.h>

enum { OUTPUT };

static const struct osg_option options[] = {
    [OUTPUT] = {.letter = 'o',
                .name = "output",
                .argument = "FILE",
                .help = "writes FILE, if that changes it; - is standard output, the default"},
};

static int print(const struct osg_text *text, bool secret)
{
    if (secret && osg_output_stdout_is_open())
        osg_say("warning: standard output is a file that everybody can read, and it gets a secret");
    return osg_print(text);
}

static void say_next_steps(const char *path, const struct osg_topology *topology)
{
    if (osg_topology_needs_listen(topology))
        osg_say("note: httpd's main configuration must have a Listen for each port of the site");
    osg_say("%s is written; next come apachectl configtest and apachectl graceful", path);
}

static int write_file(const char *path, const struct osg_text *text,
                      const struct osg_topology *topology)
{
    bool secret = osg_topology_has_secret(topology), open = false;
    struct osb_message why = {""};
    enum osg_written written = osg_output_write(path, text, secret, &open, &why);

    if (written == OSG_FAILED) {
        osg_say("%s", why.text);
        return OSG_EXIT_INPUT;
    }
    if (secret && open)
        osg_say("warning: %s holds a secret and everybody can read it: chmod o-r", path);
    if (written == OSG_UNCHANGED)
        osg_say("%s is unchanged", path);
    else
        say_next_steps(path, topology);
    return OSG_EXIT_DONE;
}

static int render(const struct osg_session *session, const char *path)
{
    bool to_stdout = path == NULL || strcmp(path, "-") == 0;
    const char *input = to_stdout ? NULL : osg_session_input(session, path);
    const struct osg_topology *topology = &session->topology;
    struct osg_text text = {0};
    int code;

    if (input != NULL) {
        osg_say("%s is %s and is not written over", path, input);
        return OSG_EXIT_INPUT;
    }
    osg_httpd_target.emit(&text, topology);
    if (to_stdout)
        code = print(&text, osg_topology_has_secret(topology));
    else
        code = write_file(path, &text, topology);
    osg_text_free(&text);
    return code;
}

static int run(const struct osg_arguments *given)
{
    struct osg_session session;
    int code = OSG_EXIT_INPUT;

    if (osg_session_begin(&session, given->operand))
        code = render(&session, given->values[OUTPUT]);
    osg_session_end(&session);
    return code;
}

const struct osg_command osg_render_command = {
    .name = "render",
    .operand = "TOPOLOGY",
    .summary = "writes the httpd configuration of a site",
    .help =
        "Reads the topology and writes a virtual host for httpd to include. A file that exists\n"
        "keeps its mode and owner, is replaced at once and only if its text changes, and stays\n"
        "as it is if the topology has any error. TOPOLOGY may be - for standard input.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
