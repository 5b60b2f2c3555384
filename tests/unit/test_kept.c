/* SPDX-License-Identifier: Apache-2.0 */
/* Connections that are left open from one check of a member to the next. */
#include "probing.h"

#define LOCALE_HEAD "AB\0\x0b\x04\0\xc8\0\003200\0\0\0"
#define LOCALE_BODY "AB\0\x13\x03\0\x0f{\"locale\":\"en\"}\0"

SCRIPT closing_after_an_answer = {
    .replies[OSB_ASK_CONNECTOR] = {BYTES("AB\0\1\x09")},
    .replies[OSB_ASK_DATABASE] = {BYTES(LOCALE_HEAD LOCALE_BODY "AB\0\2\x05\1"),
                                  .then = PEER_CLOSES}};
SCRIPT used_up_after_an_answer = {
    .replies[OSB_ASK_CONNECTOR] = {BYTES("AB\0\1\x09")},
    .replies[OSB_ASK_DATABASE] = {BYTES(LOCALE_HEAD LOCALE_BODY "AB\0\2\x05\0")}};
SCRIPT saying_more_than_asked = {
    .replies[OSB_ASK_CONNECTOR] = {BYTES("AB\0\1\x09")},
    .replies[OSB_ASK_DATABASE] = {BYTES(LOCALE_HEAD LOCALE_BODY "AB\0\2\x05\1"
                                                                "AB\0\1\x09")}};
#define ERROR_500                       \
    "AB\0\x0b\x04\1\xf4\0\003500\0\0\0" \
    "AB\0\2\x05\1"
SCRIPT failing = {.replies[OSB_ASK_CONNECTOR] = {BYTES("AB\0\1\x09")},
                  .replies[OSB_ASK_DATABASE] = {BYTES(ERROR_500)},
                  .replies[OSB_ASK_WEBAPP] = {BYTES(ERROR_500)}};

/* Two checks of a peer, one after the other, the second one also from within the first one's end.
 */
static const struct row {
    const char *says;
    const struct peer_script *script;
    bool fresh;   /* asked for with the second check */
    bool old;     /* the connection has lasted as long as it may */
    bool at_once; /* the second check begins when the first one is told */
    unsigned accepted;
    bool keeps; /* there is a connection to keep after both */
    bool pings; /* the second check begins with CPING */
} rows[] = {
    {"a member that is well is asked again on its connection", &healthy_ajp, .accepted = 1,
     .keeps = true},
    {"so it is from within the end of the check before", &healthy_ajp, .at_once = true,
     .accepted = 1, .keeps = true},
    {"a check that wants to connect anew does", &healthy_ajp, .fresh = true, .accepted = 2,
     .keeps = true, .pings = true},
    {"a connection that is old enough is let go", &healthy_ajp, .old = true, .accepted = 2,
     .keeps = true, .pings = true},
    {"one that was closed meanwhile is a reason to connect anew, and no fault",
     &closing_after_an_answer, .at_once = true, .accepted = 2, .keeps = false, .pings = true},
    {"the container says that it closes it", &used_up_after_an_answer, .accepted = 2,
     .pings = true},
    {"a member that says more than it was asked begins anew", &saying_more_than_asked,
     .accepted = 2, .pings = true},
    {"so does one that isn't well", &failing, .accepted = 2, .pings = true},
    {"HTTP keeps none", &healthy_http, .accepted = 2},
};

struct pair {
    struct osb_prober *prober;
    struct osb_probe_spec spec;
    struct osb_kept kept;
    unsigned lost; /* times that the loss of the connection was told */
    struct result results[2];
    bool at_once;
    enum osb_outcome connector; /* of the second check */
};

static void lose(void *baton)
{
    struct pair *pair = baton;

    assert_null(pair->kept.session);
    pair->lost++;
}

static void keep_second(void *baton, const struct osb_observation *observation)
{
    struct pair *pair = baton;

    pair->connector = observation->answers[OSB_ASK_CONNECTOR].outcome;
    assert_int_equal(observation->answers[OSB_ASK_CONNECT].outcome, OSB_ANSWERED);
    keep(&pair->results[1], observation);
}

static void start_second(struct pair *pair)
{
    assert_true(osb_prober_start(pair->prober, &pair->spec, keep_second, pair));
}

static void keep_first(void *baton, const struct osb_observation *observation)
{
    struct pair *pair = baton;

    keep(&pair->results[0], observation);
    if (pair->at_once)
        start_second(pair);
}

static void run_pair(const struct row *row, struct pair *pair)
{
    turn_until_done(pair->prober, &pair->results[0], GRACE_MS);
    if (!row->at_once) {
        pair->spec.fresh = row->fresh;
        if (row->old)
            pair->kept.opened -= OSB_KEPT_MS;
        start_second(pair);
    }
    turn_until_done(pair->prober, &pair->results[1], GRACE_MS);
}

