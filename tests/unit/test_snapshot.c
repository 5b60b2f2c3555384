/* SPDX-License-Identifier: Apache-2.0 */
/* The status as a page, as JSON and for Prometheus, from made-up snapshots. */
#include "unit.h"

#include "core/json.h"
#include "core/snapshot.h"

#include <stdlib.h>

#define NOW 1795417385000

/* The status of one balancer with two members that are up, and what a row changes of it. */
struct scene {
    struct osb_snapshot snapshot;
    struct osb_balancer_view balancer;
    struct osb_member_view members[2];
    struct osb_event events[60];
};

static struct osb_member_view new_member(const char *url)
{
    return (struct osb_member_view){.url = url,
                                    .state = OSB_STATE_UP,
                                    .serves = true,
                                    .since = NOW - 65000,
                                    .checked = NOW - 400,
                                    .finding = {.seen = OSB_SEEN_HEALTHY,
                                                .rung = OSB_ASK_DATABASE,
                                                .outcome = OSB_ANSWERED,
                                                .status = 200,
                                                .ms = 4},
                                    .streak = 7,
                                    .good = true,
                                    .checks = 9,
                                    .build = {.known = true, .version = "v12.2", .commit = "9f3a"}};
}

static void set_scene(struct scene *scene)
{
    memset(scene, 0, sizeof *scene);
    scene->members[0] = new_member("ajp://os1:8009");
    scene->members[1] = new_member("ajp://os2:8009");
    scene->balancer = (struct osb_balancer_view){.name = "balancer://os-cluster",
                                                 .server = "test:80",
                                                 .health = osb_health_defaults(),
                                                 .members = scene->members,
                                                 .member_count = 2};
    scene->snapshot = (struct osb_snapshot){.host = "lb1",
                                            .taken = NOW,
                                            .checker_pid = 4711,
                                            .checker_beat_ms = 40,
                                            .events = scene->events,
                                            .balancers = &scene->balancer,
                                            .balancer_count = 1};
}

/* To be freed. */
static char *render(const char *format, const struct osb_snapshot *snapshot)
{
    struct osb_buffer page = {.bytes = NULL};
    const struct osb_sink sink = osb_buffer_sink(&page);

    for (size_t i = 0; i < osb_renderers_count; i++) {
        if (strcmp(osb_renderers[i].name, format) == 0)
            osb_renderers[i].render(snapshot, &sink);
    }
    assert_non_null(page.bytes);
    return page.bytes;
}

static void a_page_without_balancers_is_whole(void **state)
{
    const struct osb_snapshot empty = {.host = "lb1", .taken = 1};
    char *html = render("html", &empty), *json = render("json", &empty);
    osb_json *value = osb_json_parse(json, strlen(json));

    (void)state;
    assert_non_null(strstr(html, "No balancer has OSBalancerHealth On"));
    assert_non_null(strstr(html, "</html>"));
    assert_null(strstr(html, "Journal"));
    assert_null(strstr(html, "checks"));
    assert_string_equal(osb_json_text(value, "host"), "lb1");
    assert_non_null(strstr(json, "\"checker\":null"));
    assert_non_null(strstr(json, "\"journal\":[]"));
    osb_json_free(value);
    free(html);
    free(json);
}

static void every_state_is_shown_by_its_name(void **state)
{
    struct scene scene;

    (void)state;
    set_scene(&scene);
    for (int i = 0; i < OSB_STATES; i++) {
        char cell[64], *html, *json;

        scene.members[0].state = (enum osb_state)i;
        html = render("html", &scene.snapshot);
        json = render("json", &scene.snapshot);
        snprintf(cell, sizeof cell, ">%s</span>", osb_state_name((enum osb_state)i));
        assert_non_null(strstr(html, cell));
        snprintf(cell, sizeof cell, "\"state\":\"%s\"", osb_state_name((enum osb_state)i));
        assert_non_null(strstr(json, cell));
        free(html);
        free(json);
    }
}

static void set_nothing(struct scene *scene)
{
    (void)scene;
}

static void set_failing(struct scene *scene)
{
    struct osb_member_view *member = &scene->members[0];

    member->state = OSB_STATE_FAILING;
    member->serves = member->good = false;
    member->finding = (struct osb_finding){.seen = OSB_SEEN_FAILING,
                                           .rung = OSB_ASK_DATABASE,
                                           .outcome = OSB_ANSWERED,
                                           .status = 500,
                                           .beside = 204,
                                           .code = "internal_error",
                                           .said = "[{\"code\":\"internal_error\"}]"};
}

