# SPDX-License-Identifier: Apache-2.0
"""What can be made smaller for trying a benchmark out, by the environment."""

import os


def number(name, preset):
    return int(os.environ.get(name, preset))


MEMBERS = number("BENCH_MEMBERS", 1000)
SECONDS = number("BENCH_SECONDS", 30)
WARM_UP = number("BENCH_WARM_UP", 10)
REPEATS = number("BENCH_REPEATS", 10)
SEED = number("BENCH_SEED", 1)
