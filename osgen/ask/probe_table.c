/* SPDX-License-Identifier: Apache-2.0 */
/* osgen probe for people: a line for each instance, as wide as its widest cells. */
#include "probe_report.h"
#include "base/text.h"
#include "topology/topology.h"

#include "core/datetime.h"
#include "core/parse.h"
#include "core/utf8.h"

#include <string.h>

#define GAP    2
#define COMMIT 7 /* so many characters of a commit tell it from others */

typedef void put_cell(struct osg_text *text, const struct osg_probe_row *row);

static bool is_known(const struct osg_probe_row *row)
{
    return row->inquiry.answered && !row->inquiry.local;
}

static void put_rung(struct osg_text *text, const struct osg_probe_row *row, const char *rung)
{
    osg_text_put(text, is_known(row) ? rung : "-");
}

static void put_label(struct osg_text *text, const struct osg_probe_row *row)
{
    osg_text_put(text, row->label);
}

static void put_state(struct osg_text *text, const struct osg_probe_row *row)
{
    osg_text_put(text, row->inquiry.answered ? osb_state_name(row->verdict.state) : "...");
}

static void put_connector(struct osg_text *text, const struct osg_probe_row *row)
{
    put_rung(text, row, row->inquiry.rungs.connector);
}

static void put_webapp(struct osg_text *text, const struct osg_probe_row *row)
{
    put_rung(text, row, row->inquiry.rungs.webapp);
}

static void put_database(struct osg_text *text, const struct osg_probe_row *row)
{
    put_rung(text, row, row->inquiry.rungs.database);
}

static void put_build(struct osg_text *text, const struct osg_probe_row *row)
{
    const struct osb_identity *build = &row->inquiry.finding.identity;

    put_rung(text, row, build->known ? build->version : "-");
    if (is_known(row) && build->known && build->commit[0] != '\0')
        osg_text_printf(text, " %.*s", COMMIT, build->commit);
}

static void put_ms(struct osg_text *text, const struct osg_probe_row *row)
{
    if (is_known(row))
        osg_text_printf(text, "%u", row->inquiry.finding.ms);
    else
        osg_text_put(text, "-");
}

static void put_cause(struct osg_text *text, const struct osg_probe_row *row)
{
    osg_text_put(text, row->inquiry.answered ? row->inquiry.words : "");
    if (row->skewed)
        osg_text_put(text, "; another build than most");
    if (row->instance->disabled)
        osg_text_put(text, row->inquiry.answered ? "; disabled" : "disabled");
}

static const struct column {
    const char *title;
    put_cell *put;
    bool right; /* is it a number? */
} columns[] = {
    {"INSTANCE", put_label, false},
    {"STATE", put_state, false},
    {"CONNECTOR", put_connector, false},
    {"WEBAPP", put_webapp, false},
    {"DATABASE", put_database, false},
    {"BUILD", put_build, false},
    {"MS", put_ms, true},
    {"CAUSE", put_cause, false},
};

#define COLUMNS (sizeof columns / sizeof *columns)

/* The length of valid UTF-8 in characters. */
static size_t width_of(const char *text)
{
    size_t left = strlen(text), width = 0;
    uint32_t code;

    for (; left > 0; width++) {
        size_t length = osb_utf8_read(text, left, &code);

        length = length > 0 ? length : 1;
        text += length;
        left -= length;
    }
    return width;
}

/* ROW NULL: the titles. */
static const char *cell_of(struct osg_text *text, const struct column *column,
                           const struct osg_probe_row *row)
{
    text->length = 0;
    if (row == NULL)
        osg_text_put(text, column->title);
    else
        column->put(text, row);
    return text->bytes != NULL ? text->bytes : "";
}

static void measure(const struct osg_probe_report *report, size_t widths[COLUMNS])
{
    struct osg_text cell = {0};

    for (size_t i = 0; i < COLUMNS; i++)
        widths[i] = width_of(columns[i].title);
    for (size_t row = 0; row < report->count; row++) {
        for (size_t i = 0; i < COLUMNS; i++) {
            size_t width = width_of(cell_of(&cell, &columns[i], &report->rows[row]));

            widths[i] = width > widths[i] ? width : widths[i];
        }
    }
    osg_text_free(&cell);
}

/* Green is up and right, yellow is not known or worth a look, red is bad. */
static const char *colour_of(const struct osg_probe_row *row)
{
    if (!is_known(row) || row->skewed)
        return "\033[1;33m";
    return row->verdict.state == OSB_STATE_UP ? "\033[1;32m" : "\033[1;31m";
}

static void put_row(struct osg_text *text, const size_t widths[COLUMNS],
                    const struct osg_probe_row *row, bool colour)
{
    struct osg_text cell = {0};

    for (size_t i = 0; i < COLUMNS; i++) {
        const char *bytes = cell_of(&cell, &columns[i], row);
        int blanks = (int)(widths[i] - width_of(bytes));
        bool painted = colour && row != NULL && columns[i].put == put_state;
        bool last = i + 1 == COLUMNS;

        osg_text_printf(text, "%*s%s%s%s", columns[i].right ? blanks : 0, "",
                        painted ? colour_of(row) : "", bytes, painted ? "\033[0m" : "");
        osg_text_printf(text, "%*s", last ? 0 : (columns[i].right ? 0 : blanks) + GAP, "");
    }
    osg_text_put(text, "\n");
    osg_text_free(&cell);
}

static void put_heading(struct osg_text *text, const struct osg_probe_report *report)
{
    char time[24], every[16];

    if (report->every_ms == 0)
        return;
    osg_text_printf(text, "%s at %s, every %s\n", report->topology->site.name.text,
                    osb_format_time(report->at, time, sizeof time),
                    osb_format_duration(report->every_ms, every, sizeof every));
}

/* What holds for all of them. */
static void put_notes(struct osg_text *text, const struct osg_probe_report *report)
{
    if (report->shared_cause)
        osg_text_put(text, "It is the database: no instance gets an answer from it. Look at the "
                           "database server, not at the nodes.\n");
    if (report->skewed)
        osg_text_put(text, "Instances run different builds: two versions on one database schema "
                           "are a hazard.\n");
}

static void put(struct osg_text *text, const struct osg_probe_report *report, bool colour)
{
    size_t widths[COLUMNS];

    measure(report, widths);
    put_heading(text, report);
    put_row(text, widths, NULL, colour);
    for (size_t i = 0; i < report->count; i++)
        put_row(text, widths, &report->rows[i], colour);
    put_notes(text, report);
}

const struct osg_probe_format osg_probe_table = {
    .put = put, .code = osg_probe_exit_code, .fills_in = true};