static void a_connection_is_kept_while_all_is_well(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, rows)
    {
        struct peers peers = {.count = 0};
        struct peer *peer = peers_add(&peers, row->script);
        bool http = row->script == &healthy_http, bad = row->script == &failing;
        struct pair pair = {.prober = osb_prober_make(), .at_once = row->at_once};

        pair.kept = (struct osb_kept){.lost = lose, .baton = &pair};
        pair.spec = spec_of(http ? OSB_SCHEME_HTTP : OSB_SCHEME_AJP, peer->port, 60000);
        pair.spec.kept = &pair.kept;
        peers_start(&peers);
        assert_true(osb_prober_start(pair.prober, &pair.spec, keep_first, &pair));
        run_pair(row, &pair);
        for (int i = 0; i < 2; i++)
            assert_int_equal(pair.results[i].finding.seen,
                             bad ? OSB_SEEN_FAILING : OSB_SEEN_HEALTHY);
        assert_int_equal(pair.connector, row->pings ? OSB_ANSWERED : OSB_NOT_ASKED);
        if (row->keeps)
            assert_non_null(pair.kept.session);
        osb_kept_close(&pair.kept);
        assert_null(pair.kept.session);
        osb_prober_free(pair.prober);
        peers_end(&peers);
        assert_int_equal(peer->accepted, row->accepted);
    }
}

static void the_end_of_a_connection_that_is_kept_is_told(void **state)
{
    struct peers peers = {.count = 0};
    struct peer *peer = peers_add(&peers, &closing_after_an_answer);
    struct pair pair = {.prober = osb_prober_make()};
    uint64_t limit = osb_prober_now() + GRACE_MS;

    (void)state;
    pair.kept = (struct osb_kept){.lost = lose, .baton = &pair};
    pair.spec = spec_of(OSB_SCHEME_AJP, peer->port, 60000);
    pair.spec.kept = &pair.kept;
    peers_start(&peers);
    assert_true(osb_prober_start(pair.prober, &pair.spec, keep_first, &pair));
    while (pair.lost == 0 && osb_prober_now() < limit)
        osb_prober_turn(pair.prober, 50);
    assert_true(pair.results[0].is_done);
    assert_int_equal(pair.results[0].finding.seen, OSB_SEEN_HEALTHY);
    assert_int_equal(pair.lost, 1);
    assert_null(pair.kept.session);
    osb_prober_free(pair.prober);
    peers_end(&peers);
}

SCRIPT hanging_after_a_check = {
    .replies[OSB_ASK_CONNECTOR] = {BYTES("AB\0\1\x09")},
    .replies[OSB_ASK_DATABASE] = {BYTES(LOCALE_HEAD LOCALE_BODY "AB\0\2\x05\1")},
    .answers = 2};
/* Its database has nothing to say any more; the rest goes on. */
SCRIPT stalling_after_a_check = {
    .replies[OSB_ASK_CONNECTOR] = {BYTES("AB\0\1\x09")},
    .replies[OSB_ASK_DATABASE] = {BYTES(LOCALE_HEAD LOCALE_BODY "AB\0\2\x05\1")},
    .once = true,
    .replies[OSB_ASK_WEBAPP] = {BYTES("AB\0\x0b\x04\0\xc8\0\003200\0\0\0"
                                      "AB\0\2\x05\1")}};

/* What a second check sees of a member that was well in the first, when it has 100 ms for a ping.
 */
static const struct turn {
    const char *says;
    const struct peer_script *script;
    uint32_t timeout_ms;
    bool waits; /* for all of the time limit */
    enum osb_seen seen;
    enum osb_question rung;
} turns[] = {
    {"a connector that is silent too ends the check", &hanging_after_a_check, 60000, false,
     OSB_SEEN_SILENT, OSB_ASK_CONNECTOR},
    {"one that answers leaves the database all the time", &stalling_after_a_check, 700, true,
     OSB_SEEN_STALLED, OSB_ASK_DATABASE},
};

static void silence_on_a_connection_that_is_kept_is_looked_into(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, turns)
    {
        struct peers peers = {.count = 0};
        struct peer *peer = peers_add(&peers, row->script);
        struct pair pair = {.prober = osb_prober_make()};

        pair.kept = (struct osb_kept){.lost = lose, .baton = &pair};
        pair.spec = spec_of(OSB_SCHEME_AJP, peer->port, row->timeout_ms);
        pair.spec.ping_ms = 100;
        pair.spec.kept = &pair.kept;
        peers_start(&peers);
        assert_true(osb_prober_start(pair.prober, &pair.spec, keep_first, &pair));
        turn_until_done(pair.prober, &pair.results[0], GRACE_MS);
        start_second(&pair);
        turn_until_done(pair.prober, &pair.results[1], GRACE_MS);
        assert_int_equal(pair.results[1].finding.seen, row->seen);
        assert_int_equal(pair.results[1].finding.rung, row->rung);
        assert_true(pair.results[1].finding.ms >= (row->waits ? row->timeout_ms : 200));
        assert_int_equal(pair.lost, 0);
        osb_prober_free(pair.prober);
        peers_end(&peers);
        assert_int_equal(peer->accepted, 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_is_kept_while_all_is_well),
        cmocka_unit_test(the_end_of_a_connection_that_is_kept_is_told),
        cmocka_unit_test(silence_on_a_connection_that_is_kept_is_looked_into),
    };

    osb_prober_prepare();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
