/* SPDX-License-Identifier: Apache-2.0 */
/* Members known by their names: lookups that fail, that hang, and whose answer changes. */
#include "probing.h"

#include "core/verdict.h"

#include <dlfcn.h>
#include <netdb.h>

static pthread_mutex_t lookups = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t lookups_changed = PTHREAD_COND_INITIALIZER;
static bool slow_may_end;
static unsigned slow_lookups;      /* under way */
static const char *moving_address; /* of "moving.test"; NULL: none */
static unsigned moving_lookups;    /* so far */

static void wait_in_slow_lookup(void)
{
    pthread_mutex_lock(&lookups);
    slow_lookups++;
    while (!slow_may_end)
        pthread_cond_wait(&lookups_changed, &lookups);
    slow_lookups--;
    pthread_cond_broadcast(&lookups_changed);
    pthread_mutex_unlock(&lookups);
}

/* Returns how many there were. */
static unsigned end_slow_lookups(void)
{
    unsigned count;

    pthread_mutex_lock(&lookups);
    count = slow_lookups;
    slow_may_end = true;
    pthread_cond_broadcast(&lookups_changed);
    while (slow_lookups > 0)
        pthread_cond_wait(&lookups_changed, &lookups);
    pthread_mutex_unlock(&lookups);
    return count;
}

/* What moving.test stands for now. */
static const char *look_moving_up(void)
{
    const char *address;

    pthread_mutex_lock(&lookups);
    address = moving_address;
    moving_lookups++;
    pthread_mutex_unlock(&lookups);
    return address;
}

static void move(const char *address)
{
    pthread_mutex_lock(&lookups);
    moving_address = address;
    pthread_mutex_unlock(&lookups);
}

/* Stands before the C library's, for libcurl's lookups too: "slow.test" hangs until the test lets
 * it go, "moving.test" is where the test puts it, other names in .test have no address. An address
 * isn't looked up. */
__attribute__((visibility("default"))) int getaddrinfo(const char *restrict name,
                                                       const char *restrict service,
                                                       const struct addrinfo *restrict hints,
                                                       struct addrinfo **restrict result)
{
    int (*next)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    void *symbol = dlsym(RTLD_NEXT, "getaddrinfo");

    memcpy(&next, &symbol, sizeof next);
    if (hints != NULL && hints->ai_flags & AI_NUMERICHOST)
        return next(name, service, hints, result);
    if (name != NULL && strcmp(name, "slow.test") == 0)
        wait_in_slow_lookup();
    if (name != NULL && strcmp(name, "moving.test") == 0 && (name = look_moving_up()) == NULL)
        return EAI_NONAME;
    if (name != NULL && strstr(name, ".test") != NULL)
        return EAI_NONAME;
    return next(name, service, hints, result);
}

/* ---- the tests ------------------------------------------------------------------------------- */

static void an_unknown_name_is_told_at_once(void **state)
{
    struct osb_prober *prober = osb_prober_make();

    (void)state;
    for (int scheme = 0; scheme < OSB_SCHEMES; scheme++) {
        struct osb_probe_spec spec = spec_of((enum osb_scheme)scheme, 8009, 60000);
        struct result result = {false};

        spec.host = "unknown.test";
        assert_true(osb_prober_start(prober, &spec, keep, &result));
        turn_until_done(prober, &result, GRACE_MS);
        assert_int_equal(result.finding.rung, OSB_ASK_CONNECT);
        assert_int_equal(result.finding.outcome, OSB_UNKNOWN_NAME);
    }
    osb_prober_free(prober);
}

/* The name's lookup goes on when its probe is over, and even when the prober is gone. That the
 * connector says nothing meanwhile proves nothing. */
