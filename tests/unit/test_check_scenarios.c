/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scenarios of health checks from end to end of the engine: what members answer, round after
 * round, goes from the observation over finding and verdict to the roster. They are what load
 * balancers are commonly tested for: expectations of status and body, thresholds, paces,
 * maintenance, many servers of which every other one fails, TLS.
 *
 * What HAProxy's reg-tests/checks ask stands here in rows of our own; a comment above a group names
 * the files. Elsewhere: tls_health_checks and http-check-send, which certificates are taken and
 * what is sent, in test_https_checks.py and test_probe.c; tcp-check_min-recv, answers byte by byte,
 * in test_probe.c; 40be_2srv_odd_health_checks in test_checker.py; observe_error_limit in
 * test_traffic.py. Without a meaning for OpenSpecimen's nodes are others' protocols (ldap, mysql,
 * pgsql, redis, smtp, spop), agent-check, extcheck, http-monitor-uri, http-check-send-authority,
 * healthcheck-section, ssl-hello-check and tcp-check-client-hello (a greeting without a handshake),
 * tcp-checks-socks4, unique_id, tcp-check_comment-with-capture and tcp-check_multiple_ports (a
 * check elsewhere than at the member).
 */
#include "unit.h"

#include "core/finding.h"
#include "core/roster.h"
#include "core/verdict.h"

#define KINDS 4  /* of members in a scenario */
#define MOST  40 /* members in all */

#define LOCALE      "{\"locale\":\"en_US\",\"timeFmt\":\"HH:mm\"}"
#define STOCK_404   "<html><head><title>HTTP Status 404 – Not Found</title></head></html>"
#define ERROR(code) "[{\"code\":\"" code "\",\"message\":\"Please report this error.\"}]"

#define WHOLE                   \
    {                           \
        .outcome = OSB_ANSWERED \
    }
#define FAILS_AT(rung, what)        \
    {                               \
        [rung] = {.outcome = what } \
    }
#define SAYS(code, text)                                  \
    {                                                     \
        [OSB_ASK_CONNECT] = WHOLE, [OSB_ASK_DATABASE] = { \
            .outcome = OSB_ANSWERED,                      \
            .status = code,                               \
            .body = text,                                 \
            .body_length = sizeof(text) - 1               \
        }                                                 \
    }
#define BREAKS(what, text)                                \
    {                                                     \
        [OSB_ASK_CONNECT] = WHOLE, [OSB_ASK_DATABASE] = { \
            .outcome = what,                              \
            .status = 200,                                \
            .type = "application/json",                   \
            .body = text,                                 \
            .body_length = sizeof(text) - 1               \
        }                                                 \
    }

/* What can come of a check, a letter each. */
static const struct sight {
    char letter;
    struct osb_answer answers[OSB_QUESTIONS];
} sights[] = {
    {'.', SAYS(200, LOCALE)},
    {'2', SAYS(202, LOCALE)},
    {'3', SAYS(302, "")},
    {'j', SAYS(200, "{\"status\":\"UP\"}")},
    {'h', SAYS(200, "<html>locale en_US</html>")},
    {'4', SAYS(404, "<html>no such page</html>")},
    {'n', SAYS(404, STOCK_404)},
    {'a', SAYS(403, "")},
    {'5', SAYS(500, ERROR("internal_error"))},
    {'d', SAYS(500, ERROR("COMMON_DB_CONN_ERROR"))},
    {'b', SAYS(503, "busy")},
    {'r', FAILS_AT(OSB_ASK_CONNECT, OSB_REFUSED)},
    {'x', FAILS_AT(OSB_ASK_CONNECT, OSB_NO_ROUTE)},
    {'k', FAILS_AT(OSB_ASK_CONNECT, OSB_UNKNOWN_NAME)},
    {'c', FAILS_AT(OSB_ASK_CONNECT, OSB_SILENT)},
    {'u', FAILS_AT(OSB_ASK_CONNECT, OSB_UNTRUSTED)},
    {'t', FAILS_AT(OSB_ASK_CONNECT, OSB_NO_TLS)},
    {'p', {[OSB_ASK_CONNECT] = WHOLE, [OSB_ASK_CONNECTOR] = {.outcome = OSB_SILENT}}},
    {'s', {[OSB_ASK_CONNECT] = WHOLE, [OSB_ASK_DATABASE] = {.outcome = OSB_SILENT}}},
    {'w',
     {[OSB_ASK_CONNECT] = WHOLE,
      [OSB_ASK_DATABASE] = {.outcome = OSB_SILENT},
      [OSB_ASK_WEBAPP] = {.outcome = OSB_ANSWERED, .status = 200}}},
    {'q', BREAKS(OSB_SILENT, "{\"locale\":\"en_US\"")},
    {'m', BREAKS(OSB_CLOSED, "{\"locale\":\"en_US\"")},
    {'z', {[OSB_ASK_CONNECT] = WHOLE, [OSB_ASK_DATABASE] = {.outcome = OSB_CLOSED}}},
    {'g', {[OSB_ASK_CONNECT] = WHOLE, [OSB_ASK_DATABASE] = {.outcome = OSB_GARBLED}}},
    {'o', {[OSB_ASK_CONNECT] = WHOLE, [OSB_ASK_DATABASE] = {.outcome = OSB_OVERSIZED}}},
};

