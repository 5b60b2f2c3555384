/* SPDX-License-Identifier: Apache-2.0 */
/* osgen probe as a plugin of Nagios, Icinga and their kin: a line with a state, what is wrong, and
 * figures behind a bar; the exit code is the state. */
#include "probe_report.h"
#include "base/text.h"
#include "topology/topology.h"

/* More than so many bad instances are counted, not named. */
#define MOST_NAMED 5

/* The plugin interface's own codes. */
enum level { OK, WARNING, CRITICAL, UNKNOWN };

static const char *const names[] = {
    [OK] = "OK", [WARNING] = "WARNING", [CRITICAL] = "CRITICAL", [UNKNOWN] = "UNKNOWN"};

/* Users are served as long as one instance is up. */
static enum level level_of(const struct osg_probe_report *report)
{
    if (report->up == 0)
        return report->bad == 0 && report->unasked > 0 ? UNKNOWN : CRITICAL;
    if (report->bad > 0 || report->skewed)
        return WARNING;
    return report->unasked > 0 ? UNKNOWN : OK;
}

static int code(const struct osg_probe_report *report)
{
    return (int)level_of(report);
}

/* A bar ends the text, and a line break would end the answer. */
static void put_clean(struct osg_text *text, const char *words)
{
    for (; *words != '\0'; words++)
        osg_text_add(text, *words == '|' || *words < ' ' || *words > '~' ? "?" : words, 1);
}

static bool is_bad(const struct osg_probe_row *row)
{
    return row->inquiry.local || row->skewed ||
           (!row->instance->disabled && row->verdict.state != OSB_STATE_UP);
}

static void put_bad(struct osg_text *text, const struct osg_probe_row *row)
{
    osg_text_put(text, row->label);
    if (!row->inquiry.local)
        osg_text_printf(text, " %s", osb_state_name(row->verdict.state));
    osg_text_put(text, " (");
    put_clean(text, row->skewed ? "another build than most" : row->inquiry.words);
    osg_text_put(text, ")");
}

static void put_all_bad(struct osg_text *text, const struct osg_probe_report *report)
{
    size_t count = 0;

    for (size_t i = 0; i < report->count; i++) {
        if (!is_bad(&report->rows[i]) || count++ >= MOST_NAMED)
            continue;
        osg_text_put(text, count == 1 ? ": " : ", ");
        put_bad(text, &report->rows[i]);
    }
    if (count > MOST_NAMED)
        osg_text_printf(text, " and %zu more", count - MOST_NAMED);
}

/* 'os1'=4ms; of one that isn't up there is no time. */
static void put_figures(struct osg_text *text, const struct osg_probe_report *report)
{
    osg_text_printf(text, " | up=%zu;%zu:;1:;0;%zu", report->up, report->offered, report->offered);
    for (size_t i = 0; i < report->count; i++) {
        const struct osg_probe_row *row = &report->rows[i];

        osg_text_printf(text, " '%s'=", row->label);
        if (row->verdict.state == OSB_STATE_UP && !row->inquiry.local)
            osg_text_printf(text, "%ums;;;0", row->inquiry.finding.ms);
        else
            osg_text_put(text, "U");
    }
}

static void put(struct osg_text *text, const struct osg_probe_report *report, bool colour)
{
    (void)colour;
    osg_text_printf(text, "OPENSPECIMEN %s - %zu of %zu up", names[level_of(report)], report->up,
                    report->offered);
    if (report->shared_cause)
        osg_text_put(text, ", it is the database");
    put_all_bad(text, report);
    put_figures(text, report);
    osg_text_put(text, "\n");
}

int osg_probe_nagios_unknown(struct osg_text *text, const char *why)
{
    osg_text_printf(text, "OPENSPECIMEN %s - ", names[UNKNOWN]);
    put_clean(text, why);
    osg_text_put(text, "\n");
    return UNKNOWN;
}

const struct osg_probe_format osg_probe_nagios = {.put = put, .code = code};
