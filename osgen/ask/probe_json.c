/* SPDX-License-Identifier: Apache-2.0 */
/* osgen probe for programs. Keys that the status page has too have its names and values. */
#include "probe_report.h"
#include "base/text.h"
#include "topology/topology.h"

#include "core/finding_json.h"
#include "core/vocabulary.h"

#define SCHEMA_VERSION 1

static void add_bytes(void *baton, const char *bytes, size_t length)
{
    osg_text_add(baton, bytes, length);
}

static osb_json *make_instance(const struct osg_probe_row *row, uint64_t at)
{
    const struct osg_inquiry *inquiry = &row->inquiry;
    const char *const rungs[] = {inquiry->rungs.connector, inquiry->rungs.webapp,
                                 inquiry->rungs.database};
    static const char *const keys[] = {"connector", "webapp", "database"};
    osb_json *object = osb_json_object();

    osb_json_put_text(object, "name", row->instance->name.text);
    osb_json_put_text(object, "url", row->url);
    osb_json_put_text(object, "state", osb_state_name(row->verdict.state));
    osb_json_put_text(object, "reason", inquiry->words);
    osb_json_put_bool(object, "disabled", row->instance->disabled);
    osb_json_put_bool(object, "standby", row->instance->standby);
    osb_json_put_bool(object, "skewed", row->skewed);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        osb_json_put_text(object, keys[i], inquiry->local ? NULL : rungs[i]);
    osb_json_put(object, "last_check",
                 inquiry->local ? NULL : osb_finding_json(&inquiry->finding, at));
    osb_json_put(object, "build",
                 inquiry->local ? NULL : osb_identity_json(&inquiry->finding.identity));
    return object;
}

static osb_json *make(const struct osg_probe_report *report)
{
    osb_json *object = osb_json_object(), *list = osb_json_array();

    osb_json_put_number(object, "schema", SCHEMA_VERSION);
    osb_json_put_text(object, "software", "osgen/" OSB_VERSION);
    osb_json_put_time(object, "time", report->at);
    osb_json_put_text(object, "site", report->topology->site.name.text);
    osb_json_put_number(object, "offered", report->offered);
    osb_json_put_number(object, "up", report->up);
    osb_json_put_bool(object, "shared_cause", report->shared_cause);
    osb_json_put_bool(object, "skewed", report->skewed);
    for (size_t i = 0; i < report->count; i++)
        osb_json_append(list, make_instance(&report->rows[i], report->at));
    osb_json_put(object, "instances", list);
    return object;
}

static void put(struct osg_text *text, const struct osg_probe_report *report, bool colour)
{
    const struct osb_sink sink = {.write = add_bytes, .baton = text};
    osb_json *object = make(report);

    (void)colour;
    osb_json_write(object, &sink);
    osb_json_free(object);
}

static void put_line(struct osg_text *text, const struct osg_probe_report *report, bool colour)
{
    const struct osb_sink sink = {.write = add_bytes, .baton = text};
    osb_json *object = make(report);

    (void)colour;
    osb_json_write_line(object, &sink);
    osb_json_free(object);
}

const struct osg_probe_format osg_probe_json = {.put = put, .code = osg_probe_exit_code};
const struct osg_probe_format osg_probe_json_lines = {.put = put_line, .code = osg_probe_exit_code};