static void set_recovering(struct scene *scene)
{
    scene->members[0].state = OSB_STATE_FAILING;
    strcpy(scene->members[0].finding.said, "from another day");
}

static void set_refused(struct scene *scene)
{
    scene->members[0].state = OSB_STATE_UNREACHABLE;
    scene->members[0].finding = (struct osb_finding){
        .seen = OSB_SEEN_UNREACHABLE, .rung = OSB_ASK_CONNECT, .outcome = OSB_REFUSED};
}

static void set_unchecked(struct scene *scene)
{
    scene->members[0] = (struct osb_member_view){.url = "ajp://os3:8009"};
    set_refused(scene);
    scene->members[0].state = OSB_STATE_UNVERIFIED;
}

static void set_late(struct scene *scene)
{
    scene->members[0].late = 3;
    scene->members[1].hinted = 12;
}

static void set_slow(struct scene *scene)
{
    scene->members[1].flags = OSB_FLAG_SLOW;
    scene->members[1].latency = 812;
    scene->members[1].load = 1624;
}

static void set_warming(struct scene *scene)
{
    scene->members[1].flags = OSB_FLAG_WARMING;
}

static void set_skewed(struct scene *scene)
{
    scene->balancer.roster.skewed = true;
    scene->members[1].flags = OSB_FLAG_SKEWED;
    strcpy(scene->members[1].build.version, "v12.1");
    strcpy(scene->members[1].build.commit, "77aa");
}

static void set_ejected(struct scene *scene)
{
    set_skewed(scene);
    scene->balancer.skew = OSB_SKEW_EJECT;
}

static void set_plugins(struct scene *scene)
{
    scene->balancer.roster.skewed = true;
    strcpy(scene->members[1].build.plugins, "le 4.1");
    scene->members[1].build.digest = 1;
}

static void set_shared_cause(struct scene *scene)
{
    scene->balancer.roster.shared_cause = true;
}

static void set_no_checker(struct scene *scene)
{
    scene->snapshot.checker_pid = 0;
}

static void set_stuck_checker(struct scene *scene)
{
    scene->snapshot.checker_beat_ms = 1001;
}

static void set_checker_in_time(struct scene *scene)
{
    scene->snapshot.checker_beat_ms = 1000;
}

static void set_down_and_ca(struct scene *scene)
{
    scene->balancer.health.down_ms = 10000;
    strcpy(scene->balancer.health.tls_ca, "/etc/ca.pem");
}

/* Of each kind one, the newest first; the member's are of the state and of the build. */
static void set_journal(struct scene *scene)
{
    for (unsigned i = 0; i < OSB_EVENT_KINDS; i++) {
        struct osb_event *event = &scene->events[i];

        event->number = 9 - i;
        event->at = NOW - 1000 * i;
        event->kind = (enum osb_event_kind)i;
        event->from = OSB_STATE_UP;
        event->to = OSB_STATE_HUNG;
        event->lasted = 125000;
        strcpy(event->server, "test:80");
        strcpy(event->balancer, "balancer://os-cluster");
        strcpy(event->member, osb_event_is_alarm(event->kind) ? "" : "ajp://os9:8009");
        snprintf(event->words, sizeof event->words, "words %u", i);
    }
    scene->snapshot.event_count = OSB_EVENT_KINDS;
}

static void set_journal_over(struct scene *scene)
{
    set_journal(scene);
    for (unsigned i = 0; i < OSB_EVENT_KINDS; i++)
        scene->events[i].over = osb_event_is_alarm(scene->events[i].kind);
}

static void set_long_journal(struct scene *scene)
{
    for (unsigned i = 0; i < 60; i++) {
        scene->events[i].number = 60 - i;
        snprintf(scene->events[i].words, sizeof scene->events[i].words, "event-%u.", 60 - i);
    }
    scene->snapshot.event_count = 60;
}

static void set_untrusted(struct scene *scene)
{
    scene->members[0].state = OSB_STATE_UNREACHABLE;
    scene->members[0].finding = (struct osb_finding){.seen = OSB_SEEN_UNREACHABLE,
                                                     .rung = OSB_ASK_CONNECT,
                                                     .outcome = OSB_UNTRUSTED,
                                                     .said = "certificate has expired"};
}