/* A letter each; a silent member is s while it starts and S when it hangs. */
static const char states[OSB_STATES] = {
    [OSB_STATE_UNVERIFIED] = '?',    [OSB_STATE_UP] = '+',      [OSB_STATE_STARTING] = 's',
    [OSB_STATE_HUNG] = 'S',          [OSB_STATE_STALLED] = 'T', [OSB_STATE_NOT_DEPLOYED] = 'N',
    [OSB_STATE_DATABASE_DOWN] = 'D', [OSB_STATE_FAILING] = 'F', [OSB_STATE_UNREACHABLE] = 'U',
    [OSB_STATE_FORBIDDEN] = 'X',     [OSB_STATE_FOREIGN] = 'O'};

/* One kind of member: a letter for each round, in each of the texts. */
struct kind {
    const char *sees;   /* what comes of its check */
    const char *held;   /* the state after it */
    const char *serves; /* y if it takes users then; NULL: exactly while it is up */
    const char *paces;  /* when it is checked next: interval, fast or down; NULL: no matter */
    const char *taken;  /* x while an operator has taken it out; NULL: never */
};

static const struct scenario {
    const char *says;
    uint32_t rise, fall;
    unsigned copies; /* of all kinds, in turn; 0: one */
    struct kind kinds[KINDS];
} scenarios[] = {
    /* http-check, http-check-expect */
    {"only 200 is right, not all of 2xx and 3xx", 1, 1, 0, {{".2.3.", "+O+O+", NULL, NULL, NULL}}},
    {"a status from 400 on is wrong, and each has its name",
     1,
     1,
     0,
     {{"45bnad.", "FFFNXD+", "nnnnnyy", NULL, NULL}}},
    {"the right status with a wrong body is wrong",
     1,
     1,
     0,
     {{".j.h.", "+O+O+", NULL, NULL, NULL}}},
    {"a word of the right body in a wrong one doesn't count",
     2,
     2,
     0,
     {{".hh", "++O", NULL, "ifd", NULL}}},
    {"what came of an answer doesn't count while more is to come",
     1,
     1,
     0,
     {{".q.m.", "+S+F+", NULL, NULL, NULL}}},
    {"nor does what isn't HTTP, or nothing, or too much",
     1,
     1,
     0,
     {{".g.z.o.", "+O+U+O+", NULL, NULL, NULL}}},
    {"the lowest step that fails gives the state",
     1,
     1,
     0,
     {{"rpswn.", "UssTN+", "nnnyny", NULL, NULL}}},

    /* 4be_1srv_health_checks, 4be_1srv_smtpchk_httpchk_layer47errors */
    {"fall 3: two failures in a row take nobody out",
     1,
     3,
     0,
     {{".55.55.555", "+++++++++F", NULL, "iffiffiffd", NULL}}},
    {"rise 3: two successes in a row bring nobody back",
     3,
     1,
     0,
     {{"5..5...", "FFFFFF+", NULL, "dffdffi", NULL}}},
    {"failures of several kinds are in a row all the same",
     1,
     3,
     0,
     {{".5rs", "+++s", NULL, "iffd", NULL}}},
    {"up, then the answer takes too long", 1, 1, 0, {{".s", "+S", NULL, "id", NULL}}},
    {"a network that isn't there from the first check on",
     2,
     2,
     0,
     {{"xx..", "UUU+", NULL, "ddfi", NULL}}},
    {"a port that nobody listens on from the first check on",
     2,
     2,
     0,
     {{"rr..", "UUU+", NULL, "ddfi", NULL}}},
    {"a name that stops resolving and comes back",
     2,
     2,
     0,
     {{".kk..", "++UU+", NULL, "ifdfi", NULL}}},
    {"a host that drops packets is asked at the pace of what is out",
     2,
     2,
     0,
     {{".ccc", "++UU", NULL, "ifdd", NULL}}},

    {"one in maintenance is still checked, and back at once",
     2,
     2,
     0,
     {{".....", "+++++", "ynnny", "iiiii", ".xxx."}, {".....", "+++++", "yyyyy", NULL, NULL}}},
    {"one that fails in maintenance doesn't come back with it",
     2,
     2,
     0,
     {{"..rrr", "+++UU", "ynnnn", "iifdd", ".xxx."}, {".....", "+++++", "yyyyy", NULL, NULL}}},
    {"maintenance of the only one leaves nobody",
     2,
     2,
     0,
     {{"....", "++++", "ynny", NULL, ".xx."}}},
    {"maintenance of the last up one leaves those without their database",
     2,
     2,
     0,
     {{"...", "+++", "yny", NULL, ".x."}, {"ddd", "DDD", "nyn", NULL, NULL}}},

    /* 1be_40srv_odd_health_checks */
    {"of forty the odd ones fail from the start",
     2,
     2,
     20,
     {{"....", "++++", "yyyy", "iiii", NULL}, {"rrrr", "UUUU", "nnnn", "dddd", NULL}}},
    {"of forty the odd ones fail and heal",
     2,
     2,
     20,
     {{"......", "++++++", "yyyyyy", NULL, NULL}, {".55...", "++FF++", "yynnyy", "ifdfii", NULL}}},
    {"of forty each tenth does something else",
     1,
     2,
     10,
     {{".....", "+++++", NULL, NULL, NULL},
      {".rr..", "++U++", NULL, NULL, NULL},
      {".ss..", "++S++", NULL, NULL, NULL},
      {".nn..", "++N++", NULL, NULL, NULL}}},
    {"all lose their database one way or the other: all stay, until some find it again",
     1,
     2,
     20,
     {{".ddd.", "++DD+", "yyyyy", NULL, NULL}, {".wwww", "++TTT", "yyyyn", NULL, NULL}}},
    {"all fail in other ways: nobody stays",
     1,
     2,
     20,
     {{".555", "++FF", "yynn", NULL, NULL}, {".sss", "++SS", "yynn", NULL, NULL}}},
    {"all fail but those without their database",
     1,
     2,
     13,
     {{".55", "++F", "yyn", NULL, NULL},
      {".dd", "++D", "yyy", NULL, NULL},
      {".rr", "++U", "yyn", NULL, NULL}}},

    /* tls_health_checks, tcp-check-ssl */
    {"over TLS, a certificate that nobody vouches for",
     2,
     2,
     0,
     {{"uu", "UU", NULL, "dd", NULL}, {"..", "++", NULL, "ii", NULL}}},
    {"a certificate runs out and is renewed", 2, 2, 0, {{".uu..", "++UU+", NULL, "ifdfi", NULL}}},
    {"a port that doesn't speak TLS", 2, 2, 0, {{"tt..", "UUU+", NULL, "ddfi", NULL}}},
};

