# SPDX-License-Identifier: Apache-2.0
"""What can be made smaller for trying a benchmark out, by the environment."""

import os


def number(name, preset):
    return int(os.environ.get(name, preset))


def words(name, preset):
    return os.environ.get(name, preset).split()


MEMBERS = number("BENCH_MEMBERS", 1000)
SECONDS = number("BENCH_SECONDS", 30)
WARM_UP = number("BENCH_WARM_UP", 10)
REPEATS = number("BENCH_REPEATS", 10)
SEED = number("BENCH_SEED", 1)
# Of bench-proxy, for each server in each round.
REQUESTS = number("BENCH_REQUESTS", 8000)
# Of bench-render, for each program and each size.
ROUNDS = number("BENCH_ROUNDS", 40)

# Those of bench-faults. Seconds: when the member breaks, when it heals, when the last request is
# begun, and how long the last answers are waited for.
BREAK = number("BENCH_BREAK", 5)
HEAL = number("BENCH_HEAL", 22)
END = number("BENCH_END", 40)
TAIL = number("BENCH_TAIL", 30)
RATE = number("BENCH_RATE", 100)
FAULTS = words("BENCH_FAULTS", "kill hang undeploy dbdown slow rolling graceful databases")
SYSTEMS = words("BENCH_SYSTEMS", "byrequests least-time wiki hcheck-ajp hcheck-http nginx "
                                 "haproxy-roundrobin haproxy-leastconn")
# What the topology of this module says of its checks.
HEALTH = os.environ.get("BENCH_HEALTH", "on")
