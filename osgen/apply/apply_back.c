/* SPDX-License-Identifier: Apache-2.0 */
/* The way back. No signal ends it. */
#include "apply_private.h"
#include "progress.h"
#include "base/exit.h"
#include "base/interrupt.h"
#include "base/lock.h"

#include "core/message.h"

/* What httpd gets to answer again. */
#define AGAIN_MS 10000
/* And what it gets to show that it runs at all. */
#define ALIVE_MS 1000

static const char *what_was_cut_off(enum osg_keep_state state)
{
    return state == OSG_KEEP_TRIAL
               ? "an earlier osgen was cut off before anybody had confirmed its change"
               : "an earlier osgen was cut off in the middle of its change";
}

bool osg_apply_recover(struct osg_run_of_apply *run)
{
    enum osg_keep_state state = osg_keep_state(&run->keep);
    struct osb_message why = {""};

    run->stale = osg_keep_is_told(&run->keep);
    if (state == OSG_KEEP_NOTHING && run->stale)
        osg_progress("an earlier osgen didn't see httpd reload the file as it is now");
    if (state == OSG_KEEP_NOTHING)
        return true;
    /* A dry run holds no lock: somebody may be at work. */
    if (run->order->dry && osg_lock_is_held(run->keep.lock)) {
        osg_progress(
            "another osgen is changing the file just now; nobody else can until it is done");
        return true;
    }
    osg_progress("%s", what_was_cut_off(state));
    if (run->order->dry) {
        osg_progress("the file from before it would be put back first");
        return true;
    }
    if (osg_keep_back(&run->keep, &why) == OSG_KEEP_FAILED) {
        osg_progress("%s", why.text);
        return false;
    }
    osg_progress("the file from before it is in place again");
    return true;
}

/* httpd may have ended when it read the new file. Who was only slow is still running, and takes no
 * harm; who begins is waited for, since it can't be told anything yet. */
static void wake(const struct osg_run_of_apply *run)
{
    if (!osg_watch_answers(&run->watch, ALIVE_MS) &&
        osg_control_ask(&run->control, OSG_CONTROL_START) &&
        osg_watch_answers(&run->watch, AGAIN_MS))
        osg_progress("httpd didn't answer, and was started");
}

/* Where nobody can look, it is started in any case. */
static bool reload_unseen(const struct osg_run_of_apply *run)
{
    bool told = osg_control_do(&run->control, OSG_CONTROL_RELOAD, false);

    if (!osg_control_ask(&run->control, OSG_CONTROL_START) && !told)
        return false;
    osg_progress("httpd was told to reload it; nobody has looked whether it runs");
    return true;
}

static bool reload_old(const struct osg_run_of_apply *run)
{
    const struct osg_control *control = &run->control;

    if (!run->order->waits || run->watch.home.url == NULL)
        return reload_unseen(run);
    wake(run);
    if (!osg_control_do(control, OSG_CONTROL_RELOAD, false) &&
        !osg_control_do(control, OSG_CONTROL_START, false))
        return false;
    if (osg_watch_answers(&run->watch, AGAIN_MS)) {
        osg_progress("httpd has reloaded it");
        return true;
    }
    osg_progress("httpd doesn't answer at %s, where the old file has the site",
                 run->watch.home.url);
    return false;
}

/* Was it the new file at all? */
static void look_elsewhere(const struct osg_run_of_apply *run)
{
    if (run->refused && osg_interrupted() == NULL && osg_control_refuses(&run->control))
        osg_progress("httpd refuses its configuration with the old file too: look elsewhere");
}

/* Somebody may have changed the old file by hand since httpd read it, so that it can't be gone back
 * to: then the new one stays. */
static bool stays(struct osg_run_of_apply *run)
{
    struct osb_message why = {""};
    bool exposed;

    if (!run->kept || !run->told || !osg_control_refuses(&run->control))
        return false;
    if (!osg_keep_begin(&run->keep, &why) || !osg_apply_write(run, &exposed, &why) ||
        osg_keep_accept(&run->keep, OSG_KEEP_UNDO, &why) == OSG_KEEP_FAILED) {
        osg_progress("%s", why.text);
        return false;
    }
    osg_keep_reloaded(&run->keep);
    if (run->existed)
        osg_progress("httpd refuses its configuration with the old file, which is now %s",
                     run->keep.old);
    else
        osg_progress("httpd refuses its configuration without the file");
    osg_progress("%s stays the new file, which httpd's test has passed", run->order->path);
    return true;
}

static void say_how_to_go_on(const struct osg_run_of_apply *run)
{
    const char *before = osg_keep_before(&run->keep), *path = run->keep.path;

    if (before != NULL) {
        osg_progress("the new file may still be in place; the old one is %s", before);
        osg_progress("put it back by hand, and reload httpd: mv %s %s", before, path);
    } else {
        osg_progress("the new file may still be in place, where there was none before");
        osg_progress("remove it by hand, and reload httpd: rm %s", path);
    }
}

static void say_what_stands(const struct osg_run_of_apply *run)
{
    if (!run->kept)
        osg_progress("%s is as it was", run->order->path);
    else if (run->existed)
        osg_progress("taken back: %s is the old file again", run->order->path);
    else
        osg_progress("taken back: %s is gone again, as there was none before", run->order->path);
}

int osg_apply_back(struct osg_run_of_apply *run)
{
    const char *signal = osg_interrupted();
    struct osb_message why = {""};

    if (signal != NULL)
        osg_progress("%s: the change is taken back", signal);
    if (run->kept) {
        enum osg_keep_end end = osg_keep_back(&run->keep, &why);

        if (end == OSG_KEEP_DECIDED)
            return OSG_EXIT_DONE;
        if (end == OSG_KEEP_FAILED) {
            osg_progress("%s", why.text);
            say_how_to_go_on(run);
            return OSG_EXIT_INPUT;
        }
    }
    if (stays(run))
        return OSG_EXIT_INPUT;
    say_what_stands(run);
    if (!run->told && !run->stale) {
        look_elsewhere(run);
        return OSG_EXIT_FINDINGS;
    }
    if (!run->changes && !run->stale)
        return OSG_EXIT_FINDINGS;
    if (reload_old(run)) {
        osg_keep_reloaded(&run->keep);
        return OSG_EXIT_FINDINGS;
    }
    osg_progress("somebody has to look after httpd now; its error log says more");
    return OSG_EXIT_INPUT;
}
