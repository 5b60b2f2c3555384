/* SPDX-License-Identifier: Apache-2.0 */
#include "apply_private.h"
#include "progress.h"
#include "base/exit.h"
#include "base/interrupt.h"
#include "base/lock.h"
#include "change/change.h"
#include "change/inplace.h"
#include "emit/emit.h"
#include "problem/console.h"
#include "topology/session.h"

#include "core/message.h"
#include "probe/wire.h"

#include <string.h>

static void say_changes(const struct osg_run_of_apply *run)
{
    struct osg_text words = {0};

    osg_change_tell(&words, osg_text_bytes(&run->old), run->old.length, run->new.bytes,
                    run->new.length);
    osg_progress_lines(&words);
    osg_text_free(&words);
}

/* What it will need, before anything is touched. */
static bool prepare(struct osg_run_of_apply *run, struct osb_message *why)
{
    const struct osg_order *order = run->order;
    const char *input = osg_session_input(order->session, order->path);

    if (input != NULL)
        return osb_refuse(why, "%s is %s and is not written over", order->path, input);
    run->watch =
        (struct osg_watch){.topology = &order->session->topology, .limit_ms = order->look_ms};
    return osg_keep_open(&run->keep, order->path, why) &&
           osg_control_find(order->control, &run->control, why) &&
           (!order->waits || osg_page_find(run->arena, &order->session->topology, order->status_url,
                                           &run->watch.place, why)) &&
           (osb_wire_prepare() || osb_refuse(why, "libcurl can't be set up"));
}

static bool compare(struct osg_run_of_apply *run, struct osb_message *why)
{
    const char *before = osg_keep_before(&run->keep);

    osg_httpd_target.emit(&run->new, &run->order->session->topology);
    if (before != NULL && !osg_inplace_read(before, &run->old, &run->existed, why))
        return false;
    run->watch.has_site = run->existed;
    osg_page_find_old(run->arena, &run->old, run->order->status_url, &run->watch.home);
    run->changes = !run->existed || run->old.length != run->new.length ||
                   memcmp(run->old.bytes, run->new.bytes, run->new.length) != 0;
    return true;
}

/* The one rename from which on the new file stays. */
static int settle(struct osg_run_of_apply *run)
{
    struct osb_message why = {""};

    if (run->kept &&
        osg_keep_accept(&run->keep, osg_keep_state(&run->keep), &why) == OSG_KEEP_FAILED) {
        osg_progress("%s", why.text);
        return osg_apply_back(run);
    }
    osg_keep_reloaded(&run->keep);
    return OSG_EXIT_DONE;
}

static void say_end(const struct osg_run_of_apply *run, int code)
{
    const char *path = run->order->path;

    if (code != OSG_EXIT_DONE)
        return;
    if (run->changes && run->existed)
        osg_progress("done: %s is the new file; the old one is %s", path, run->keep.old);
    else if (run->changes)
        osg_progress("done: %s is there, and in force", path);
    else
        osg_progress("done: %s is in force, and as it was", path);
}

static int change(struct osg_run_of_apply *run)
{
    int code;

    if (run->changes)
        say_changes(run);
    else
        osg_progress("%s is as %s has it", run->order->path, run->order->session->source.name);
    if (!run->changes && !run->stale && run->order->ask_ms > 0) {
        osg_progress("there is nothing to try; osgen apply has httpd reload it");
        return OSG_EXIT_DONE;
    }
    if (run->order->dry) {
        osg_progress("nothing is done; this would be:");
        osg_apply_plan(run);
        return OSG_EXIT_DONE;
    }
    if (run->order->waits)
        osg_watch_before(&run->watch);
    /* Where nobody answered before, silence tells nothing afterwards. */
    if (run->order->status_url != NULL && !run->watch.answered)
        run->watch.home.url = NULL;
    code = osg_apply_steps(run) ? settle(run) : osg_apply_back(run);
    say_end(run, code);
    return code;
}

static int under_lock(struct osg_run_of_apply *run)
{
    struct osb_message why = {""};

    if (!osg_apply_recover(run))
        return OSG_EXIT_INPUT;
    if (!compare(run, &why)) {
        osg_say("%s", why.text);
        return OSG_EXIT_INPUT;
    }
    return change(run);
}

static bool take(struct osg_lock *lock, const char *path, const char *what)
{
    struct osb_message why = {""};
    pid_t holder = 0;
    enum osg_lock_result result = osg_lock_take(lock, path, &holder, &why);

    if (result == OSG_LOCK_HELD)
        osg_say("another osgen, process %ld, is changing %s", (long)holder, what);
    else if (result == OSG_LOCK_FAILED)
        osg_say("%s", why.text);
    return result == OSG_LOCK_TAKEN;
}

/* Of two files of one httpd, each reload would bring both into force, and each test would judge
 * both. */
static int lock_and_go(struct osg_run_of_apply *run)
{
    struct osg_lock file = {.file = -1}, httpd = {.file = -1};
    int code = OSG_EXIT_INPUT;

    if (run->order->dry)
        return under_lock(run);
    if (take(&file, run->keep.lock, run->order->path) &&
        take(&httpd, osg_control_lock(run->arena, &run->control), "another file of this httpd"))
        code = under_lock(run);
    osg_lock_release(&httpd);
    osg_lock_release(&file);
    return code;
}

int osg_apply(const struct osg_order *order)
{
    struct osg_run_of_apply run = {.order = order, .arena = osg_arena_new()};
    struct osb_message why = {""};
    int code = OSG_EXIT_INPUT;

    if (!osg_interrupt_begin(&why) || !prepare(&run, &why))
        osg_say("%s", why.text);
    else
        code = lock_and_go(&run);
    osg_text_free(&run.old);
    osg_text_free(&run.new);
    osg_arena_free(run.arena);
    return code;
}

/* Only a process that waits for it may be answered: what a cut off one left behind was found good
 * by nobody lately. */
static int confirm(const struct osg_keep *keep, const char *path)
{
    struct osg_lock lock = {.file = -1};
    struct osb_message why = {""};
    pid_t holder = 0;
    enum osg_lock_result result = osg_lock_take(&lock, keep->lock, &holder, &why);
    enum osg_keep_end end = OSG_KEEP_DECIDED;

    if (result == OSG_LOCK_HELD)
        end = osg_keep_accept(keep, OSG_KEEP_TRIAL, &why);
    osg_lock_release(&lock);
    if (result == OSG_LOCK_FAILED || end == OSG_KEEP_FAILED) {
        osg_say("%s", why.text);
        return OSG_EXIT_INPUT;
    }
    if (end == OSG_KEEP_DONE) {
        osg_say("confirmed: %s stays as it is now", path);
        return OSG_EXIT_DONE;
    }
    if (result == OSG_LOCK_HELD)
        osg_say("process %ld doesn't wait for a word on %s, not yet or no more", (long)holder,
                path);
    else if (osg_keep_state(keep) != OSG_KEEP_NOTHING)
        osg_say("who asked for a word on %s was cut off; the next apply or try begins with the "
                "file from before",
                path);
    else
        osg_say("nobody asks for a word on %s", path);
    return OSG_EXIT_FINDINGS;
}

int osg_apply_confirm(const char *path)
{
    struct osg_keep keep;
    struct osb_message why = {""};

    if (osg_keep_open(&keep, path, &why))
        return confirm(&keep, path);
    osg_say("%s", why.text);
    return OSG_EXIT_INPUT;
}
