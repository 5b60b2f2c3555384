/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of many probes share: a few peers, probes of them, and waiting for their end. */
#ifndef PROBING_H
#define PROBING_H

#include "peers.h"

#include "core/finding.h"
#include "probe/probe.h"

/* How late a busy machine may be, in ms. */
#define GRACE_MS 3000

#define BYTES(literal) .bytes = literal, .length = sizeof(literal) - 1
#define HTTP_200       "HTTP/1.1 200 \r\nContent-Type: application/json\r\n"

/* A test that needs not all of them leaves the others unused. */
#define SCRIPT __attribute__((unused)) static const struct peer_script

SCRIPT silent = {.late = false};
SCRIPT closing = {.greeting = {.then = PEER_CLOSES}};
SCRIPT healthy_http = {
    .replies[OSB_ASK_DATABASE] = {BYTES(HTTP_200 "Content-Length: 15\r\n\r\n{\"locale\":\"en\"}")}};
SCRIPT healthy_ajp = {.replies[OSB_ASK_CONNECTOR] = {BYTES("AB\0\1\x09")},
                      .replies[OSB_ASK_DATABASE] = {BYTES("AB\0\x0b\x04\0\xc8\0\003200\0\0\0"
                                                          "AB\0\x13\x03\0\x0f{\"locale\":\"en\"}\0"
                                                          "AB\0\2\x05\1")}};

struct result {
    bool is_done;
    struct osb_finding finding;
};

static inline void keep(void *baton, const struct osb_observation *observation)
{
    struct result *result = baton;

    assert_false(result->is_done);
    result->is_done = true;
    result->finding = osb_finding_read(observation);
}

static inline struct osb_probe_spec spec_of(enum osb_scheme scheme, unsigned port,
                                            uint32_t timeout_ms)
{
    return (struct osb_probe_spec){.scheme = scheme,
                                   .site = "localhost",
                                   .host = "127.0.0.1",
                                   .port = port,
                                   .context = "/openspecimen",
                                   .timeout_ms = timeout_ms};
}

/* Fails if it isn't done in LIMIT_MS. The turns may wait for far longer: what happens must end
 * them. */
static inline void turn_until_done(struct osb_prober *prober, const struct result *result,
                                   uint32_t limit_ms)
{
    uint64_t limit = osb_prober_now() + limit_ms;

    while (!result->is_done && osb_prober_now() < limit)
        osb_prober_turn(prober, 60000);
    assert_true(result->is_done);
    assert_in_range(osb_prober_now(), 0, limit);
}

#endif