static const struct osb_answer *answers_of(char letter)
{
    for (size_t i = 0; i < sizeof sights / sizeof *sights; i++) {
        if (sights[i].letter == letter)
            return sights[i].answers;
    }
    fail_msg("no check comes to %c", letter);
    return NULL;
}

static struct osb_finding finding_of(char letter)
{
    struct osb_observation observation = {.ms = 3};

    memcpy(observation.answers, answers_of(letter), sizeof observation.answers);
    return osb_finding_read(&observation);
}

static const struct osb_health *policy_of(const struct scenario *scenario)
{
    static struct osb_health policy;

    policy = (struct osb_health){.interval_ms = 2000,
                                 .fast_ms = 500,
                                 .down_ms = 10000,
                                 .timeout_ms = 2000,
                                 .rise = scenario->rise,
                                 .fall = scenario->fall};
    return &policy;
}

static char pace_of(const struct osb_health *policy, const struct osb_verdict *verdict)
{
    uint32_t pause = osb_verdict_pause(policy, verdict, 0);

    return pause == policy->fast_ms ? 'f' : pause == policy->down_ms ? 'd' : 'i';
}

static void check_round(const struct scenario *scenario, struct osb_verdict *verdicts,
                        struct osb_place *places, size_t round, unsigned count, unsigned kinds)
{
    const struct osb_health *policy = policy_of(scenario);

