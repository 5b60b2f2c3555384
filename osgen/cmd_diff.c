/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "apply/apply.h"
#include "base/exit.h"
#include "base/text.h"
#include "change/change.h"
#include "change/inplace.h"
#include "change/unified.h"
#include "emit/emit.h"
#include "problem/console.h"
#include "topology/session.h"

#include "core/message.h"

#include <string.h>
#include <unistd.h>

enum { OUTPUT };

static const struct osg_option options[] = {
    [OUTPUT] = {.letter = 'o',
                .name = "output",
                .argument = "FILE",
                .help = "the file in place, which httpd includes",
                .required = true},
};

/* The words stand before the diff as lines that patch(1) and its kin pass over. */
static void put_words(struct osg_text *text, const struct osg_text *old, const struct osg_text *new)
{
    struct osg_text words = {0};

    osg_change_tell(&words, osg_text_bytes(old), old->length, osg_text_bytes(new), new->length);
    osg_put_lines(text, "# ", &words);
    osg_text_free(&words);
}

static int compare(const struct osg_session *session, const char *path)
{
    struct osg_text old = {0}, new = {0}, text = {0}, diff = {0};
    struct osb_message why = {""};
    bool exists = false;
    int code = OSG_EXIT_INPUT;

    osg_httpd_target.emit(&new, &session->topology);
    if (!osg_inplace_read(path, &old, &exists, &why)) {
        osg_say("%s", why.text);
    } else if (osg_unified(&diff,
                           &(const struct osg_side){.name = exists ? path : "/dev/null",
                                                    .bytes = old.bytes,
                                                    .length = old.length},
                           &(const struct osg_side){.name = session->source.name,
                                                    .bytes = new.bytes,
                                                    .length = new.length},
                           osg_wants_colour(STDOUT_FILENO))) {
        put_words(&text, &old, &new);
        osg_text_add(&text, diff.bytes, diff.length);
        code = osg_print(&text);
        code = code == OSG_EXIT_DONE ? OSG_EXIT_FINDINGS : code;
    } else {
        osg_say("%s is as %s has it", path, session->source.name);
        code = OSG_EXIT_DONE;
    }
    osg_apply_note_unfinished(path);
    osg_text_free(&old);
    osg_text_free(&new);
    osg_text_free(&text);
    osg_text_free(&diff);
    return code;
}

static int run(const struct osg_arguments *given)
{
    struct osg_session session;
    int code = OSG_EXIT_INPUT;

    if (given->values[OUTPUT] == NULL || strcmp(given->values[OUTPUT], "-") == 0) {
        osg_say("diff needs -o FILE, the file in place; osgen diff --help shows more");
        return OSG_EXIT_USAGE;
    }
    if (osg_session_begin(&session, given->operand))
        code = compare(&session, given->values[OUTPUT]);
    osg_session_end(&session);
    return code;
}

const struct osg_command osg_diff_command = {
    .name = "diff",
    .operand = "TOPOLOGY",
    .summary = "shows what a render would change",
    .help =
        "Compares what the topology renders to with FILE, the file in place, and writes nothing:\n"
        "first in words who leaves, who comes and what becomes of the others, then as a unified\n"
        "diff. Secrets are starred out. The exit code is 0 if nothing would change and 1 if\n"
        "something would. TOPOLOGY may be - for standard input.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
