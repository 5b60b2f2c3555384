/* SPDX-License-Identifier: Apache-2.0 */
/* The sockets below the probes: what programs get of them, and how often their thread wakes. */
#include "probing.h"

#include <dirent.h>
#include <fcntl.h>

/* Calls LOOK with each open descriptor of this process. */
static void for_each_file(void (*look)(int fd, void *baton), void *baton)
{
    DIR *files = opendir("/proc/self/fd");
    struct dirent *entry;

    assert_non_null(files);
    while ((entry = readdir(files)) != NULL) {
        if (entry->d_name[0] != '.' && atoi(entry->d_name) != dirfd(files))
            look(atoi(entry->d_name), baton);
    }
    closedir(files);
}

struct inherited {
    unsigned peer_port;
    unsigned connections; /* to that port */
    unsigned inherited;   /* of them, by a program */
};

static void look_at_socket(int fd, void *baton)
{
    struct inherited *inherited = baton;
    struct sockaddr_in address = {.sin_family = AF_UNSPEC};
    socklen_t size = sizeof address;

    if (getpeername(fd, (struct sockaddr *)&address, &size) != 0 || address.sin_family != AF_INET ||
        ntohs(address.sin_port) != inherited->peer_port)
        return;
    inherited->connections++;
    inherited->inherited += (fcntl(fd, F_GETFD) & FD_CLOEXEC) == 0;
}

static void a_program_inherits_no_connection(void **state)
{
    struct peers peers = {.count = 0};
    struct peer *quiet = peers_add(&peers, &silent);
    struct inherited inherited = {.peer_port = quiet->port};
    struct osb_probe_spec specs[OSB_SCHEMES];
    struct result results[OSB_SCHEMES] = {{false}};
    struct osb_prober *prober = osb_prober_make();
    uint64_t limit = osb_prober_now() + GRACE_MS;

    (void)state;
    peers_start(&peers);
    for (int scheme = 0; scheme < OSB_SCHEMES; scheme++) {
        specs[scheme] = spec_of((enum osb_scheme)scheme, quiet->port, 60000);
        assert_true(osb_prober_start(prober, &specs[scheme], keep, &results[scheme]));
    }
    while (inherited.connections < OSB_SCHEMES && osb_prober_now() < limit) {
        osb_prober_turn(prober, 10);
        inherited = (struct inherited){.peer_port = quiet->port};
        for_each_file(look_at_socket, &inherited);
        assert_int_equal(inherited.inherited, 0);
    }
    assert_int_equal(inherited.connections, OSB_SCHEMES);
    osb_prober_free(prober);
    peers_end(&peers);
}

struct chain {
    struct osb_prober *prober;
    const struct osb_probe_spec *spec;
    unsigned left; /* how many checks are yet to be begun */
    unsigned done;
    unsigned healthy; /* of those that are done */
};

static void begin_another(void *baton, const struct osb_observation *observation)
{
    struct chain *chain = baton;

    chain->done++;
    chain->healthy += osb_finding_read(observation).seen == OSB_SEEN_HEALTHY;
    if (chain->left > 0) {
        chain->left--;
        assert_true(osb_prober_start(chain->prober, chain->spec, begin_another, chain));
    }
}

/* Twenty checks at a time, one after another as fast as they go. Each needs about four turns when
 * it is alone; side by side they are to share them. */
static void a_busy_prober_takes_the_events_of_many_checks_in_one_turn(void **state)
{
    struct peers peers = {.count = 0};
    struct peer *quick = peers_add(&peers, &healthy_ajp);
    const struct osb_probe_spec spec = spec_of(OSB_SCHEME_AJP, quick->port, 10000);
    struct chain chain = {.prober = osb_prober_make(), .spec = &spec, .left = 2000};
    uint64_t limit = osb_prober_now() + 20000;
    unsigned turns = 0;

    (void)state;
    peers_start(&peers);
    for (unsigned i = 0; i < 20; i++)
        assert_true(osb_prober_start(chain.prober, &spec, begin_another, &chain));
    for (; chain.done < 2020 && osb_prober_now() < limit; turns++)
        osb_prober_turn(chain.prober, 60000);
    assert_int_equal(chain.healthy, 2020);
    assert_in_range(turns, 1, 2020 * 2);
    osb_prober_free(chain.prober);
    peers_end(&peers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_program_inherits_no_connection),
        cmocka_unit_test(a_busy_prober_takes_the_events_of_many_checks_in_one_turn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
