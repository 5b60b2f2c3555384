/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks many members at a steady rate with the module's own prober, and prints what that costs
 * the checking thread. The members of a range have addresses in a row and one port, as the
 * stand-in's places have.
 *
 *   prober_load INTERVAL TIMEOUT SECONDS SCHEME:FIRST-ADDRESS:PORT:COUNT...
 */
#include "core/finding.h"
#include "core/parse.h"
#include "probe/probe.h"

#include <arpa/inet.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A check that begins later than this after its time is late, in ms. */
#define LATE_MS 50
/* Checks are begun, but not counted, for so long. */
#define WARM_MS 2000

struct member {
    struct osb_probe_spec spec;
    char host[INET_ADDRSTRLEN];
    struct load *load;
    uint64_t due;   /* ms */
    bool in_flight; /* a check is under way */
};

/* What is counted from the end of the warm-up. */
struct counts {
    unsigned long checks;  /* begun and ended */
    unsigned long on_time; /* of them, begun when they were due */
    unsigned long healthy; /* of them */
    unsigned long skipped; /* due while the one before was under way */
    unsigned long turns;
    uint64_t healthy_ms; /* all of the healthy checks' times together */
};

struct load {
    struct osb_prober *prober;
    struct member *members; /* in the order in which they are due */
    size_t count;
    size_t next; /* the member that is due next */
    uint32_t interval_ms;
    uint32_t timeout_ms;
    struct counts counts;
};

static void take(void *baton, const struct osb_observation *observation)
{
    struct member *member = baton;
    struct counts *counts = &member->load->counts;
    struct osb_finding finding = osb_finding_read(observation);

    member->in_flight = false;
    counts->checks++;
    if (finding.seen == OSB_SEEN_HEALTHY) {
        counts->healthy++;
        counts->healthy_ms += observation->ms;
    }
}

static void begin(struct member *member, uint64_t now)
{
    struct load *load = member->load;

    if (member->in_flight) {
        load->counts.skipped++;
        return;
    }
    load->counts.on_time += now - member->due <= LATE_MS;
    member->in_flight = osb_prober_start(load->prober, &member->spec, take, member);
}

/* Begins what is due, and returns how long until the next is. */
static uint32_t begin_due(struct load *load)
{
    uint64_t now = osb_prober_now();

    for (;;) {
        struct member *member = &load->members[load->next];

        if (member->due > now)
            return (uint32_t)(member->due - now);
        begin(member, now);
        member->due += load->interval_ms;
        load->next = (load->next + 1) % load->count;
    }
}

static void run(struct load *load, uint64_t until)
{
    while (osb_prober_now() < until) {
        osb_prober_turn(load->prober, begin_due(load));
        load->counts.turns++;
    }
}

static double thread_seconds(void)
{
    struct timespec spent;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return (double)spent.tv_sec + (double)spent.tv_nsec / 1e9;
}

/* Private memory that this process wrote to, in kB. What it only read of a library is private too
 * while no other process has the library loaded, and says nothing. */
static long private_memory(void)
{
    FILE *rollup = fopen("/proc/self/smaps_rollup", "r");
    char line[256];
    long kb = 0;

    while (rollup != NULL && fgets(line, sizeof line, rollup) != NULL) {
        if (sscanf(line, "Private_Dirty: %ld kB", &kb) == 1)
            break;
    }
    if (rollup != NULL)
        fclose(rollup);
    return kb;
}

/* Adds the range "ajp:127.0.1.1:8009:250". */
static bool add_range(struct load *load, char *text)
{
    char *scheme = strsep(&text, ":"), *address = strsep(&text, ":"), *port = strsep(&text, ":");
    struct osb_probe_spec spec = {.site = "localhost", .context = "/openspecimen", .secret = ""};
    struct in_addr first;
    uint32_t count;

    if (text == NULL || !osb_scheme_find(scheme, &spec.scheme) ||
        inet_pton(AF_INET, address, &first) != 1 ||
        !osb_parse_number(port, 1, 65535, &spec.port, NULL) ||
        !osb_parse_number(text, 1, 100000, &count, NULL))
        return false;
    spec.timeout_ms = load->timeout_ms;
    load->members = realloc(load->members, (load->count + count) * sizeof *load->members);
    for (uint32_t i = 0; i < count; i++) {
        struct in_addr host = {htonl(ntohl(first.s_addr) + i)};
        struct member *member = &load->members[load->count++];

        *member = (struct member){.spec = spec, .load = load};
        inet_ntop(AF_INET, &host, member->host, sizeof member->host);
    }
    return true;
}

/* The members' times, evenly over the interval; those of different ranges in a mixture. */
static void spread(struct load *load)
{
    uint64_t now = osb_prober_now();

    for (size_t i = load->count - 1; i > 0; i--) {
        size_t other = (size_t)random() % (i + 1);
        struct member kept = load->members[i];

        load->members[i] = load->members[other];
        load->members[other] = kept;
    }
    for (size_t i = 0; i < load->count; i++) {
        load->members[i].spec.host = load->members[i].host;
        load->members[i].due = now + i * load->interval_ms / load->count;
    }
}

static void print(const struct load *load, double seconds, double spent, long kb)
{
    const struct counts *counts = &load->counts;
    double checks = counts->checks > 0 ? (double)counts->checks : 1;
    double healthy = counts->healthy > 0 ? (double)counts->healthy : 1;

    printf("checks/s %.0f  on time %.1f %%  skipped %lu  healthy %.1f %%  healthy ms %.2f  "
           "turns/s %.0f\n",
           checks / seconds, 100 * (double)counts->on_time / checks, counts->skipped,
           100 * (double)counts->healthy / checks, (double)counts->healthy_ms / healthy,
           (double)counts->turns / seconds);
    printf("CPU %.1f us a check, %.2f %% of a core  private memory %.2f kB a member\n",
           1e6 * spent / checks, 100 * spent / seconds, (double)kb / (double)load->count);
}

int main(int argc, char **argv)
{
    struct load load = {.prober = NULL};
    uint32_t seconds = 0;
    long before;
    double spent;

    if (argc < 5 || !osb_parse_duration(argv[1], 1, 60000, &load.interval_ms, NULL) ||
        !osb_parse_duration(argv[2], 1, 60000, &load.timeout_ms, NULL) ||
        !osb_parse_number(argv[3], 1, 3600, &seconds, NULL)) {
        fputs("usage: prober_load INTERVAL TIMEOUT SECONDS SCHEME:FIRST-ADDRESS:PORT:COUNT...\n",
              stderr);
        return 2;
    }
    for (int i = 4; i < argc; i++) {
        if (!add_range(&load, argv[i]))
            return 2;
    }
    spread(&load);
    before = private_memory();
    load.prober = osb_prober_prepare() ? osb_prober_make() : NULL;
    if (load.prober == NULL)
        return 1;
    run(&load, osb_prober_now() + WARM_MS);
    load.counts = (struct counts){.checks = 0};
    spent = thread_seconds();
    run(&load, osb_prober_now() + (uint64_t)seconds * 1000);
    spent = thread_seconds() - spent;
    print(&load, seconds, spent, private_memory() - before);
    osb_prober_free(load.prober);
    free(load.members);
    return 0;
}
