/* SPDX-License-Identifier: Apache-2.0 */
#include "lint.h"
#include "problem/problem.h"
#include "topology/topology.h"

#include "core/parse.h"
#include "core/vocabulary.h"

#define DURATION 16

static void lint_connect(struct osg_problems *problems, const struct osg_balance *balance)
{
    char connect[DURATION], timeout[DURATION];

    if (balance->connect_timeout_ms <= balance->timeout_ms)
        return;
    osb_format_duration(balance->connect_timeout_ms, connect, sizeof connect);
    osb_format_duration(balance->timeout_ms, timeout, sizeof timeout);
    osg_warning(problems, OSG_LONG_CONNECT,
                balance->connect_timeout_place.line > 0 ? balance->connect_timeout_place
                                                        : balance->timeout_place,
                "a user would wait longer for a connection (connect_timeout, %s) than for an "
                "answer (timeout, %s)",
                connect, timeout);
}

/* Where the first of KEYS that was given stands, or the balance's timeout. One of them was: by
 * default nothing contradicts anything. */
static struct osg_place place_of(const struct osg_balance *balance, const char *const *keys,
                                 size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct osg_word *given =
            &balance->health.given[osb_health_find(keys[i]) - osb_health_settings];

        if (given->text != NULL)
            return given->place;
    }
    return balance->timeout_place;
}

static void tell_slow(struct osg_problems *problems, const struct osg_balance *balance)
{
    static const char *const keys[] = {OSB_KEY_TIMEOUT};
    char check[DURATION], timeout[DURATION];

    osb_format_duration(balance->health.settings.timeout_ms, check, sizeof check);
    osb_format_duration(balance->timeout_ms, timeout, sizeof timeout);
    osg_warning(problems, OSG_SLOW_CHECK, place_of(balance, keys, 1),
                "a check waits %s for an answer and a user's request %s: an instance can be well "
                "for the checks and answer nobody in time",
                check, timeout);
}

static void tell_late(struct osg_problems *problems, const struct osg_balance *balance,
                      uint32_t out_ms)
{
    static const char *const keys[] = {OSB_KEY_INTERVAL, OSB_KEY_FALL, OSB_KEY_TIMEOUT};
    char out[DURATION], timeout[DURATION];

    osb_format_duration(out_ms, out, sizeof out);
    osb_format_duration(balance->timeout_ms, timeout, sizeof timeout);
    osg_warning(problems, OSG_LATE_CHECK, place_of(balance, keys, sizeof keys / sizeof *keys),
                "an instance that hangs is out within %s (fall * interval + timeout), and what "
                "users ask of it ends in an error after %s",
                out, timeout);
}

void osg_lint_times(struct osg_problems *problems, const struct osg_balance *balance)
{
    const struct osb_health *health = &balance->health.settings;
    uint32_t out_ms = health->fall * health->interval_ms + health->timeout_ms;

    lint_connect(problems, balance);
    if (!balance->health.on)
        return;
    if (health->timeout_ms > balance->timeout_ms)
        tell_slow(problems, balance);
    else if (out_ms > balance->timeout_ms)
        tell_late(problems, balance, out_ms);
}
