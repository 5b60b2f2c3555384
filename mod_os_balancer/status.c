/* SPDX-License-Identifier: Apache-2.0 */
#include "status.h"
#include "apply.h"
#include "board.h"
#include "config.h"
#include "inventory.h"
#include "members.h"
#include "runtime.h"
#include "core/load.h"
#include "core/message.h"
#include "core/parse.h"
#include "core/snapshot.h"
#include "core/vocabulary.h"

#include <apr_strings.h>
#include <http_core.h>
#include <http_protocol.h>
#include <http_request.h>
#include <util_script.h>

/* Configuration may hold any bytes; a snapshot's texts are clean. */
static const char *clean(apr_pool_t *pool, const char *text)
{
    apr_size_t size = strlen(text) + 1;

    return osb_text_copy(apr_palloc(pool, size), size, text);
}

static unsigned flags_of(const struct osb_place *place, const struct osb_record *record)
{
    return (record->warming ? (unsigned)OSB_FLAG_WARMING : 0) |
           (place->skewed ? (unsigned)OSB_FLAG_SKEWED : 0) |
           (place->slow ? (unsigned)OSB_FLAG_SLOW : 0);
}

static uint32_t load_of(const struct osb_member *member)
{
    struct osb_slot *slot = member->slot;

    return slot != NULL ? (uint32_t)osb_load_wait(osb_slot_load(slot), osb_prober_now()) : 0;
}

static struct osb_member_view view_member(apr_pool_t *pool, const struct osb_member *member,
                                          const struct osb_place *place)
{
    const proxy_worker_shared *worker = member->worker->s;
    const struct osb_slot *slot = member->slot;
    struct osb_record record = osb_member_record(member);

    return (struct osb_member_view){
        .url = clean(pool, osb_worker_url(member->worker)),
        .state = record.verdict.state,
        .serves = osb_member_serves(member->worker),
        .flags = osb_member_flags(member->worker) | flags_of(place, &record),
        .since = record.verdict.since,
        .checked = record.checked,
        .finding = record.finding,
        .streak = record.verdict.streak,
        .good = record.verdict.good,
        .checks = record.checks,
        .failures = record.failures,
        .late = record.late,
        .hinted = record.hinted,
        .latency = osb_record_latency(&record),
        .requests = worker->elected,
        .busy = worker->busy,
        .failovers = slot != NULL ? osb_slot_given_away(slot) : 0,
        .load = load_of(member),
        .weight = (unsigned)worker->lbfactor,
        .build = record.build,
    };
}

static struct osb_failover_view view_failover(const struct osb_board *board,
                                              const struct osb_group *group)
{
    const struct osb_budget *budget = osb_board_budget(board, group->number);
    uint32_t second = (uint32_t)(osb_prober_now() / 1000);

    if (group->failover == NULL)
        return (struct osb_failover_view){.enabled = false};
    return (struct osb_failover_view){.enabled = true,
                                      .settings = *group->failover,
                                      .used = osb_budget_used(budget, second),
                                      .allowed =
                                          osb_budget_size(budget, group->failover->budget, second)};
}

static struct osb_balancer_view view_group(apr_pool_t *pool, struct osb_board *board,
                                           struct osb_group *group)
{
    struct osb_balancer_view view = {
        .name = clean(pool, group->balancer->s->name),
        .server = clean(pool, group->name),
        .health = *group->health,
        .failover = view_failover(board, group),
        .skew = group->skew,
        .members = apr_pcalloc(pool, group->room * sizeof *view.members),
    };
    struct osb_judgement judgement;

    osb_group_sync(group, board, false);
    judgement = osb_group_judge(group, pool);
    view.roster = judgement.roster;
    view.member_count = judgement.count;
    for (unsigned i = 0; i < judgement.count; i++)
        view.members[i] = view_member(pool, &group->members[i], &judgement.places[i]);
    return view;
}

static void view_journal(apr_pool_t *pool, const struct osb_board *board,
                         struct osb_snapshot *snapshot)
{
    struct osb_event *events = apr_palloc(pool, OSB_JOURNAL_LENGTH * sizeof *events);
    uint64_t last = osb_board_last_event(board);

    for (uint64_t i = 0; i < OSB_JOURNAL_LENGTH && i < last; i++)
        snapshot->event_count += osb_board_event(board, last - i, &events[snapshot->event_count]);
    snapshot->events = events;
}

