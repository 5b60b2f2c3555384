/* SPDX-License-Identifier: Apache-2.0 */
/* Many probes in one prober: their deadlines, their independence, their end. */
#include "probing.h"

#include <dirent.h>

#define MANY 300

static unsigned count_open_files(void)
{
    DIR *files = opendir("/proc/self/fd");
    unsigned count = 0;

    assert_non_null(files);
    while (readdir(files) != NULL)
        count++;
    closedir(files);
    return count;
}

static void a_quick_member_is_done_while_many_are_silent(void **state)
{
    static struct result results[MANY];
    struct peers peers = {.count = 0};
    struct peer *quiet = peers_add(&peers, &silent), *quick = peers_add(&peers, &healthy_ajp);
    const struct osb_probe_spec specs[] = {spec_of(OSB_SCHEME_AJP, quiet->port, 60000),
                                           spec_of(OSB_SCHEME_HTTP, quiet->port, 60000)};
    const struct osb_probe_spec spec = spec_of(OSB_SCHEME_AJP, quick->port, 60000);
    struct osb_prober *prober = osb_prober_make();
    struct result result = {false};

    (void)state;
    peers_start(&peers);
    for (unsigned i = 0; i < MANY; i++)
        assert_true(osb_prober_start(prober, &specs[i % 2], keep, &results[i]));
    assert_true(osb_prober_start(prober, &spec, keep, &result));
    turn_until_done(prober, &result, GRACE_MS);
    assert_int_equal(result.finding.seen, OSB_SEEN_HEALTHY);
    for (unsigned i = 0; i < MANY; i++)
        assert_false(results[i].is_done);
    osb_prober_free(prober);
    for (unsigned i = 0; i < MANY; i++)
        assert_false(results[i].is_done);
    peers_end(&peers);
}

static void neither_an_end_nor_a_breaking_off_leaves_a_connection_behind(void **state)
{
    unsigned before = count_open_files();
    struct peers peers = {.count = 0};
    struct peer *ajp = peers_add(&peers, &healthy_ajp), *http = peers_add(&peers, &healthy_http);
    struct peer *quiet = peers_add(&peers, &silent);
    const struct osb_probe_spec specs[] = {spec_of(OSB_SCHEME_AJP, ajp->port, GRACE_MS),
                                           spec_of(OSB_SCHEME_HTTP, http->port, GRACE_MS)};
    const struct osb_probe_spec endless = spec_of(OSB_SCHEME_AJP, quiet->port, GRACE_MS);
    struct osb_prober *prober = osb_prober_make();
    struct result unused = {false};
    unsigned at_first = 0;

    (void)state;
    peers_start(&peers);
    for (unsigned i = 0; i < 100; i++) {
        struct result result = {false};

        assert_true(osb_prober_start(prober, &specs[i % 2], keep, &result));
        turn_until_done(prober, &result, GRACE_MS);
        assert_int_equal(result.finding.seen, OSB_SEEN_HEALTHY);
        osb_prober_turn(prober, 0);
        /* The peers close their ends in their own time: a few of these may be open yet. */
        at_first = i == 10 ? count_open_files() : at_first;
    }
    assert_in_range(count_open_files(), before, at_first + 20);
    assert_true(osb_prober_start(prober, &endless, keep, &unused));
    osb_prober_turn(prober, 10);
    osb_prober_free(prober);
    peers_end(&peers);
    assert_int_equal(count_open_files(), before);
}

/* ---- connections that don't come about ------------------------------------------------------- */

static void a_refused_connection_is_told_at_once(void **state)
{
    struct osb_prober *prober = osb_prober_make();
    unsigned port;
    int bound = peers_listen(-1, &port);

    (void)state;
    for (int scheme = 0; scheme < OSB_SCHEMES; scheme++) {
        const struct osb_probe_spec spec = spec_of((enum osb_scheme)scheme, port, 60000);
        struct result result = {false};

        assert_true(osb_prober_start(prober, &spec, keep, &result));
        turn_until_done(prober, &result, GRACE_MS);
        assert_int_equal(result.finding.rung, OSB_ASK_CONNECT);
        assert_int_equal(result.finding.outcome, OSB_REFUSED);
    }
    osb_prober_free(prober);
    close(bound);
}

/* Whether the connection came about first is a matter of microseconds, and makes no difference. */
static void a_connection_that_is_closed_at_once_is_told_at_once(void **state)
{
    struct peers peers = {.count = 0};
    struct peer *peer = peers_add(&peers, &closing);
    struct osb_prober *prober = osb_prober_make();

    (void)state;
    peers_start(&peers);
    for (int round = 0; round < 30; round++) {
        const struct osb_probe_spec spec =
            spec_of(round % 2 == 0 ? OSB_SCHEME_AJP : OSB_SCHEME_HTTP, peer->port, 60000);
        struct result result = {false};

        assert_true(osb_prober_start(prober, &spec, keep, &result));
        turn_until_done(prober, &result, GRACE_MS);
        assert_int_equal(result.finding.outcome, OSB_CLOSED);
        assert_int_equal(result.finding.seen, OSB_SEEN_UNREACHABLE);
    }
    osb_prober_free(prober);
    peers_end(&peers);
}

