/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a configuration of httpd's: they are refused with a problem that can be shown, or
 * become a topology. What that renders to becomes one that renders to the same. */
#include "fuzz.h"

#include "adopt/adopt.h"
#include "base/arena.h"
#include "base/text.h"
#include "emit/emit.h"
#include "problem/problem.h"
#include "problem/report.h"
#include "topology/load.h"
#include "topology/topology.h"
#include "problem/place.h"

#include <stdbool.h>
#include <string.h>

/* Adopts CONF into YAML. */
static bool adopt(struct osg_arena *arena, const char *conf, size_t length, struct osg_text *yaml)
{
    struct osg_source source = {.name = "site.conf", .text = conf, .length = length};
    struct osg_problems problems = osg_problems_new(arena);
    struct osg_text report = {0};
    struct osg_topology topology;
    const char *kept;
    bool good = osg_adopt(arena, &source, NULL, &topology, &kept, &problems);

    FUZZ_CHECK(good == (problems.errors == 0));
    osg_report(&report, &problems, &source, false);
    FUZZ_CHECK((report.length > 0) == (problems.count > 0));
    if (good)
        osg_adopt_put(yaml, &topology);
    osg_text_free(&report);
    osg_problems_free(&problems);
    return good;
}

/* The language may refuse what was adopted, as a name that stands there twice, but can read it. */
static bool render(struct osg_arena *arena, const struct osg_text *yaml, struct osg_text *conf)
{
    struct osg_source source = {
        .name = "topology.yaml", .text = yaml->bytes, .length = yaml->length};
    struct osg_problems problems = osg_problems_new(arena);
    struct osg_topology topology;
    bool good = osg_load(arena, &source, &topology, &problems);

    FUZZ_CHECK(topology.site.name.text != NULL);
    FUZZ_CHECK(topology.instances.count > 0);
    if (good)
        osg_httpd_target.emit(conf, &topology);
    osg_problems_free(&problems);
    return good;
}

static void run(struct osg_arena *arena, const char *conf, size_t length)
{
    struct osg_text yaml = {0}, first = {0}, again = {0}, second = {0};

    if (adopt(arena, conf, length, &yaml) && render(arena, &yaml, &first)) {
        FUZZ_CHECK(adopt(arena, first.bytes, first.length, &again));
        FUZZ_CHECK(render(arena, &again, &second));
        FUZZ_CHECK(strcmp(first.bytes, second.bytes) == 0);
    }
    osg_text_free(&yaml);
    osg_text_free(&first);
    osg_text_free(&again);
    osg_text_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct osg_arena *arena = osg_arena_new();

    run(arena, osg_arena_copy(arena, (const char *)data, size), size);
    osg_arena_free(arena);
    return 0;
}