static void view_checker(struct osb_board *board, struct osb_snapshot *snapshot)
{
    uint32_t beat = osb_lease_beat(osb_board_lease(board));

    snapshot->checker_pid = beat != 0 ? (long)osb_board_leader(board) : 0;
    snapshot->checker_beat_ms = (uint32_t)osb_prober_now() - beat;
}

static void take_snapshot(request_rec *r, struct osb_snapshot *snapshot)
{
    const struct osb_runtime *runtime = osb_runtime_get();
    unsigned count = runtime != NULL ? osb_inventory_group_count(runtime->inventory) : 0;

    snapshot->host = clean(r->pool, ap_get_server_name(r));
    snapshot->taken = (uint64_t)apr_time_as_msec(apr_time_now());
    if (runtime == NULL)
        return;
    view_checker(runtime->board, snapshot);
    view_journal(r->pool, runtime->board, snapshot);
    snapshot->balancers = apr_pcalloc(r->pool, count * sizeof *snapshot->balancers);
    snapshot->balancer_count = count;
    for (unsigned i = 0; i < count; i++)
        snapshot->balancers[i] =
            view_group(r->pool, runtime->board, osb_inventory_group(runtime->inventory, i));
}

/* Fills in what the query asks for. False, and why, for arguments or values that aren't known. */
static bool read_query(request_rec *r, const struct osb_renderer **renderer, uint32_t *refresh,
                       struct osb_message *why)
{
    static const char *const keys[] = {OSB_QUERY_FORMAT, OSB_QUERY_REFRESH};
    const char **names = apr_palloc(r->pool, osb_renderers_count * sizeof *names);
    const apr_array_header_t *pairs;
    apr_table_t *query;
    size_t key, format;

    ap_args_to_table(r, &query);
    pairs = apr_table_elts(query);
    for (size_t i = 0; i < osb_renderers_count; i++)
        names[i] = osb_renderers[i].name;
    for (int i = 0; i < pairs->nelts; i++) {
        const apr_table_entry_t *pair = &APR_ARRAY_IDX(pairs, i, apr_table_entry_t);

        if (!osb_parse_choice(pair->key, keys, sizeof keys / sizeof *keys, &key, why))
            return false;
        if (key == 1) {
            if (!osb_parse_number(pair->val, 1, 3600, refresh, why))
                return false;
        } else if (osb_parse_choice(pair->val, names, osb_renderers_count, &format, why)) {
            *renderer = &osb_renderers[format];
        } else {
            return false;
        }
    }
    return true;
}

static void write_response(void *baton, const char *bytes, size_t length)
{
    ap_rwrite(bytes, (int)length, baton);
}

static void set_headers(request_rec *r)
{
    static const char *const headers[][2] = {
        {"Cache-Control", "no-store"},
        {"X-Content-Type-Options", "nosniff"},
        {"Content-Security-Policy",
         "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"},
    };

    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        apr_table_setn(r->headers_out, headers[i][0], headers[i][1]);
}

/* In plain text, so that nothing of the query needs escaping. */
static int refuse_query(request_rec *r, const struct osb_message *why)
{
    r->status = HTTP_BAD_REQUEST;
    ap_set_content_type(r, "text/plain; charset=utf-8");
    if (!r->header_only)
        ap_rprintf(r, "%s\n", clean(r->pool, why->text));
    return OK;
}

int osb_status_handler(request_rec *r)
{
    const struct osb_renderer *renderer = &osb_renderers[0];
    const struct osb_sink sink = {.write = write_response, .baton = r};
    struct osb_snapshot snapshot = {.refresh = 0};
    struct osb_message why;

    if (r->handler == NULL || strcmp(r->handler, OSB_HANDLER_STATUS) != 0)
        return DECLINED;
    if (r->method_number != M_GET) {
        ap_allow_methods(r, REPLACE_ALLOW, "GET", NULL);
        return HTTP_METHOD_NOT_ALLOWED;
    }
    set_headers(r);
    if (!read_query(r, &renderer, &snapshot.refresh, &why))
        return refuse_query(r, &why);
    ap_set_content_type(r, renderer->content_type);
    if (r->header_only)
        return OK;
    take_snapshot(r, &snapshot);
    renderer->render(&snapshot, &sink);
    return OK;
}
