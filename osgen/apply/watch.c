/* SPDX-License-Identifier: Apache-2.0 */
#include "watch.h"
#include "view.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "topology/topology.h"

#include "core/message.h"
#include "probe/wire.h"

/* Between two looks. */
#define PAUSE_MS 100
/* httpd keeps its sockets open over a reload: who refuses for so long doesn't run any more. */
#define GONE_MS 3000
/* Without a page of members, httpd counts as well when it has answered for so long. */
#define STEADY_MS 1500

/* How far it has come. */
struct course {
    uint64_t begin;    /* ms, of osb_wire_now */
    uint64_t answered; /* when it answered last; at first the begin */
    uint64_t steady;   /* since when every look was answered; 0: the last one wasn't */
    size_t unsettled;  /* members of which no check since the reload is known */
};

enum verdict { WAIT, GOOD, BAD };

/* An address for which httpd had no file yet may be another site's, and answer all the same. */
void osg_watch_before(struct osg_watch *watch)
{
    struct osg_page page;

    osg_page_look(&watch->place, true, &page);
    watch->answered = page.status != 0;
    watch->checker = page.checker;
    osg_page_free(&page);
    watch->served = true;
    if (watch->home.url == NULL && watch->answered)
        watch->home = watch->place;
    if (watch->home.url == NULL)
        return;
    osg_page_look(&watch->home, true, &page);
    watch->checker = page.checker != 0 ? page.checker : watch->checker;
    watch->served =
        page.members == NULL || osg_view_read(&page, watch->topology, 0, NULL).serving > 0;
    osg_page_free(&page);
}

static enum verdict judge_members(const struct osg_watch *watch, struct course *course,
                                  const struct osg_page *page, bool late, struct osb_message *why)
{
    struct osg_view view = osg_view_read(page, watch->topology, watch->told, why);

    course->unsettled = view.unsettled;
    if (!view.complete)
        return WAIT;
    if (page->checker == 0 || page->checker == watch->checker) {
        osb_refuse(why, "httpd hasn't begun anew");
        return WAIT;
    }
    if (view.unsettled > 0 && !late)
        return WAIT;
    if (view.serving > 0 || view.wanted == 0 || !watch->has_site || !watch->served)
        return GOOD;
    osb_refuse(why, "no instance can serve");
    return BAD;
}

static enum verdict judge_absence(const struct osg_watch *watch, const struct course *course,
                                  const struct osg_page *page, struct osb_message *why)
{
    osb_refuse(why, "httpd doesn't answer: %s%s", page->words,
               page->refused && !watch->answered ? "; has it a Listen for that port?" : "");
    return page->refused && osb_wire_now() - course->answered >= GONE_MS ? BAD : WAIT;
}

/* mod_md answers so for a name of which it has no certificate yet; it may take minutes to get one.
 */
static bool lacks_certificate(const struct osg_watch *watch, const struct osg_page *page)
{
    return watch->topology->site.tls.managed.place.line > 0 && page->status == 503;
}

static enum verdict judge(const struct osg_watch *watch, struct course *course,
                          const struct osg_page *page, struct osb_message *why)
{
    uint64_t now = osb_wire_now();
    bool late = now - course->begin >= watch->limit_ms;

    if (page->status == 0) {
        course->steady = 0;
        return judge_absence(watch, course, page, why);
    }
    course->answered = now;
    course->steady = course->steady != 0 ? course->steady : now;
    if (!watch->place.has_members || lacks_certificate(watch, page))
        return now - course->steady >= STEADY_MS ? GOOD : WAIT;
    if (page->document != NULL)
        return judge_members(watch, course, page, late, why);
    if (page->status == 403 || page->status == 401)
        osb_refuse(why,
                   "the status page answers %u: let admin.allow have this machine in, or say "
                   "--status-url or --no-wait",
                   page->status);
    else
        osb_refuse(why, "there is no status page at %s: it answers %u", watch->place.url,
                   page->status);
    return WAIT;
}

bool osg_watch_members(const struct osg_watch *watch, struct osg_text *text,
                       struct osb_message *why)
{
    struct course course = {.begin = osb_wire_now()};
    enum verdict verdict = WAIT;
    bool late = false;

    course.answered = course.begin;
    while (verdict == WAIT && !late && osg_interrupted() == NULL) {
        struct osg_page page;

        late = osb_wire_now() - course.begin >= watch->limit_ms;
        osg_page_look(&watch->place, true, &page);
        verdict = judge(watch, &course, &page, why);
        if (verdict != WAIT && lacks_certificate(watch, &page))
            osg_text_put(text, "users get a 503 until mod_md has a certificate and httpd is "
                               "reloaded; nobody sees the members until then\n");
        else if (verdict != WAIT)
            osg_view_put(text, &page, watch->topology);
        if (verdict == GOOD && course.unsettled > 0)
            osg_text_printf(text, "%zu of the members weren't checked since, within %u ms\n",
                            course.unsettled, watch->limit_ms);
        osg_page_free(&page);
        if (verdict == WAIT)
            osg_wait(-1, PAUSE_MS);
    }
    return verdict == GOOD;
}

bool osg_watch_answers(const struct osg_watch *watch, uint32_t ms)
{
    uint64_t end = osb_wire_now() + ms;
    struct osg_page page;
    bool answers;

    do {
        osg_page_look(&watch->home, false, &page);
        answers = page.status != 0;
        osg_page_free(&page);
        if (!answers)
            osg_wait(-1, PAUSE_MS);
    } while (!answers && osb_wire_now() < end);
    return answers;
}
