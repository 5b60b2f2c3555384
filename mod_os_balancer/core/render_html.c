/* SPDX-License-Identifier: Apache-2.0 */
/* The status for people: one page that needs nothing from anywhere else. */
#include "render_html.h"
#include "budget.h"
#include "parse.h"
#include "vocabulary.h"

static const char head[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<title>OpenSpecimen balancer</title>\n"
    "<style>\n"
    ":root { color-scheme: light dark; --line: #8884; --good: #1a7f37; --bad: #cf222e;\n"
    "        --mild: #9a6700; --faint: #6e7781; }\n"
    "@media (prefers-color-scheme: dark) { :root { --good: #3fb950; --bad: #ff7b72;\n"
    "        --mild: #d29922; --faint: #9198a1; } }\n"
    "body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; padding: 0 1rem;\n"
    "       max-width: 84rem; }\n"
    "h1 { font-size: 1.4rem; margin: 0; }\n"
    "h2 { font-size: 1.1rem; margin: 2rem 0 .2rem; }\n"
    "p { margin: .6rem 0; }\n"
    ".scroll { overflow-x: auto; }\n"
    "table { border-collapse: collapse; width: 100%; }\n"
    "th, td { text-align: left; vertical-align: top; padding: .45rem .9rem .45rem 0;\n"
    "         border-bottom: 1px solid var(--line); }\n"
    "th { font-weight: 600; white-space: nowrap; }\n"
    "td.n, th.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }\n"
    ".up, .good { color: var(--good); } .bad { color: var(--bad); } .mild { color: var(--mild); }\n"
    ".state { font-weight: 600; white-space: nowrap; }\n"
    ".faint, .note { font-size: .87em; } .faint, .said { color: var(--faint); }\n"
    "time { white-space: nowrap; }\n"
    "code { font-family: ui-monospace, monospace; font-size: .9em; overflow-wrap: anywhere; }\n"
    "td > code { display: inline-block; min-width: 17rem; }\n"
    "td > .said { display: inline; font-size: .82em; }\n"
    ".banner { border-left: .25rem solid; padding: .3rem .8rem; }\n"
    /* No room for columns: a member is a card, a column a line of it. */
    "@media (max-width: 76rem) {\n"
    "thead { display: none; } tbody, tr, td { display: block; }\n"
    "tr { padding: .6rem 0; border-bottom: 1px solid var(--line); }\n"
    "td, td.n { border: 0; padding: .05rem 0; text-align: left; white-space: normal; }\n"
    "td[data-label]::before { content: attr(data-label) \": \"; color: var(--faint); }\n"
    "td[data-label] br { display: none; } td[data-label] br + * { margin-left: .6em; }\n"
    "}\n"
    "</style>\n";

/* The checker beats many times a second; a longer silence than this, in ms, is a fault. */
#define BEAT_MAX 1000

void osb_html_put_code(const struct osb_sink *sink, const char *text)
{
    osb_put(sink, "<code>");
    osb_put_html(sink, text);
    osb_put(sink, "</code>");
}

void osb_html_put_cell(const struct osb_sink *sink, const char *class, const char *text)
{
    osb_putf(sink, "<td%s%s%s>", *class ? " class=\"" : "", class, *class ? "\"" : "");
    osb_put_html(sink, text);
    osb_put(sink, "</td>");
}

char *osb_html_format_age(uint64_t then, uint64_t now, char *buffer, size_t size)
{
    return osb_format_span(now > then ? now - then : 0, buffer, size);
}

static void put_summary(const struct osb_sink *sink, const struct osb_balancer_view *balancer)
{
    size_t up = 0;

    for (size_t i = 0; i < balancer->member_count; i++)
        up += balancer->members[i].state == OSB_STATE_UP;
    osb_putf(sink, "<p class=\"%s\">%zu of %zu members up.</p>\n",
             up == balancer->member_count ? "good"
             : up > 0                     ? "mild"
                                          : "bad",
             up, balancer->member_count);
}

static void put_settings(const struct osb_sink *sink, const struct osb_health *health)
{
    char interval[16], fast[16], down[16], timeout[16];

    osb_putf(sink, "<p class=\"faint\">Checked every %s (%s while a verdict changes",
             osb_format_duration(health->interval_ms, interval, sizeof interval),
             osb_format_duration(health->fast_ms, fast, sizeof fast));
    if (health->down_ms != health->interval_ms)
        osb_putf(sink, ", %s while it is out",
                 osb_format_duration(health->down_ms, down, sizeof down));
    osb_putf(sink, "), time limit %s; out after %u bad checks in a row, back after %u good ones.",
             osb_format_duration(health->timeout_ms, timeout, sizeof timeout), health->fall,
             health->rise);
}

static void put_failover(const struct osb_sink *sink, const struct osb_failover_view *failover)
{
    if (failover->enabled)
        osb_putf(sink, " Failovers in the last %u s: %u of at most %u.", OSB_BUDGET_SPAN_S,
                 failover->used, failover->allowed);
    osb_put(sink, "</p>\n");
}

static void put_balancer(const struct osb_sink *sink, const struct osb_balancer_view *balancer,
                         uint64_t now)
{
    osb_put(sink, "<section>\n<h2>");
    osb_html_put_code(sink, balancer->name);
    osb_put(sink, " <span class=\"faint\">on ");
    osb_put_html(sink, balancer->server);
    osb_put(sink, "</span></h2>\n");
    osb_html_put_banners(sink, balancer);
    put_summary(sink, balancer);
    put_settings(sink, &balancer->health);
    put_failover(sink, &balancer->failover);
    osb_put(sink, "<div class=\"scroll\"><table>\n");
    osb_put(sink, osb_html_member_head);
    osb_put(sink, "<tbody>\n");
    for (size_t i = 0; i < balancer->member_count; i++)
        osb_html_put_member(sink, &balancer->members[i], now);
    osb_put(sink, "</tbody></table></div>\n</section>\n");
}

/* Who checks, and whether it lives. */
static void put_checker(const struct osb_sink *sink, const struct osb_snapshot *snapshot)
{
    bool lives = snapshot->checker_pid > 0 && snapshot->checker_beat_ms <= BEAT_MAX;
    char span[48];

    osb_putf(sink, "<p class=\"%s\">", lives ? "faint" : "bad");
    if (snapshot->checker_pid > 0)
        osb_putf(sink, "Process %ld checks; its latest sign of life came %s ago.</p>\n",
                 snapshot->checker_pid,
                 osb_format_span(snapshot->checker_beat_ms, span, sizeof span));
    else
        osb_put(sink, "No process checks now; what is shown is the latest that was known.</p>\n");
}

static void put_title(const struct osb_sink *sink, const struct osb_snapshot *snapshot)
{
    char time[24];

    osb_put(sink, "<h1>OpenSpecimen balancer</h1>\n<p class=\"faint\">");
    osb_put_html(sink, snapshot->host);
    osb_putf(sink,
             ", %s, mod_os_balancer " OSB_VERSION ". <a href=\"?" OSB_QUERY_FORMAT
             "=json\">JSON</a>, <a href=\"?" OSB_QUERY_REFRESH "=5\">reload every 5 s</a></p>\n",
             osb_format_time(snapshot->taken, time, sizeof time));
}

void osb_render_html(const struct osb_snapshot *snapshot, const struct osb_sink *sink)
{
    osb_put(sink, head);
    if (snapshot->refresh > 0)
        osb_putf(sink, "<meta http-equiv=\"refresh\" content=\"%u\">\n", snapshot->refresh);
    osb_put(sink, "</head>\n<body>\n");
    put_title(sink, snapshot);
    if (snapshot->balancer_count > 0)
        put_checker(sink, snapshot);
    else
        osb_put(sink, "<p>No balancer has " OSB_DIRECTIVE_HEALTH " On.</p>\n");
    for (size_t i = 0; i < snapshot->balancer_count; i++)
        put_balancer(sink, &snapshot->balancers[i], snapshot->taken);
    osb_html_put_journal(sink, snapshot);
    osb_put(sink, "</body>\n</html>\n");
}