/* A listener whose queue is full lets the kernel drop what comes after. */
static void a_connection_that_stays_open_ended_ends_at_the_deadline(void **state)
{
    struct osb_prober *prober = osb_prober_make();
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct result results[OSB_SCHEMES] = {{false}};
    struct osb_probe_spec specs[OSB_SCHEMES];
    int listener, filling[4];
    unsigned port;

    (void)state;
    listener = peers_listen(0, &port);
    address.sin_port = htons((uint16_t)port);
    for (int i = 0; i < 4; i++) {
        filling[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        connect(filling[i], (struct sockaddr *)&address, sizeof address);
    }
    for (int scheme = 0; scheme < OSB_SCHEMES; scheme++) {
        specs[scheme] = spec_of((enum osb_scheme)scheme, port, 300);
        assert_true(osb_prober_start(prober, &specs[scheme], keep, &results[scheme]));
    }
    for (int scheme = 0; scheme < OSB_SCHEMES; scheme++) {
        turn_until_done(prober, &results[scheme], 300 + GRACE_MS);
        assert_int_equal(results[scheme].finding.rung, OSB_ASK_CONNECT);
        assert_int_equal(results[scheme].finding.outcome, OSB_SILENT);
        assert_int_equal(results[scheme].finding.seen, OSB_SEEN_UNREACHABLE);
    }
    osb_prober_free(prober);
    for (int i = 0; i < 4; i++)
        close(filling[i]);
    close(listener);
}

/* ---- turns ----------------------------------------------------------------------------------- */

struct chain {
    struct osb_prober *prober;
    const struct osb_probe_spec *spec;
    unsigned links; /* how many probes are yet to be started */
    struct result last;
};

static void start_the_next(void *baton, const struct osb_observation *observation)
{
    struct chain *chain = baton;

    if (chain->links-- == 0)
        keep(&chain->last, observation);
    else
        assert_true(osb_prober_start(chain->prober, chain->spec, start_the_next, chain));
}

/* A turn may wait for long, but not longer than a deadline, of the newest probe either. */
static void a_probe_that_an_event_started_keeps_its_deadline(void **state)
{
    struct peers peers = {.count = 0};
    struct peer *quiet = peers_add(&peers, &silent);
    const struct osb_probe_spec spec = spec_of(OSB_SCHEME_AJP, quiet->port, 50);
    struct chain chain = {.prober = osb_prober_make(), .spec = &spec, .links = 5};
    uint64_t started = osb_prober_now();

    (void)state;
    peers_start(&peers);
    assert_true(osb_prober_start(chain.prober, &spec, start_the_next, &chain));
    while (!chain.last.is_done && osb_prober_now() - started < 20000)
        osb_prober_turn(chain.prober, 20000);
    assert_true(chain.last.is_done);
    assert_in_range(osb_prober_now() - started, 6 * 50, 6 * 50 + GRACE_MS);
    osb_prober_free(chain.prober);
    peers_end(&peers);
}

/* Between any two turns the thread gets no processor for longer than CPING may take. The connection
 * and each answer lie there when it wakes. */
static void an_answer_that_has_come_counts_however_late_it_is_looked_at(void **state)
{
    const struct timespec pause = {.tv_nsec = 150000000};
    struct peers peers = {.count = 0};
    struct peer *peer = peers_add(&peers, &healthy_ajp);
    struct osb_prober *prober = osb_prober_make();
    struct osb_probe_spec spec = spec_of(OSB_SCHEME_AJP, peer->port, 60000);
    struct result result = {false};

    (void)state;
    spec.ping_ms = 100;
    peers_start(&peers);
    assert_true(osb_prober_start(prober, &spec, keep, &result));
    for (int turns = 0; !result.is_done && turns < 100; turns++) {
        nanosleep(&pause, NULL);
        osb_prober_turn(prober, 0);
    }
    assert_int_equal(result.finding.seen, OSB_SEEN_HEALTHY);
    osb_prober_free(prober);
    peers_end(&peers);
}

static void a_turn_without_probes_waits_no_longer_than_asked(void **state)
{
    struct osb_prober *prober = osb_prober_make();
    uint64_t started = osb_prober_now();

    (void)state;
    osb_prober_turn(prober, 20);
    assert_in_range(osb_prober_now() - started, 19, GRACE_MS);
    osb_prober_free(prober);
    osb_prober_free(NULL);
}

static void a_member_in_doubt_is_asked_on_both_connections_at_once(void **state)
{
    static const struct peer_script script = {
        .replies[OSB_ASK_CONNECTOR] = {BYTES("HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n")},
        .replies[OSB_ASK_WEBAPP] = {BYTES(HTTP_200 "Content-Length: 2\r\n\r\n{}")},
        .replies[OSB_ASK_DATABASE] = {BYTES(HTTP_200 "Content-Length: 15\r\n\r\n"
                                                     "{\"locale\":\"en\"}")},
        .late = true};
    struct peers peers = {.count = 0};
    struct peer *peer = peers_add(&peers, &script);
    struct osb_probe_spec spec = spec_of(OSB_SCHEME_HTTP, peer->port, 60000);
    struct osb_prober *prober = osb_prober_make();
    struct result result = {false};

    (void)state;
    spec.ping_ms = 30000;
    spec.fresh = true;
    peers_start(&peers);
    assert_true(osb_prober_start(prober, &spec, keep, &result));
    turn_until_done(prober, &result, GRACE_MS);
    assert_int_equal(result.finding.seen, OSB_SEEN_HEALTHY);
    osb_prober_free(prober);
    peers_end(&peers);
    assert_int_equal(peer->accepted, 3);
}

/* ---- bounds ---------------------------------------------------------------------------------- */

/* A good body, made LENGTH bytes long with blanks, as an answer over HTTP. */
static struct peer_reply long_reply(size_t length)
{
    static const char json[] = "{\"locale\":\"en\"}";
    char *bytes = malloc(length + 200);
    int head = snprintf(bytes, 200, HTTP_200 "Content-Length: %zu\r\n\r\n%s", length, json);

    memset(bytes + head, ' ', length - strlen(json));
    return (struct peer_reply){.bytes = bytes, .length = (size_t)head + length - strlen(json)};
}

static void the_longest_body_is_read_and_no_byte_more(void **state)
{
    struct peer_script scripts[2] = {{.late = false}};
    struct peers peers = {.count = 0};
    struct osb_prober *prober = osb_prober_make();
    struct osb_probe_spec specs[2];
    struct result results[2] = {{false}};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        scripts[i].replies[OSB_ASK_DATABASE] = long_reply(OSB_BODY_MAX + i);
        specs[i] = spec_of(OSB_SCHEME_HTTP, peers_add(&peers, &scripts[i])->port, 10000);
    }
    peers_start(&peers);
    for (size_t i = 0; i < 2; i++) {
        assert_true(osb_prober_start(prober, &specs[i], keep, &results[i]));
        turn_until_done(prober, &results[i], 10000);
    }
    osb_prober_free(prober);
    peers_end(&peers);
    assert_int_equal(results[0].finding.seen, OSB_SEEN_HEALTHY);
    assert_int_equal(results[1].finding.outcome, OSB_OVERSIZED);
    for (size_t i = 0; i < 2; i++)
        free((char *)scripts[i].replies[OSB_ASK_DATABASE].bytes);
}

