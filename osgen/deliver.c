/* SPDX-License-Identifier: Apache-2.0 */
#include "deliver.h"
#include "apply/apply.h"
#include "base/exit.h"
#include "base/output.h"
#include "problem/console.h"
#include "topology/session.h"

#include "core/message.h"

#include <string.h>

static int print(const struct osg_text *text, bool secret)
{
    if (secret && osg_output_stdout_is_open())
        osg_say("warning: standard output is a file that everybody can read, and it gets a secret");
    return osg_print(text);
}

static void say_written(enum osg_written written, const char *path, const char *next)
{
    if (written == OSG_UNCHANGED)
        osg_say("%s is unchanged", path);
    else if (next != NULL)
        osg_say("%s is written; %s", path, next);
    else
        osg_say("%s is written", path);
}

static int write_file(const struct osg_text *text, const struct osg_delivery *delivery)
{
    const char *path = delivery->path;
    struct osb_message why = {""};
    bool open = false;
    enum osg_written written = osg_output_write(path, text, delivery->holds_secret, &open, &why);

    if (written == OSG_FAILED) {
        osg_say("%s", why.text);
        return OSG_EXIT_INPUT;
    }
    if (delivery->holds_secret && open)
        osg_say("warning: %s holds a secret and everybody can read it: chmod o-r", path);
    if (written == OSG_WRITTEN && delivery->note != NULL)
        osg_say("note: %s", delivery->note);
    say_written(written, path, delivery->next);
    osg_apply_note_unfinished(path);
    return OSG_EXIT_DONE;
}

int osg_deliver(const struct osg_text *text, const struct osg_delivery *delivery)
{
    const char *path = delivery->path, *input;

    if (path == NULL || strcmp(path, "-") == 0)
        return print(text, delivery->holds_secret);
    input = delivery->session != NULL ? osg_session_input(delivery->session, path) : NULL;
    if (input != NULL) {
        osg_say("%s is %s and is not written over", path, input);
        return OSG_EXIT_INPUT;
    }
    return write_file(text, delivery);
}

int osg_deliver_new(const char *path, const struct osg_text *text, mode_t mode, const char *next)
{
    struct osb_message why = {""};
    enum osg_written written = osg_output_create(path, text, mode, &why);

    if (written == OSG_FAILED) {
        osg_say("%s", why.text);
        return OSG_EXIT_INPUT;
    }
    say_written(written, path, next);
    return OSG_EXIT_DONE;
}
