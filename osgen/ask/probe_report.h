/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What osgen probe found of a whole site, as a value: it is gathered here and then shown by one of
 * the formats, which know nothing but the value.
 */
#ifndef OSG_PROBE_REPORT_H
#define OSG_PROBE_REPORT_H

#include "survey.h"

#include "core/verdict.h"

struct osb_place;
struct osg_arena;
struct osg_instance;
struct osg_text;
struct osg_topology;

/* What was found of one instance. */
struct osg_probe_row {
    struct osg_inquiry inquiry;          /* the latest check; first, so that the one is the other */
    const struct osg_instance *instance; /* whom it is about */
    const char *label;                   /* its name, or else its URL without a path */
    const char *url;                     /* as the status page has it */
    struct osb_verdict verdict;          /* what the checks so far mean: each one decides */
    uint64_t rests_until;                /* ms on the prober's clock: not asked before */
    bool skewed;                         /* it is up, but its build isn't the majority's */
};

struct osg_probe_report {
    const struct osg_topology *topology;
    struct osg_probe_row *rows; /* in the order of the topology */
    struct osb_place *places;   /* room for osb_roster_decide, one for each row */
    size_t count;               /* of rows */
    uint32_t every_ms;          /* the rounds' interval; 0: there is one round only */
    uint64_t at;                /* when the latest round began; ms since 1970 */
    /* What osg_probe_report_count finds out. */
    size_t offered;    /* instances that aren't disabled */
    size_t up;         /* those of them that are up */
    size_t bad;        /* those of them that were asked and aren't */
    size_t unasked;    /* instances that this host couldn't ask */
    bool shared_cause; /* it's the database, for all */
    bool skewed;       /* some row is */
};

/* All instances of TOPOLOGY, not asked yet. */
struct osg_probe_report osg_probe_report_new(struct osg_arena *arena,
                                             const struct osg_topology *topology);

/* Has the latest check of ROW, begun at NOW (ms since 1970), decide on its state. */
void osg_probe_row_judge(struct osg_probe_row *row, uint64_t now);

/* Finds out what holds for the site as a whole. */
void osg_probe_report_count(struct osg_probe_report *report);

/* How a report can be shown. */
struct osg_probe_format {
    /* Adds it whole; COLOUR is for terminals. */
    void (*put)(struct osg_text *text, const struct osg_probe_report *report, bool colour);
    int (*code)(const struct osg_probe_report *report); /* what the process ends with */
    bool fills_in; /* may it be shown before all is known, and again when more is? */
};

extern const struct osg_probe_format osg_probe_table, osg_probe_json, osg_probe_json_lines,
    osg_probe_nagios;

/* The exit code that scripts know: OSG_EXIT_INPUT if an instance couldn't be asked,
 * OSG_EXIT_FINDINGS if one isn't up, nobody is offered or builds differ, else OSG_EXIT_DONE. */
int osg_probe_exit_code(const struct osg_probe_report *report);

/* Adds what monitoring gets if there is nothing to report. Returns its code for that. */
int osg_probe_nagios_unknown(struct osg_text *text, const char *why);

#endif
