/* SPDX-License-Identifier: Apache-2.0 */
/* The status for people: one page that needs nothing from anywhere else. */
#include "parse.h"
#include "snapshot.h"
#include "vocabulary.h"

#include <stdio.h>
#include <string.h>

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
    "       max-width: 78rem; }\n"
    "h1 { font-size: 1.4rem; margin: 0; }\n"
    "h2 { font-size: 1.1rem; margin: 2rem 0 .2rem; }\n"
    ".scroll { overflow-x: auto; }\n"
    "table { border-collapse: collapse; width: 100%; }\n"
    "th, td { text-align: left; vertical-align: top; padding: .45rem .9rem .45rem 0;\n"
    "         border-bottom: 1px solid var(--line); }\n"
    "th { font-weight: 600; white-space: nowrap; }\n"
    "td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }\n"
    ".up, .good { color: var(--good); } .bad { color: var(--bad); } .mild { color: var(--mild); }\n"
    ".state { font-weight: 600; white-space: nowrap; }\n"
    ".faint { color: var(--faint); font-size: .87em; } time { white-space: nowrap; }\n"
    "code { font: .93em ui-monospace, monospace; white-space: nowrap; }\n"
    "</style>\n";

static const char member_head[] =
    "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Member</th>"
    "<th scope=\"col\">State</th><th scope=\"col\">Why</th><th scope=\"col\">Since</th>"
    "<th scope=\"col\" class=\"n\">Last check</th><th scope=\"col\" class=\"n\">In a row</th>"
    "<th scope=\"col\" class=\"n\">Requests</th><th scope=\"col\" class=\"n\">Busy</th>"
    "<th scope=\"col\">Build</th></tr></thead>\n<tbody>\n";

static void put_cell(const struct osb_sink *sink, const char *class, const char *text)
{
    osb_putf(sink, "<td%s%s%s>", *class ? " class=\"" : "", class, *class ? "\"" : "");
    osb_put_html(sink, text);
    osb_put(sink, "</td>");
}

static void put_number(const struct osb_sink *sink, uint64_t number)
{
    osb_putf(sink, "<td class=\"n\">%llu</td>", (unsigned long long)number);
}

/* Green is up and serving, amber is neither good nor proved bad, red is out. */
static const char *state_class(const struct osb_member_view *member)
{
    if (member->state == OSB_STATE_UP)
        return "state up";
    return member->serves || member->state == OSB_STATE_STARTING ? "state mild" : "state bad";
}

static void put_flags(const struct osb_sink *sink, const struct osb_member_view *member)
{
    static const struct row {
        enum osb_flag flag;
        const char *words;
    } rows[] = {{OSB_FLAG_DRAINING, "draining"},
                {OSB_FLAG_DISABLED, "disabled by an operator"},
                {OSB_FLAG_STOPPED, "stopped by an operator"},
                {OSB_FLAG_STANDBY, "hot standby"},
                {OSB_FLAG_SPARE, "hot spare"},
                {OSB_FLAG_ERROR, "mod_proxy found it in error"}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (member->flags & (unsigned)rows[i].flag)
            osb_putf(sink, "<br><span class=\"faint\">%s</span>", rows[i].words);
    }
    if (member->state != OSB_STATE_UP && member->serves)
        osb_put(sink, "<br><span class=\"faint\">serves, since no member is up</span>");
}

static void put_state(const struct osb_sink *sink, const struct osb_member_view *member)
{
    osb_putf(sink, "<td><span class=\"%s\" title=\"", state_class(member));
    osb_put_html(sink, osb_state_meaning(member->state));
    osb_put(sink, "\">");
    osb_put_html(sink, osb_state_name(member->state));
    osb_put(sink, "</span>");
    put_flags(sink, member);
    osb_put(sink, "</td>");
}

static void put_since(const struct osb_sink *sink, const struct osb_member_view *member,
                      uint64_t now)
{
    char time[24], span[48];

    if (member->since == 0) {
        put_cell(sink, "", "-");
        return;
    }
    osb_putf(sink, "<td>%s<br><time class=\"faint\">%s</time></td>",
             osb_format_span(now > member->since ? now - member->since : 0, span, sizeof span),
             osb_format_time(member->since, time, sizeof time));
}