    for (unsigned i = 0; i < count; i++) {
        const struct kind *kind = &scenario->kinds[i % kinds];
        const struct osb_finding finding = finding_of(kind->sees[round]);

        osb_verdict_step(policy, &verdicts[i], &finding, 1000 * (round + 1));
        assert_int_equal(states[verdicts[i].state], kind->held[round]);
        if (kind->paces != NULL)
            assert_int_equal(pace_of(policy, &verdicts[i]), kind->paces[round]);
        places[i] = (struct osb_place){.state = verdicts[i].state,
                                       .since = verdicts[i].since,
                                       .offered = !kind->taken || kind->taken[round] != 'x'};
    }
}

static void check_who_serves(const struct scenario *scenario, const struct osb_place *places,
                             size_t round, unsigned count, unsigned kinds)
{
    for (unsigned i = 0; i < count; i++) {
        const struct kind *kind = &scenario->kinds[i % kinds];
        bool serves = kind->serves != NULL ? kind->serves[round] == 'y' : kind->held[round] == '+';

        assert_int_equal(places[i].serves && places[i].offered, serves);
    }
}

static void assert_lengths(const struct kind *kind, size_t rounds)
{
    assert_int_equal(strlen(kind->sees), rounds);
    assert_int_equal(strlen(kind->held), rounds);
    assert_int_equal(kind->serves ? strlen(kind->serves) : rounds, rounds);
    assert_int_equal(kind->paces ? strlen(kind->paces) : rounds, rounds);
    assert_int_equal(kind->taken ? strlen(kind->taken) : rounds, rounds);
}

static void members_are_held_and_serve_as_each_scenario_says(void **state)
{
    (void)state;
    FOR_EACH_ROW(row, scenarios)
    {
        struct osb_verdict verdicts[MOST];
        struct osb_place places[MOST];
        size_t rounds = strlen(row->kinds[0].sees);
        unsigned kinds = 0, count;

        for (; kinds < KINDS && row->kinds[kinds].sees != NULL; kinds++)
            assert_lengths(&row->kinds[kinds], rounds);
        count = kinds * (row->copies > 0 ? row->copies : 1);
        assert_in_range(count, 1, MOST);
        for (unsigned i = 0; i < count; i++)
            verdicts[i] = osb_verdict_new();
        for (size_t round = 0; round < rounds; round++) {
            check_round(row, verdicts, places, round, count, kinds);
            osb_roster_decide(OSB_SKEW_WARN, places, count);
            check_who_serves(row, places, round, count, kinds);
        }
    }
}

static void every_kind_of_check_is_in_some_scenario(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sights / sizeof *sights; i++) {
        bool used = false;

        for (size_t row = 0; row < sizeof scenarios / sizeof *scenarios; row++) {
            for (unsigned kind = 0; kind < KINDS && scenarios[row].kinds[kind].sees; kind++)
                used |= strchr(scenarios[row].kinds[kind].sees, sights[i].letter) != NULL;
        }
        assert_true(used);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_held_and_serve_as_each_scenario_says),
        cmocka_unit_test(every_kind_of_check_is_in_some_scenario),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
