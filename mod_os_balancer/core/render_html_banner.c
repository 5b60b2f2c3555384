/* SPDX-License-Identifier: Apache-2.0 */
#include "render_html.h"

#include <string.h>

/* So many different builds are named. */
#define BUILDS_MAX 4

/* The builds that up members run, each with how many run it. */
struct builds {
    const struct osb_identity *builds[BUILDS_MAX];
    unsigned members[BUILDS_MAX];
    size_t count;
    unsigned others; /* members with a build beyond these */
};

static void count_build(struct builds *builds, const struct osb_identity *build)
{
    size_t i = 0;

    while (i < builds->count && !osb_identity_is_same(builds->builds[i], build))
        i++;
    if (i == BUILDS_MAX) {
        builds->others++;
        return;
    }
    if (i == builds->count) {
        builds->builds[i] = build;
        builds->members[i] = 0;
        builds->count++;
    }
    builds->members[i]++;
}

static struct builds count_builds(const struct osb_balancer_view *balancer)
{
    struct builds builds = {.count = 0};

    for (size_t i = 0; i < balancer->member_count; i++) {
        const struct osb_member_view *member = &balancer->members[i];

        if (member->state == OSB_STATE_UP && member->build.known)
            count_build(&builds, &member->build);
    }
    return builds;
}

/* Two builds that are named alike differ in their plugins. */
static bool is_named_before(const struct builds *builds, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (strcmp(builds->builds[i]->version, builds->builds[index]->version) == 0 &&
            strcmp(builds->builds[i]->commit, builds->builds[index]->commit) == 0)
            return true;
    }
    return false;
}

static void put_builds(const struct osb_sink *sink, const struct builds *builds)
{
    for (size_t i = 0; i < builds->count; i++) {
        const struct osb_identity *build = builds->builds[i];

        osb_put(sink, i > 0 ? ", " : " ");
        osb_put_html(sink, build->version);
        if (build->commit[0] != '\0') {
            osb_put(sink, " (");
            osb_put_html(sink, build->commit);
            osb_put(sink, ")");
        }
        osb_putf(sink, "%s on %u member%s", is_named_before(builds, i) ? " with other plugins" : "",
                 builds->members[i], builds->members[i] == 1 ? "" : "s");
    }
    if (builds->others > 0)
        osb_putf(sink, ", others on %u", builds->others);
    osb_put(sink, ".");
}

static void put_skew(const struct osb_sink *sink, const struct osb_balancer_view *balancer)
{
    struct builds builds = count_builds(balancer);

    osb_put(sink, "<p class=\"banner mild\"><strong>Members run different builds:</strong>");
    put_builds(sink, &builds);
    osb_put(sink, " Two versions on one database schema are a hazard.");
    if (balancer->skew == OSB_SKEW_EJECT)
        osb_put(sink, " The minority is out until it runs what the others run.");
    osb_put(sink, "</p>\n");
}

void osb_html_put_banners(const struct osb_sink *sink, const struct osb_balancer_view *balancer)
{
    if (balancer->roster.shared_cause)
        osb_put(sink, "<p class=\"banner bad\"><strong>It is the database:</strong> no member gets "
                      "an answer from it. The members stay in, so that users see OpenSpecimen's "
                      "own message. Look at the database server, not at the nodes.</p>\n");
    if (balancer->roster.skewed)
        put_skew(sink, balancer);
}
