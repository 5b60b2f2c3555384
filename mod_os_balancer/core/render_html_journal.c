/* SPDX-License-Identifier: Apache-2.0 */
#include "render_html.h"

/* So many events are on the page; JSON has all. */
#define ROWS_MAX 50

static const char table_head[] =
    "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">When</th>"
    "<th scope=\"col\">Who</th><th scope=\"col\">What</th><th scope=\"col\">Why</th>"
    "</tr></thead>\n<tbody>\n";

static void put_when(const struct osb_sink *sink, uint64_t at, uint64_t now)
{
    char time[24], span[48];

    osb_putf(sink, "<td>%s ago<br><time class=\"faint\">%s</time></td>",
             osb_html_format_age(at, now, span, sizeof span),
             osb_format_time(at, time, sizeof time));
}

/* A member, and its balancer where there are several; or a balancer. */
static void put_who(const struct osb_sink *sink, const struct osb_event *event, bool several)
{
    bool is_member = event->member[0] != '\0';

    osb_put(sink, "<td>");
    osb_html_put_code(sink, is_member ? event->member : event->balancer);
    if (several) {
        osb_put(sink, "<br><span class=\"faint\">");
        if (is_member) {
            osb_put_html(sink, event->balancer);
            osb_put(sink, " ");
        }
        osb_put(sink, "on ");
        osb_put_html(sink, event->server);
        osb_put(sink, "</span>");
    }
    osb_put(sink, "</td>");
}

static const char *state_class(enum osb_state state)
{
    if (state == OSB_STATE_UP)
        return "up";
    return state == OSB_STATE_STARTING || state == OSB_STATE_UNVERIFIED ? "mild" : "bad";
}

static void put_change(const struct osb_sink *sink, const struct osb_event *event)
{
    char span[48];

    osb_putf(sink, "%s &rarr; <span class=\"state %s\">%s</span>", osb_state_name(event->from),
             state_class(event->to), osb_state_name(event->to));
    if (event->lasted > 0)
        osb_putf(sink, "<br><span class=\"faint\">after %s</span>",
                 osb_format_span(event->lasted, span, sizeof span));
}

static void put_what(const struct osb_sink *sink, const struct osb_event *event)
{
    static const struct row {
        const char *began;
        const char *over;
    } rows[OSB_EVENT_KINDS] = {
        [OSB_EVENT_BUILD] = {"<span class=\"state\">other build</span>", NULL},
        [OSB_EVENT_DATABASE] = {"<span class=\"state bad\">database away</span>",
                                "<span class=\"state up\">over: database away</span>"},
        [OSB_EVENT_SKEW] = {"<span class=\"state mild\">different builds</span>",
                            "<span class=\"state up\">over: different builds</span>"},
    };
    const char *words = event->over ? rows[event->kind].over : rows[event->kind].began;

    osb_put(sink, "<td>");
    if (words != NULL)
        osb_put(sink, words);
    else
        put_change(sink, event);
    osb_put(sink, "</td>");
}

void osb_html_put_journal(const struct osb_sink *sink, const struct osb_snapshot *snapshot)
{
    size_t rows = snapshot->event_count < ROWS_MAX ? snapshot->event_count : ROWS_MAX;

    if (rows == 0)
        return;
    osb_put(sink, "<section>\n<h2>Journal</h2>\n");
    if (rows < snapshot->event_count)
        osb_putf(sink, "<p class=\"faint\">The latest %zu of %zu changes; JSON has all.</p>\n",
                 rows, snapshot->event_count);
    osb_put(sink, table_head);
    for (size_t i = 0; i < rows; i++) {
        const struct osb_event *event = &snapshot->events[i];

        osb_put(sink, "<tr>");
        put_when(sink, event->at, snapshot->taken);
        put_who(sink, event, snapshot->balancer_count > 1);
        put_what(sink, event);
        osb_html_put_cell(sink, "why", event->words);
        osb_put(sink, "</tr>\n");
    }
    osb_put(sink, "</tbody></table></div>\n</section>\n");
}