static void put_check(const struct osb_sink *sink, const struct osb_member_view *member,
                      uint64_t now)
{
    char span[48];

    if (member->checked == 0) {
        osb_put(sink, "<td class=\"n\">-</td><td class=\"n\">-</td>");
        return;
    }
    osb_putf(sink, "<td class=\"n\">%u ms<br><span class=\"faint\">%s ago</span></td>",
             member->finding.ms,
             osb_format_span(now > member->checked ? now - member->checked : 0, span, sizeof span));
    osb_putf(sink, "<td class=\"n %s\">%u %s</td>", member->good ? "good" : "bad", member->streak,
             member->good ? "good" : "bad");
}

static void put_member(const struct osb_sink *sink, const struct osb_member_view *member,
                       uint64_t now)
{
    char words[160];

    osb_put(sink, "<tr><td><code>");
    osb_put_html(sink, member->url);
    osb_put(sink, "</code></td>");
    put_state(sink, member);
    put_cell(sink, "", osb_member_reason(member, words, sizeof words));
    put_since(sink, member, now);
    put_check(sink, member, now);
    put_number(sink, member->requests);
    put_number(sink, member->busy);
    put_cell(sink, "", member->build.known ? member->build.version : "-");
    osb_put(sink, "</tr>\n");
}

static void put_summary(const struct osb_sink *sink, const struct osb_balancer_view *balancer)
{
    const struct osb_health *health = &balancer->health;
    char interval[16], fast[16], timeout[16];
    size_t up = 0;

    for (size_t i = 0; i < balancer->member_count; i++)
        up += balancer->members[i].state == OSB_STATE_UP;
    osb_putf(sink, "<p class=\"%s\">%zu of %zu members up.</p>\n",
             up == balancer->member_count ? "good"
             : up > 0                     ? "mild"
                                          : "bad",
             up, balancer->member_count);
    osb_putf(sink,
             "<p class=\"faint\">Checked every %s (%s while a verdict changes), time limit %s; "
             "out after %u bad checks in a row, back after %u good ones.</p>\n",
             osb_format_duration(health->interval_ms, interval, sizeof interval),
             osb_format_duration(health->fast_ms, fast, sizeof fast),
             osb_format_duration(health->timeout_ms, timeout, sizeof timeout), health->fall,
             health->rise);
}

static void put_balancer(const struct osb_sink *sink, const struct osb_balancer_view *balancer,
                         uint64_t now)
{
    osb_put(sink, "<section>\n<h2><code>");
    osb_put_html(sink, balancer->name);
    osb_put(sink, "</code> <span class=\"faint\">on ");
    osb_put_html(sink, balancer->server);
    osb_put(sink, "</span></h2>\n");
    put_summary(sink, balancer);
    osb_put(sink, member_head);
    for (size_t i = 0; i < balancer->member_count; i++)
        put_member(sink, &balancer->members[i], now);
    osb_put(sink, "</tbody></table></div>\n</section>\n");
}

void osb_render_html(const struct osb_snapshot *snapshot, const struct osb_sink *sink)
{
    char time[24];

    osb_put(sink, head);
    if (snapshot->refresh > 0)
        osb_putf(sink, "<meta http-equiv=\"refresh\" content=\"%u\">\n", snapshot->refresh);
    osb_put(sink, "</head>\n<body>\n<h1>OpenSpecimen balancer</h1>\n<p class=\"faint\">");
    osb_put_html(sink, snapshot->host);
    osb_putf(sink,
             ", %s, mod_os_balancer " OSB_VERSION ". <a href=\"?" OSB_QUERY_FORMAT
             "=json\">JSON</a>, <a href=\"?" OSB_QUERY_REFRESH "=5\">reload every 5 s</a></p>\n",
             osb_format_time(snapshot->taken, time, sizeof time));
    if (snapshot->balancer_count == 0)
        osb_put(sink, "<p>No balancer has " OSB_DIRECTIVE_HEALTH " On.</p>\n");
    for (size_t i = 0; i < snapshot->balancer_count; i++)
        put_balancer(sink, &snapshot->balancers[i], snapshot->taken);
    osb_put(sink, "</body>\n</html>\n");
}
