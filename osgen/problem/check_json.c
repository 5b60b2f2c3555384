/* SPDX-License-Identifier: Apache-2.0 */
/* osgen check for programs. */
#include "check_json.h"
#include "problem.h"
#include "report.h"
#include "base/text.h"

static void put_clean(osb_json *object, const char *key, const char *value)
{
    struct osg_text text = {0};

    osg_report_clean(&text, value);
    osb_json_put_text(object, key, text.bytes != NULL ? text.bytes : "");
    osg_text_free(&text);
}

/* A problem of a file as a whole has no line. */
static void put_place(osb_json *object, struct osg_place place)
{
    if (place.line > 0) {
        osb_json_put_number(object, "line", place.line);
        osb_json_put_number(object, "column", place.column);
    } else {
        osb_json_put(object, "line", NULL);
        osb_json_put(object, "column", NULL);
    }
}

static osb_json *make(const struct osg_problem *problem, const struct osg_source *source)
{
    osb_json *object = osb_json_object();
    char label[OSG_CODE_LABEL];

    osb_json_put_text(object, "code", osg_code_label(problem->code, label));
    osb_json_put_text(object, "name", osg_code_of(problem->code).row->name);
    osb_json_put_text(object, "severity", problem->severity == OSG_ERROR ? "error" : "warning");
    put_clean(object, "file", osg_source_find(source, problem->place.file)->name);
    put_place(object, problem->place);
    put_clean(object, "message", problem->message);
    return object;
}

void osg_check_json(osb_json *list, struct osg_problems *problems, const struct osg_source *source)
{
    osg_problems_sort(problems);
    for (size_t i = 0; i < problems->count; i++)
        osb_json_append(list, make(&problems->list[i], source));
}