static void a_lookup_that_hangs_holds_up_nobody(void **state)
{
    struct peers peers = {.count = 0};
    struct peer *quick = peers_add(&peers, &healthy_http);
    struct osb_probe_spec slow[] = {spec_of(OSB_SCHEME_AJP, 8009, 300),
                                    spec_of(OSB_SCHEME_HTTP, 8080, 300),
                                    spec_of(OSB_SCHEME_HTTP, 8080, 60000)};
    const struct osb_probe_spec spec = spec_of(OSB_SCHEME_HTTP, quick->port, 60000);
    struct osb_prober *prober = osb_prober_make();
    struct result results[3] = {{false}}, result = {false};
    uint64_t started;

    (void)state;
    peers_start(&peers);
    for (int i = 0; i < 3; i++) {
        slow[i].host = "slow.test";
        slow[i].ping_ms = 50;
        assert_true(osb_prober_start(prober, &slow[i], keep, &results[i]));
    }
    assert_true(osb_prober_start(prober, &spec, keep, &result));
    turn_until_done(prober, &result, GRACE_MS);
    assert_int_equal(result.finding.seen, OSB_SEEN_HEALTHY);
    assert_int_equal(osb_finding_least_pause(&result.finding), 0);
    for (int i = 0; i < 2; i++) {
        turn_until_done(prober, &results[i], 300 + GRACE_MS);
        assert_int_equal(results[i].finding.rung, OSB_ASK_CONNECT);
        assert_int_equal(results[i].finding.outcome, OSB_UNRESOLVED);
        assert_true(results[i].finding.ms >= 300);
        assert_int_equal(results[i].finding.seen, OSB_SEEN_UNREACHABLE);
        assert_int_equal(osb_finding_least_pause(&results[i].finding), OSB_LOOKUP_PAUSE_MS);
    }
    assert_false(results[2].is_done);
    started = osb_prober_now();
    osb_prober_free(prober);
    assert_in_range(osb_prober_now() - started, 0, GRACE_MS);
    assert_in_range(end_slow_lookups(), 5, 5); /* two of them by HTTP probes' second connections */
    peers_end(&peers);
}

/* One check follows another, as with a running checker; a second member is checked beside it. */
static void a_name_is_looked_up_for_each_check(void **state)
{
    static const struct step {
        const char *says;
        const char *address;
        enum osb_outcome outcome; /* of the connection */
    } steps[] = {
        {"at its first address", "127.0.0.1", OSB_ANSWERED},
        {"moved to where nobody listens", "127.0.0.2", OSB_REFUSED},
        {"moved back", "127.0.0.1", OSB_ANSWERED},
        {"gone", NULL, OSB_UNKNOWN_NAME},
        {"come back", "127.0.0.1", OSB_ANSWERED},
    };
    struct peers peers = {.count = 0};
    struct peer *ajp = peers_add(&peers, &healthy_ajp), *http = peers_add(&peers, &healthy_http);
    struct osb_probe_spec moving[] = {spec_of(OSB_SCHEME_AJP, ajp->port, GRACE_MS),
                                      spec_of(OSB_SCHEME_HTTP, http->port, GRACE_MS)};
    const struct osb_probe_spec steady = spec_of(OSB_SCHEME_AJP, ajp->port, GRACE_MS);
    struct osb_prober *prober = osb_prober_make();
    unsigned checks = 0;

    (void)state;
    peers_start(&peers);
    FOR_EACH_ROW(step, steps)
    {
        move(step->address);
        for (int i = 0; i < 2; i++, checks++) {
            struct result result = {false}, beside = {false};

            moving[i].host = "moving.test";
            assert_true(osb_prober_start(prober, &moving[i], keep, &result));
            assert_true(osb_prober_start(prober, &steady, keep, &beside));
            turn_until_done(prober, &result, GRACE_MS);
            turn_until_done(prober, &beside, GRACE_MS);
            assert_int_equal(result.finding.outcome, step->outcome);
            assert_int_equal(result.finding.seen, step->outcome == OSB_ANSWERED
                                                      ? OSB_SEEN_HEALTHY
                                                      : OSB_SEEN_UNREACHABLE);
            assert_int_equal(beside.finding.seen, OSB_SEEN_HEALTHY);
        }
    }
    assert_int_equal(moving_lookups, checks);
    osb_prober_free(prober);
    peers_end(&peers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_name_is_told_at_once),
        cmocka_unit_test(a_lookup_that_hangs_holds_up_nobody),
        cmocka_unit_test(a_name_is_looked_up_for_each_check),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
