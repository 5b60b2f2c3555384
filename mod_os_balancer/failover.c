/* SPDX-License-Identifier: Apache-2.0 */
#include "failover.h"
#include "board.h"
#include "config.h"
#include "inventory.h"
#include "members.h"

#include <http_log.h>

APLOG_USE_MODULE(os_balancer);

static uint32_t this_second(void)
{
    return (uint32_t)(osb_prober_now() / 1000);
}

/* mod_proxy takes a 503 for an error of the member, which then waits for `retry`. An answer alone
 * takes nobody out: that is for a check to say. But until each request that the member gave away
 * has found another one, the error must stand, or it would find the same one again. */
static void forgive(const struct osb_member *member)
{
    struct osb_blames blames = osb_slot_blames(member->slot);
    bool was_last, done;

    do {
        was_last = blames.standing == 1;
        if (was_last)
            osb_member_clear_error(member->worker);
        done = osb_slot_forgive(member->slot, &blames);
        if (was_last && !done)
            osb_member_set_error(member->worker);
    } while (!done);
}

static const struct osb_member *failed(const struct osb_course *course, int number)
{
    return APR_ARRAY_IDX(course->failed, number, const struct osb_member *);
}

static bool is_blaming(const struct osb_course *course)
{
    return course->failed != NULL && course->cleared < course->failed->nelts;
}

static void clear_blame(struct osb_course *course)
{
    while (is_blaming(course))
        forgive(failed(course, course->cleared++));
}

int osb_course_end(int *status, request_rec *r)
{
    struct osb_course *course = ap_get_module_config(r->request_config, &os_balancer_module);

    (void)status;
    if (course != NULL)
        clear_blame(course);
    return DECLINED;
}

/* The net below osb_course_end. */
static apr_status_t end_course(void *baton)
{
    clear_blame(baton);
    return APR_SUCCESS;
}

static void blame(struct osb_course *course, bool shares)
{
    if (course->failed == NULL) {
        course->failed = apr_array_make(course->r->pool, 1, sizeof(const struct osb_member *));
        apr_pool_cleanup_register(course->r->pool, course, end_course, apr_pool_cleanup_null);
    }
    APR_ARRAY_PUSH(course->failed, const struct osb_member *) = course->member;
    osb_slot_blame(course->member->slot, shares);
}

/* The request looks for yet another member: none of those that have failed it before. */
static void blame_again(struct osb_course *course)
{
    while (course->cleared > 0) {
        const struct osb_member *member = failed(course, --course->cleared);

        osb_slot_blame(member->slot, true);
        osb_member_set_error(member->worker);
    }
}

struct osb_course *osb_course_of(request_rec *r, struct osb_board *board)
{
    struct osb_course *course = ap_get_module_config(r->request_config, &os_balancer_module);

    if (course != NULL)
        return course;
    course = apr_palloc(r->pool, sizeof *course);
    *course = (struct osb_course){.r = r, .board = board};
    ap_set_module_config(r->request_config, &os_balancer_module, course);
    return course;
}

static const char *words_of(const struct osb_course *course)
{
    static const char *const words[] = {
        [OSB_TROUBLE_CONNECT] = "no connection",  [OSB_TROUBLE_SILENT] = "no answer in time",
        [OSB_TROUBLE_BROKEN] = "no whole answer", [OSB_TROUBLE_NONSENSE] = "nonsense for an answer",
        [OSB_TROUBLE_OUT] = "it went out",
    };

    return course->trouble == OSB_TROUBLE_ANSWER ? osb_proof_name(course->proof)
                                                 : words[course->trouble];
}

/* The request goes from the member before to MEMBER. */
static void tell_failover(const struct osb_course *course, const struct osb_member *member)
{
    ap_log_rerror(APLOG_MARK, APLOG_INFO, 0, course->r, "os_balancer: failover from %s to %s: %s",
                  osb_worker_url(course->before->worker), osb_worker_url(member->worker),
                  words_of(course));
    if (course->passed_on)
        osb_slot_give_away(course->before->slot);
}

