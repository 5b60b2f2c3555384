/* SPDX-License-Identifier: Apache-2.0 */
#include "render_html.h"
#include "text.h"

#include <string.h>

const char osb_html_member_head[] =
    "<thead><tr><th scope=\"col\">Member</th>"
    "<th scope=\"col\">State</th><th scope=\"col\">Why</th><th scope=\"col\">Since</th>"
    "<th scope=\"col\" class=\"n\">Last check</th><th scope=\"col\" class=\"n\">In a row</th>"
    "<th scope=\"col\" class=\"n\">Requests</th><th scope=\"col\" class=\"n\">Busy</th>"
    "<th scope=\"col\">Build</th></tr></thead>\n";

static void put_number(const struct osb_sink *sink, const char *label, uint64_t number)
{
    osb_putf(sink, "<td class=\"n\" data-label=\"%s\">%llu</td>", label,
             (unsigned long long)number);
}

/* A line below what a cell says first. TEXT is ours, not a member's. */
static void put_note(const struct osb_sink *sink, const char *class, const char *text)
{
    osb_putf(sink, "<br><span class=\"%s\">%s</span>", class, text);
}

/* Green is up and right, amber is neither good nor proved bad, red is out. */
static const char *state_class(const struct osb_member_view *member)
{
    if (member->state == OSB_STATE_UP)
        return member->flags & OSB_FLAG_SKEWED ? "state mild" : "state up";
    return member->serves || member->state == OSB_STATE_STARTING ? "state mild" : "state bad";
}

static void put_flags(const struct osb_sink *sink, const struct osb_member_view *member)
{
    static const struct row {
        enum osb_flag flag;
        const char *class;
        const char *words;
    } rows[] = {{OSB_FLAG_SKEWED, "note mild", "another build than most"},
                {OSB_FLAG_SLOW, "note mild", "much slower than its peers"},
                {OSB_FLAG_WARMING, "note mild", "warming up"},
                {OSB_FLAG_DRAINING, "faint", "draining"},
                {OSB_FLAG_DISABLED, "faint", "disabled by an operator"},
                {OSB_FLAG_STOPPED, "faint", "stopped by an operator"},
                {OSB_FLAG_STANDBY, "faint", "hot standby"},
                {OSB_FLAG_SPARE, "faint", "hot spare"},
                {OSB_FLAG_ERROR, "faint", "mod_proxy found it in error"}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (member->flags & (unsigned)rows[i].flag)
            put_note(sink, rows[i].class, rows[i].words);
    }
    if (member->state != OSB_STATE_UP && member->serves)
        put_note(sink, "faint", "serves, since no member is up");
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

static bool is_new(const char *text, const char *words)
{
    return text[0] != '\0' && strstr(words, text) == NULL;
}

/* What the WORDS of a bad finding leave out: where the check ended, with which status or outcome,
 * and what the member said. "database: 500; without its database: 200". */
static void put_evidence(const struct osb_sink *sink, const struct osb_finding *finding,
                         const char *words)
{
    osb_putf(sink, "<br><span class=\"faint\">%s: ", osb_question_name(finding->rung));
    if (finding->status > 0)
        osb_putf(sink, "%u", finding->status);
    else
        osb_put(sink, osb_outcome_name(finding->outcome));
    if (is_new(finding->code, words)) {
        osb_put(sink, " ");
        osb_put_html(sink, finding->code);
    }
    if (finding->beside > 0)
        osb_putf(sink, "; without its database: %u", finding->beside);
    osb_put(sink, "</span>");
    if (is_new(finding->said, words)) {
        osb_put(sink, "<br><code class=\"said\">");
        osb_put_html(sink, finding->said);
        osb_put(sink, "</code>");
    }
}

static void put_reason(const struct osb_sink *sink, const struct osb_member_view *member)
{
    char words[160];

    osb_member_reason(member, words, sizeof words);
    osb_put(sink, "<td class=\"why\">");
    osb_put_html(sink, words);
    if (member->checked > 0 && !osb_finding_is_good(&member->finding))
        put_evidence(sink, &member->finding, words);
    osb_put(sink, "</td>");
}

static void put_since(const struct osb_sink *sink, const struct osb_member_view *member,
                      uint64_t now)
{
    char time[24], span[48];

    if (member->since == 0) {
        osb_put(sink, "<td data-label=\"Since\">-</td>");
        return;
    }
    osb_putf(sink, "<td data-label=\"Since\">%s<br><time class=\"faint\">%s</time></td>",
             osb_html_format_age(member->since, now, span, sizeof span),
             osb_format_time(member->since, time, sizeof time));
}

static void put_count(const struct osb_sink *sink, uint64_t count, const char *word,
                      const char *meaning)
{
    if (count > 0)
        osb_putf(sink, "<br><span class=\"faint\" title=\"%s\">%llu %s</span>", meaning,
                 (unsigned long long)count, word);
}

static void put_check(const struct osb_sink *sink, const struct osb_member_view *member,
                      uint64_t now)
{
    char span[48];

    if (member->checked == 0) {
        osb_put(sink, "<td class=\"n\" data-label=\"Last check\">-</td>"
                      "<td class=\"n\" data-label=\"In a row\">-</td>");
        return;
    }
    osb_putf(
        sink,
        "<td class=\"n\" data-label=\"Last check\">%u ms<br><span class=\"faint\">%s ago</span>",
        member->finding.ms, osb_html_format_age(member->checked, now, span, sizeof span));
    put_count(sink, member->late, "late", "checks that began late");
    put_count(sink, member->hinted, "early", "checks that users' requests pulled forward");
    osb_putf(sink, "</td><td class=\"n %s\" data-label=\"In a row\">%u %s</td>",
             member->good ? "good" : "bad", member->streak, member->good ? "good" : "bad");
}

/* A commit's beginning tells it from others; JSON has all of it. */
static void put_build(const struct osb_sink *sink, const struct osb_identity *build)
{
    char commit[13];

    osb_put_html(sink, build->known ? build->version : "-");
    if (!build->known || build->commit[0] == '\0')
        return;
    osb_put(sink, "<br><span class=\"faint\">");
    osb_put_html(sink, osb_text_copy(commit, sizeof commit, build->commit));
    osb_put(sink, "</span>");
}

void osb_html_put_member(const struct osb_sink *sink, const struct osb_member_view *member,
                         uint64_t now)
{
    osb_put(sink, "<tr><td>");
    osb_html_put_code(sink, member->url);
    osb_put(sink, "</td>");
    put_state(sink, member);
    put_reason(sink, member);
    put_since(sink, member, now);
    put_check(sink, member, now);
    osb_putf(sink, "<td class=\"n\" data-label=\"Requests\">%llu",
             (unsigned long long)member->requests);
    put_count(sink, member->failovers, "passed on", "requests that went on to another member");
    osb_put(sink, "</td>");
    put_number(sink, "Busy", member->busy);
    osb_put(sink, "<td data-label=\"Build\">");
    put_build(sink, &member->build);
    osb_put(sink, "</td></tr>\n");
}
