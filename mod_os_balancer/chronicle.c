/* SPDX-License-Identifier: Apache-2.0 */
#include "chronicle.h"
#include "config.h"
#include "core/snapshot.h"

#include <http_log.h>

APLOG_USE_MODULE(os_balancer);

static struct osb_event_place place_of(const struct osb_group *group,
                                       const struct osb_member *member)
{
    return (struct osb_event_place){
        .server = group->name,
        .balancer = group->balancer->s->name,
        .member = member != NULL ? osb_worker_url(member->worker) : "",
    };
}

static void log_state(const struct osb_member *member, const struct osb_transition *transition,
                      const struct osb_record *record)
{
    int level = transition->to == OSB_STATE_UP ? APLOG_NOTICE : APLOG_WARNING;
    bool known = transition->from != OSB_STATE_UNVERIFIED;
    char words[160], span[48];

    ap_log_error(APLOG_MARK, level, 0, member->group->server,
                 "os_balancer: %s member %s: %s -> %s: %s "
                 "(check took %u ms, %u %s in a row%s%s%s%s)",
                 member->group->balancer->s->name, osb_worker_url(member->worker),
                 osb_state_name(transition->from), osb_state_name(transition->to),
                 osb_finding_words(&record->finding, words, sizeof words), record->finding.ms,
                 record->verdict.streak, record->verdict.good ? "good" : "bad",
                 known ? ", was " : "", known ? osb_state_name(transition->from) : "",
                 known ? " for " : "",
                 known ? osb_format_span(transition->lasted, span, sizeof span) : "");
}

void osb_chronicle_state(const struct osb_term *term, const struct osb_member *member,
                         const struct osb_transition *transition, const struct osb_record *record)
{
    const struct osb_event_place place = place_of(member->group, member);
    struct osb_event event =
        osb_event_of_state(&place, transition, &record->finding, record->checked);

    if (osb_board_enter(term, &event))
        log_state(member, transition, record);
}

void osb_chronicle_build(const struct osb_term *term, const struct osb_member *member,
                         const struct osb_identity *before, const struct osb_record *record)
{
    const struct osb_event_place place = place_of(member->group, member);
    struct osb_event event = osb_event_of_build(&place, before, &record->build, record->checked);

    if (osb_board_enter(term, &event))
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, member->group->server,
                     "os_balancer: %s member %s: build changed: %s", place.balancer, place.member,
                     event.words);
}

void osb_chronicle_warmup(const struct osb_term *term, const struct osb_member *member,
                          const struct osb_warmup_end *end)
{
    char span[48];

    if (!osb_term_lasts(term))
        return;
    osb_format_span(end->ms, span, sizeof span);
    if (end->failed == NULL)
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, member->group->server,
                     "os_balancer: %s member %s: warmed up in %s", member->group->balancer->s->name,
                     osb_worker_url(member->worker), span);
    else
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, member->group->server,
                     "os_balancer: %s member %s: warm-up broke off after %s: no answer for %s",
                     member->group->balancer->s->name, osb_worker_url(member->worker), span,
                     end->failed);
}

void osb_chronicle_want(const struct osb_member *member, const char *words)
{
    ap_log_error(APLOG_MARK, APLOG_ERR, 0, member->group->server,
                 "os_balancer: %s member %s can't be checked, for want of something on this host; "
                 "until that is mended states stay as they are: %s",
                 member->group->balancer->s->name, osb_worker_url(member->worker),
                 words[0] != '\0' ? words : "out of memory");
}

static void tell_alarm(const struct osb_term *term, const struct osb_group *group,
                       enum osb_event_kind kind, bool stands, int level)
{
    const struct osb_event_place place = place_of(group, NULL);
    struct osb_event event;

    if (osb_board_alarm(term->board, group->number, kind) == stands)
        return;
    event = osb_event_of_alarm(&place, kind, !stands, (uint64_t)apr_time_as_msec(apr_time_now()));
    if (!osb_board_enter(term, &event))
        return;
    osb_board_set_alarm(term, group->number, kind, stands);
    ap_log_error(APLOG_MARK, stands ? level : APLOG_NOTICE, 0, group->server, "os_balancer: %s: %s",
                 place.balancer, event.words);
}

void osb_chronicle_roster(const struct osb_term *term, const struct osb_group *group,
                          const struct osb_roster *roster)
{
    tell_alarm(term, group, OSB_EVENT_DATABASE, roster->shared_cause, APLOG_ERR);
    tell_alarm(term, group, OSB_EVENT_SKEW, roster->skewed, APLOG_WARNING);
}