static void a_scheme_is_known_by_its_exact_name(void **state)
{
    static const char *const unknown[] = {"AJP", "ajps", "aj", "", "balancer", "h2c"};
    enum osb_scheme scheme = OSB_SCHEMES;

    (void)state;
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        assert_false(osb_scheme_find(unknown[i], &scheme));
    assert_int_equal(scheme, OSB_SCHEMES);
    assert_true(osb_scheme_find("ajp", &scheme));
    assert_int_equal(scheme, OSB_SCHEME_AJP);
    assert_true(osb_scheme_find("https", &scheme));
    assert_int_equal(scheme, OSB_SCHEME_HTTPS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quick_member_is_done_while_many_are_silent),
        cmocka_unit_test(neither_an_end_nor_a_breaking_off_leaves_a_connection_behind),
        cmocka_unit_test(a_refused_connection_is_told_at_once),
        cmocka_unit_test(a_connection_that_is_closed_at_once_is_told_at_once),
        cmocka_unit_test(a_connection_that_stays_open_ended_ends_at_the_deadline),
        cmocka_unit_test(a_probe_that_an_event_started_keeps_its_deadline),
        cmocka_unit_test(an_answer_that_has_come_counts_however_late_it_is_looked_at),
        cmocka_unit_test(a_turn_without_probes_waits_no_longer_than_asked),
        cmocka_unit_test(a_member_in_doubt_is_asked_on_both_connections_at_once),
        cmocka_unit_test(the_longest_body_is_read_and_no_byte_more),
        cmocka_unit_test(a_scheme_is_known_by_its_exact_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
