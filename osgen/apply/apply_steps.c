/* SPDX-License-Identifier: Apache-2.0 */
#include "apply_private.h"
#include "confirm.h"
#include "included.h"
#include "progress.h"
#include "base/interrupt.h"
#include "base/output.h"
#include "topology/session.h"

#include "core/message.h"

#include <time.h>

/* Each says itself what goes wrong. */
struct step {
    bool (*is_wanted)(const struct osg_run_of_apply *run);
    void (*say)(struct osg_text *text, const struct osg_run_of_apply *run); /* what it is */
    bool (*take)(struct osg_run_of_apply *run);
};

static bool always(const struct osg_run_of_apply *run)
{
    (void)run;
    return true;
}

/* ---- writing --------------------------------------------------------------------------------- */

static bool writes(const struct osg_run_of_apply *run)
{
    return run->changes;
}

static void say_write(struct osg_text *text, const struct osg_run_of_apply *run)
{
    osg_text_printf(text, "writing %s", run->order->path);
}

bool osg_apply_write(const struct osg_run_of_apply *run, bool *exposed, struct osb_message *why)
{
    bool secret = osg_topology_has_secret(&run->order->session->topology), open = false;
    bool done = osg_output_write(run->keep.path, &run->new, secret, &open, why) != OSG_FAILED;

    *exposed = done && secret && open;
    return done;
}

static bool take_write(struct osg_run_of_apply *run)
{
    struct osb_message why = {""};
    bool exposed = false, done;

    run->kept = osg_keep_begin(&run->keep, &why);
    done = run->kept && osg_apply_write(run, &exposed, &why);
    if (!done)
        osg_progress("%s", why.text);
    if (exposed)
        osg_progress("warning: %s holds a secret and everybody can read it: chmod o-r",
                     run->order->path);
    return done;
}

/* ---- httpd ----------------------------------------------------------------------------------- */

static void say_test(struct osg_text *text, const struct osg_run_of_apply *run)
{
    osg_text_put(text, "testing httpd's whole configuration: ");
    osg_control_put(text, &run->control, OSG_CONTROL_TEST);
}

static bool take_test(struct osg_run_of_apply *run)
{
    struct osb_message why = {""};

    run->refused = !osg_control_do(&run->control, OSG_CONTROL_TEST, true);
    if (run->refused)
        return false;
    if (osg_is_included(&run->control, run->keep.path, run->keep.undo, run->existed, &why))
        return true;
    osg_progress("%s", why.text);
    return false;
}

static void say_reload(struct osg_text *text, const struct osg_run_of_apply *run)
{
    osg_text_put(text, "reloading httpd: ");
    osg_control_put(text, &run->control, OSG_CONTROL_RELOAD);
}

static bool take_reload(struct osg_run_of_apply *run)
{
    struct osb_message why = {""};
    struct timespec now;

    if (!osg_keep_tell(&run->keep, &why)) {
        osg_progress("%s", why.text);
        return false;
    }
    run->told = true;
    if (!osg_control_do(&run->control, OSG_CONTROL_RELOAD, true))
        return false;
    clock_gettime(CLOCK_REALTIME, &now);
    run->watch.told = (uint64_t)now.tv_sec * 1000;
    return true;
}

/* ---- looking --------------------------------------------------------------------------------- */

static bool looks(const struct osg_run_of_apply *run)
{
    return run->order->waits;
}

static void say_look(struct osg_text *text, const struct osg_run_of_apply *run)
{
    size_t count = run->order->session->topology.instances.count;

    osg_text_printf(text, "looking at %s", run->watch.place.url);
    if (run->watch.place.at != NULL)
        osg_text_printf(text, " on %s", run->watch.place.at);
    if (run->watch.place.has_members)
        osg_text_printf(text, " for the %zu member%s", count, count == 1 ? "" : "s");
}

static bool take_look(struct osg_run_of_apply *run)
{
    struct osg_text members = {0};
    struct osb_message why = {""};
    bool done = osg_watch_members(&run->watch, &members, &why);

    osg_progress_lines(&members);
    if (!done && osg_interrupted() == NULL)
        osg_progress("%s", why.text);
    osg_text_free(&members);
    return done;
}

/* ---- asking ---------------------------------------------------------------------------------- */

static bool asks(const struct osg_run_of_apply *run)
{
    return run->order->ask_ms > 0 && run->changes;
}

static void say_ask(struct osg_text *text, const struct osg_run_of_apply *run)
{
    osg_text_printf(text, "waiting %u s for: osgen try --confirm -o %s",
                    (run->order->ask_ms + 999) / 1000, run->order->path);
}

static bool take_ask(struct osg_run_of_apply *run)
{
    struct osb_message why = {""};

    if (!osg_keep_offer(&run->keep, &why)) {
        osg_progress("%s", why.text);
        return false;
    }
    switch (osg_confirm(&run->keep, run->order->ask_ms)) {
    case OSG_ANSWER_KEEP:
        return true;
    case OSG_ANSWER_BACK:
        osg_progress("it isn't wanted");
        break;
    case OSG_ANSWER_SILENCE:
        osg_progress("nobody has confirmed it");
        break;
    case OSG_ANSWER_LOST:
        if (osg_interrupted() == NULL)
            osg_progress("the terminal is at its end");
        break;
    }
    return false;
}

/* ---- all ------------------------------------------------------------------------------------- */

static const struct step steps[] = {
    {writes, say_write, take_write},   {always, say_test, take_test},
    {always, say_reload, take_reload}, {looks, say_look, take_look},
    {asks, say_ask, take_ask},
};
#define STEPS (sizeof steps / sizeof *steps)

static unsigned count_wanted(const struct osg_run_of_apply *run)
{
    unsigned count = 0;

    for (size_t i = 0; i < STEPS; i++)
        count += steps[i].is_wanted(run);
    return count;
}

static void announce(const struct step *step, const struct osg_run_of_apply *run, unsigned number)
{
    struct osg_text text = {0};

    step->say(&text, run);
    osg_progress("[%u/%u] %s", number, count_wanted(run), text.bytes);
    osg_text_free(&text);
}

void osg_apply_plan(const struct osg_run_of_apply *run)
{
    unsigned number = 0;

    for (size_t i = 0; i < STEPS; i++) {
        if (steps[i].is_wanted(run))
            announce(&steps[i], run, ++number);
    }
}

bool osg_apply_steps(struct osg_run_of_apply *run)
{
    unsigned number = 0;

    for (size_t i = 0; i < STEPS; i++) {
        if (!steps[i].is_wanted(run))
            continue;
        if (osg_interrupted() != NULL)
            return false;
        announce(&steps[i], run, ++number);
        if (!steps[i].take(run))
            return false;
    }
    return osg_interrupted() == NULL;
}