static void set_two_balancers(struct scene *scene)
{
    static struct osb_balancer_view two[2];

    set_journal(scene);
    two[0] = two[1] = scene->balancer;
    scene->snapshot.balancers = two;
    scene->snapshot.balancer_count = 2;
}

static const struct scene_row {
    const char *says;
    void (*set)(struct scene *scene); /* changes the scene of two members that are up */
    const char *format;
    const char *holds[6]; /* what is in the rendering, in this order; "!x": x isn't */
} scene_rows[] = {
    {"a bad finding's evidence stands below the reason",
     set_failing,
     "html",
     {"it answers 500 internal_error", "database: 500; without its database: 204</span><br>",
      "<code class=\"said\">[{&quot;code&quot;:&quot;internal_error&quot;}]</code>",
      "!500 internal_error;"}},
    {"evidence in JSON",
     set_failing,
     "json",
     {"\"stage\":\"database\",", "\"outcome\":\"answered\",\"status\":500,",
      "\"beside_status\":204,\"code\":\"internal_error\",",
      "\"said\":\"[{\\\"code\\\":\\\"internal_error\\\"}]\""}},
    {"a good finding has no evidence",
     set_recovering,
     "html",
     {">failing</span>", "<td class=\"why\">OpenSpecimen answers</td>", "!another day"}},
    {"without a status the outcome is evidence",
     set_refused,
     "html",
     {"connect: refused</span>", "!class=\"said\">"}},
    {"words of the TLS library aren't said twice",
     set_untrusted,
     "html",
     {"certificate has expired", "connect: untrusted</span></td>", "!class=\"said\">"}},
    {"a member that wasn't checked has no evidence",
     set_unchecked,
     "html",
     {"ajp://os3:8009", ">unverified</span>", "not checked yet</td>", "!refused", "!>0 ms<"}},
    {"a member that wasn't checked has no last check",
     set_unchecked,
     "json",
     {"\"since\":null,", "\"last_check\":null"}},

    {"counts of checks that came late or early", set_late, "html", {">3 late<", ">12 early<"}},
    {"a member that is far behind its peers", set_slow, "html", {">much slower than its peers<"}},
    {"how far, in JSON",
     set_slow,
     "json",
     {"\"flags\":[\"slow\"],", "\"latency_ms\":812,", "\"load_ms\":1624,"}},
    {"a member that is warmed up", set_warming, "html", {">warming up<"}},
    {"the same, in JSON", set_warming, "json", {"\"flags\":[\"warming\"],"}},
    {"a build is named with its commit",
     set_skewed,
     "html",
     {"data-label=\"Build\">v12.2<br><span class=\"faint\">9f3a</span>",
      "data-label=\"Build\">v12.1<br><span class=\"faint\">77aa</span>"}},
    {"none of these are no words", set_nothing, "html", {"</html>", "! late<", "! early<"}},
    {"counts of checks in JSON",
     set_late,
     "json",
     {"\"checks_late\":3,\"checks_hinted\":0,", "\"checks_late\":0,\"checks_hinted\":12,"}},

    {"all is well",
     set_nothing,
     "html",
     {"2 of 2 members up", "Checked every 2s (250ms while a verdict changes), time limit 2s",
      "!class=\"banner", "!another build"}},
    {"all is well in JSON",
     set_nothing,
     "json",
     {"\"down_ms\":2000,", "\"context\":null,\"tls_ca\":null", "\"skew_policy\":\"warn\",",
      "\"skewed\":false,\"shared_cause\":false,"}},
    {"settings that are unlike the others", set_down_and_ca, "html", {", 10s while it is out)"}},
    {"settings in JSON",
     set_down_and_ca,
     "json",
     {"\"down_ms\":10000,", "\"tls_ca\":\"/etc/ca.pem\""}},

    {"different builds",
     set_skewed,
     "html",
     {"class=\"banner mild\"", "v12.2 (9f3a) on 1 member, v12.1 (77aa) on 1 member.", "hazard",
      ">another build than most</span>", "!minority is out"}},
    {"different builds in JSON",
     set_skewed,
     "json",
     {"\"skewed\":true,", "\"flags\":[\"skewed\"],", "\"plugins\":\"\""}},
    {"the minority's builds take no users", set_ejected, "html", {"minority is out"}},
    {"the policy in JSON", set_ejected, "json", {"\"skew_policy\":\"eject\""}},
    {"builds that differ in plugins alone",
     set_plugins,
     "html",
     {"v12.2 (9f3a) on 1 member, v12.2 (9f3a) with other plugins on 1 member."}},
    {"plugins in JSON", set_plugins, "json", {"\"plugins\":\"le 4.1\""}},
    {"it is the database",
     set_shared_cause,
     "html",
     {"class=\"banner bad\"", "It is the database", "!different builds"}},
    {"it is the database in JSON", set_shared_cause, "json", {"\"shared_cause\":true"}},

    {"the process that checks",
     set_nothing,
     "html",
     {"<p class=\"faint\">Process 4711 checks; its latest sign of life came 40 ms ago."}},
    {"the process that checks, in JSON",
     set_nothing,
     "json",
     {"\"checker\":{\"pid\":4711,\"beat_ms\":40},"}},
    {"a second of silence is no fault",
     set_checker_in_time,
     "html",
     {"<p class=\"faint\">Process 4711"}},
    {"longer silence is one", set_stuck_checker, "html", {"<p class=\"bad\">Process 4711"}},
    {"nobody checks",
     set_no_checker,
     "html",
     {"<p class=\"bad\">No process checks now", "!Process "}},
    {"nobody checks, in JSON", set_no_checker, "json", {"\"checker\":null"}},

    {"nothing happened yet", set_nothing, "html", {"</html>", "!Journal"}},
    {"what happened, the newest first",
     set_journal,
     "html",
     {"<td>0 ms ago", "<code>ajp://os9:8009</code>",
      "up &rarr; <span class=\"state bad\">hung</span><br><span class=\"faint\">after 2 min 5 s<",
      "words 0</td>", "!The latest", "!on test:80</span></td>"}},
    {"a build and the alarms",
     set_journal,
     "html",
     {">other build<",
      "<code>balancer://os-cluster</code></td><td><span class=\"state bad\">"
      "database away<",
      ">different builds<", "words 3"}},
    {"alarms that are over",
     set_journal_over,
     "html",
     {">other build<", ">over: database away<", ">over: different builds<", "!>database away",
      "!>different builds"}},
    {"the journal in JSON",
     set_journal,
     "json",
     {"\"journal\":[\n{\"number\":9,", "\"lasted_ms\":125000,",
      "\"member\":\"ajp://os9:8009\",\"words\":\"words 0\"",
      "\"number\":8,\"time\":\"2026-11-23T07:03:04Z\",\"kind\":\"build\",\"from\":null"}},
    {"a long journal is cut",
     set_long_journal,
     "html",
     {"The latest 50 of 60 changes", "event-60.", "event-11.", "!event-10."}},
    {"JSON has all of it", set_long_journal, "json", {"event-60.", "event-10.", "event-1."}},
    {"with several balancers an event says whose it is",
     set_two_balancers,
     "html",
     {"<code>ajp://os9:8009</code><br><span class=\"faint\">balancer://os-cluster on "
      "test:80</span>",
      "<code>balancer://os-cluster</code><br><span class=\"faint\">on test:80</span>"}},
};