void osb_course_enter(struct osb_course *course, const struct osb_member *member)
{
    if (course->attempts == 0 && member->group->failover != NULL)
        osb_budget_add_request(osb_board_budget(course->board, member->group->number),
                               this_second());
    course->attempts++;
    clear_blame(course);
    if (course->before != NULL)
        tell_failover(course, member);
    course->passed_on = false;
    course->from = course->before;
    course->before = NULL;
    course->member = member;
    course->blames = osb_slot_blames(member->slot);
}

static bool has_failed(const struct osb_course *course, const struct osb_member *member)
{
    for (int i = 0; course->failed != NULL && i < course->failed->nelts; i++) {
        if (failed(course, i) == member)
            return true;
    }
    return false;
}

/* Whether any of the others could take a request; UNTRIED: one that hasn't failed this one. */
static bool has_others(const struct osb_course *course, bool untried)
{
    const struct osb_group *group = course->member->group;
    unsigned count = atomic_load(&group->member_count);

    for (unsigned i = 0; i < count; i++) {
        const struct osb_member *other = &group->members[i];

        if (other->worker != course->member->worker && osb_member_is_usable(other->worker) &&
            !(untried && has_failed(course, other)))
            return true;
    }
    return false;
}

/* Whether others blamed the member in the meantime. It takes no request then, for which mod_proxy
 * remembers an error too. */
static bool stood_beside_blame(const struct osb_course *course)
{
    return course->blames.standing != 0 ||
           course->blames.all != osb_slot_blames(course->member->slot).all;
}

/* mod_proxy brings members back before `retry` is over where it remembers an error of each, but one
 * that the checks have taken out is none of those: an error of the last one that is left would
 * leave users nobody. */
void osb_course_leave(struct osb_course *course, int result)
{
    if (result == HTTP_SERVICE_UNAVAILABLE) {
        if (!is_blaming(course) && (stood_beside_blame(course) || !has_others(course, false)))
            blame(course, true);
        blame_again(course);
    }
    if (result == HTTP_SERVICE_UNAVAILABLE && course->before == NULL) {
        course->passed_on = true;
        course->before = course->member;
        course->trouble = OSB_TROUBLE_CONNECT;
    }
    course->member = NULL;
}

/* Whether mod_proxy's loop would look for another member, and find one. */
static bool has_another(const struct osb_course *course)
{
    const struct osb_member *member = course->member;
    const struct osb_group *group = member->group;
    /* Not the worker's own pointer, which may be to a copy from before the servers were merged. */
    const proxy_balancer_shared *balancer = group->balancer->s;

    if (course->attempts > (unsigned)balancer->max_attempts ||
        (member->worker->s->status & PROXY_WORKER_IGNORE_ERRORS) ||
        (balancer->sticky_force && apr_table_get(course->r->notes, "session-route") != NULL))
        return false;
    return has_others(course, true);
}

/* While all members lack their database, another one is no better. */
static bool has_shared_cause(const struct osb_course *course)
{
    return osb_board_alarm(course->board, course->member->group->number, OSB_EVENT_DATABASE);
}

void osb_course_wait_long(void *baton)
{
    const struct osb_course *course = baton;

    osb_slot_hint(course->member->slot);
}

/* A member that is up, but taken out for its build, finishes what it has begun. */
static bool is_left_in_peace(const struct osb_member *member, enum osb_trouble trouble)
{
    return trouble == OSB_TROUBLE_OUT && osb_slot_up_since(member->slot) != 0;
}

bool osb_course_give_away(void *baton, enum osb_trouble trouble, enum osb_proof proof)
{
    struct osb_course *course = baton;
    const struct osb_member *member = course->member;
    const struct osb_failover *failover = member->group->failover;

    if (is_left_in_peace(member, trouble) || course->given_away >= failover->retries ||
        has_shared_cause(course) || !has_another(course) ||
        !osb_budget_take(osb_board_budget(course->board, member->group->number), failover->budget,
                         this_second()))
        return false;
    course->given_away++;
    course->before = member;
    course->trouble = trouble;
    course->proof = proof;
    osb_slot_give_away(member->slot);
    if (trouble == OSB_TROUBLE_ANSWER || trouble == OSB_TROUBLE_NONSENSE)
        blame(course, false);
    return true;
}
