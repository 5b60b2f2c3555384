/* SPDX-License-Identifier: Apache-2.0 */
#include "probe_run.h"
#include "probe_report.h"
#include "probe_spec.h"
#include "screen.h"
#include "base/arena.h"
#include "base/exit.h"
#include "base/text.h"
#include "problem/console.h"
#include "topology/topology.h"

#include "core/message.h"

#include <time.h>
#include <unistd.h>

/* One run over a topology. */
struct run {
    const struct osg_probe_wishes *wishes;
    struct osg_survey *survey;
    struct osg_probe_report report;
    struct osg_inquiry **inquiries; /* room for all */
    struct osg_screen screen;       /* where the table was drawn */
    bool is_live;                   /* is the report shown while it fills in? */
    int code;                       /* of the latest output */
};

static bool prepare(struct run *run, struct osg_arena *arena, const struct osg_topology *topology,
                    struct osb_message *why)
{
    const struct osg_probe_wishes *wishes = run->wishes;
    const char *authorities;

    run->report = osg_probe_report_new(arena, topology);
    if (wishes->watch)
        run->report.every_ms = wishes->interval_ms != 0
                                   ? wishes->interval_ms
                                   : topology->balance.health.settings.interval_ms;
    run->inquiries = osg_arena_alloc(arena, run->report.count * sizeof *run->inquiries);
    run->is_live = wishes->format->fills_in && osg_screen_is_there();
    if (!osg_probe_authorities(arena, topology, wishes->server_root, &authorities, why))
        return false;
    for (size_t i = 0; i < run->report.count; i++) {
        struct osg_probe_row *row = &run->report.rows[i];

        row->inquiry.spec =
            osg_probe_spec(topology, row->instance, authorities, wishes->timeout_ms);
    }
    return true;
}

static void show(struct run *run, bool last)
{
    struct osg_text text = {0};

    osg_probe_report_count(&run->report);
    run->wishes->format->put(&text, &run->report,
                             run->wishes->format->fills_in && osg_wants_colour(STDOUT_FILENO));
    run->code = run->is_live ? osg_screen_draw(&run->screen, &text, last) : osg_print(&text);
    osg_text_free(&text);
}

/* A lookup that doesn't end goes on by itself for a while, and isn't begun again meanwhile. */
static void take_answer(void *baton, struct osg_inquiry *inquiry)
{
    struct run *run = baton;
    struct osg_probe_row *row = (struct osg_probe_row *)inquiry;

    osg_probe_row_judge(row, run->report.at);
    row->rests_until = osb_prober_now() + osb_finding_least_pause(&inquiry->finding);
    if (run->is_live)
        show(run, false);
}

static uint64_t now_since_1970(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void ask_all(struct run *run)
{
    uint64_t now = osb_prober_now();
    size_t count = 0;

    run->report.at = now_since_1970();
    if (run->is_live)
        show(run, false);
    for (size_t i = 0; i < run->report.count; i++) {
        if (run->report.rows[i].rests_until <= now)
            run->inquiries[count++] = &run->report.rows[i].inquiry;
    }
    osg_survey_run(run->survey, run->inquiries, count, take_answer, run);
    show(run, true);
}

static void wait_until(uint64_t due)
{
    uint64_t now;

    while ((now = osb_prober_now()) < due) {
        uint64_t left = due - now;

        nanosleep(&(struct timespec){.tv_sec = (time_t)(left / 1000),
                                     .tv_nsec = (long)(left % 1000) * 1000000},
                  NULL);
    }
}

static void watch(struct run *run)
{
    while (run->code == OSG_EXIT_DONE) {
        uint64_t due = osb_prober_now() + run->report.every_ms;

        ask_all(run);
        wait_until(run->code == OSG_EXIT_DONE ? due : 0);
    }
}

static int work(struct run *run)
{
    if (run->report.every_ms > 0)
        watch(run);
    else
        ask_all(run);
    return run->code != OSG_EXIT_DONE ? run->code : run->wishes->format->code(&run->report);
}

bool osg_probe_run(struct osg_arena *arena, const struct osg_topology *topology,
                   const struct osg_probe_wishes *wishes, int *code, struct osb_message *why)
{
    struct run run = {.wishes = wishes};

    if (!prepare(&run, arena, topology, why))
        return false;
    run.survey = osg_survey_open();
    if (run.survey == NULL)
        return osb_refuse(why, "nothing can be asked: libcurl can't be set up");
    *code = work(&run);
    osg_survey_close(run.survey);
    return true;
}