#define LABELS(url) "{server=\"test:80\",balancer=\"balancer://os-cluster\",member=\"" url "\""
#define OS1         LABELS("ajp://os1:8009")
#define OS2         LABELS("ajp://os2:8009")

static void set_measured(struct scene *scene)
{
    scene->members[1].latency = 1204;
    scene->members[1].busy = 3;
    scene->members[1].failovers = 18446744073709551615u;
    scene->members[1].build.known = false;
}

static const struct scene_row prometheus_rows[] = {
    {"a family is whole before the next begins",
     set_nothing,
     "prometheus",
     {"# HELP os_balancer_member_up Whether the checks hold the member for up.\n"
      "# TYPE os_balancer_member_up gauge\n"
      "os_balancer_member_up" OS1 "} 1\nos_balancer_member_up" OS2 "} 1\n"
      "# HELP os_balancer_member_serves "}},
    {"milliseconds are told in seconds, and counters as they are",
     set_measured,
     "prometheus",
     {"os_balancer_checker_beat_seconds{host=\"lb1\"} 0.040\n",
      "os_balancer_member_build" OS2 ",version=\"v12.2\",commit=\"9f3a\"} 0\n",
      "os_balancer_member_check_latency_seconds" OS2 "} 1.204\n",
      "os_balancer_member_failovers_total" OS2 "} 18446744073709551615\n",
      "os_balancer_member_busy" OS2 "} 3\n"}},
    {"a state is a label",
     set_failing,
     "prometheus",
     {"os_balancer_member_state" OS1 ",state=\"failing\"} 1\n",
      "os_balancer_member_state" OS2 ",state=\"up\"} 1\n", "os_balancer_member_up" OS1 "} 0\n"}},
    {"an alarm of the balancer is its own",
     set_shared_cause,
     "prometheus",
     {"os_balancer_shared_cause{server=\"test:80\",balancer=\"balancer://os-cluster\"} 1\n"}},
    {"nobody checks",
     set_no_checker,
     "prometheus",
     {"# TYPE os_balancer_checker_beat_seconds gauge\n# HELP",
      "!os_balancer_checker_beat_seconds{"}},
};

static void assert_holds(const char *text, const char *const *holds, size_t count)
{
    const char *place = text;

    for (size_t i = 0; i < count && holds[i] != NULL; i++) {
        if (holds[i][0] == '!') {
            if (strstr(text, holds[i] + 1) != NULL)
                fail_msg("it has: %s", holds[i] + 1);
        } else {
            place = strstr(place, holds[i]);
            if (place == NULL)
                fail_msg("it lacks, or lacks at its place: %s", holds[i]);
        }
    }
}

static void assert_row(const struct scene_row *row)
{
    struct scene scene;
    char *text;

    set_scene(&scene);
    row->set(&scene);
    text = render(row->format, &scene.snapshot);
    assert_holds(text, row->holds, sizeof row->holds / sizeof *row->holds);
    free(text);
}

static void what_is_known_is_shown_and_nothing_else(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, scene_rows)
    assert_row(row);
}

static void prometheus_is_told_figures(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, prometheus_rows)
    assert_row(row);
}

/* A text that tries to break out of wherever it is put, each time with another number. */
static const char *nasty(char *field, size_t size)
{
    static unsigned number;

    snprintf(field, size, "</td>'\"&<script>%u", number++);
    return field;
}

#define SPOIL(field) nasty(field, sizeof(field))

static void spoil_build(struct osb_identity *build)
{
    SPOIL(build->version);
    SPOIL(build->commit);
    SPOIL(build->date);
    SPOIL(build->environment);
    SPOIL(build->plugins);
}

static void spoil_event(struct osb_event *event)
{
    SPOIL(event->server);
    SPOIL(event->balancer);
    SPOIL(event->member);
    SPOIL(event->words);
}

static void no_text_breaks_out_of_its_place(void **state)
{
    char names[4][64], label[80], *html, *json, *prometheus;
    struct scene scene;
    osb_json *value;

    (void)state;
    set_scene(&scene);
    set_failing(&scene);
    set_journal(&scene);
    set_ejected(&scene);
    scene.snapshot.host = SPOIL(names[0]);
    scene.balancer.name = SPOIL(names[1]);
    scene.balancer.server = SPOIL(names[2]);
    scene.members[0].url = scene.members[1].url = SPOIL(names[3]);
    scene.balancer.health = osb_health_defaults();
    SPOIL(scene.balancer.health.tls_ca);
    SPOIL(scene.members[0].finding.code);
    SPOIL(scene.members[0].finding.said);
    spoil_build(&scene.members[0].build);
    spoil_build(&scene.members[1].build);
    for (unsigned i = 0; i < OSB_EVENT_KINDS; i++)
        spoil_event(&scene.events[i]);
    html = render("html", &scene.snapshot);
    json = render("json", &scene.snapshot);
    assert_null(strstr(html, "<script"));
    assert_null(strstr(html, "'\""));
    assert_null(strstr(html, "&<"));
    assert_non_null(strstr(html, "&lt;script&gt;"));
    value = osb_json_parse(json, strlen(json));
    assert_string_equal(osb_json_text(value, "host"), names[0]);
    osb_json_free(value);
    prometheus = render("prometheus", &scene.snapshot);
    assert_non_null(strstr(names[0], "'\"&"));
    snprintf(label, sizeof label, "{host=\"</td>'\\\"%s\"} ", strchr(names[0], '&'));
    assert_non_null(strstr(prometheus, label));
    assert_null(strstr(prometheus, "'\""));
    free(html);
    free(json);
    free(prometheus);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_without_balancers_is_whole),
        cmocka_unit_test(every_state_is_shown_by_its_name),
        cmocka_unit_test(what_is_known_is_shown_and_nothing_else),
        cmocka_unit_test(prometheus_is_told_figures),
        cmocka_unit_test(no_text_breaks_out_of_its_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
