# SPDX-License-Identifier: Apache-2.0
"""What osgen's rendering costs, beside libyaml alone, which parses the same file and does nothing with
it. Whole processes that take turns, linked with the same libraries, since loading those costs both.

The measure is libyaml's own document: osgen too must have the whole file before it can say anything, as
keys stand in any order. What its events cost, if nobody keeps anything of them, is shown beside it."""

import os
import pathlib
import statistics
import subprocess
import time
from dataclasses import dataclass

from harness.httpd import BUILD

from . import settings
from .table import show_missed, show_table
from .usage import peak_kb

SIZES = (1000, 2000, 5000, 10000)
OSGEN = pathlib.Path(BUILD) / "osgen"
PARSER = pathlib.Path(BUILD) / "yaml_parse"
# How good osgen has to be: so many times the parser's time with the most instances, and so many times
# the memory for each of those that it takes for each of the first half.
MOST_TIME = 1.5
MOST_GROWTH = 1.1


@dataclass(frozen=True)
class Cost:
    """Of one process, in seconds."""
    wall: float
    cpu: float


def write_topology(root, count):
    instances = "".join(f"""\
  - name: os{number}
    url: ajp://os{number}.internal.example.org:8009
    weight: {number % 3 + 1}
    max_threads: 400
""" for number in range(1, count + 1))
    path = pathlib.Path(root) / f"{count}.yaml"
    path.write_text("site: os.example.org\ninstances:\n" + instances +
                    "balance:\n  secret_file: ajp.secret\nadmin: [10.0.0.5]\n")
    return path


def run(*command):
    before = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return Cost(time.perf_counter() - before, used.ru_utime + used.ru_stime)


def median(costs):
    return Cost(statistics.median(cost.wall for cost in costs),
                statistics.median(cost.cpu for cost in costs))


def measure(path):
    """Medians of rendering PATH, of parsing it in both ways, and of starting osgen for nothing."""
    commands = ((OSGEN, "render", path), (PARSER, "document", path), (PARSER, "events", path),
                (OSGEN, "--version"))
    rounds = [[run(*command) for command in commands] for _ in range(settings.ROUNDS)]
    return [median(costs) for costs in zip(*rounds)]


def memory_kb(path):
    """The most that osgen has: when it writes, it has everything, and waits for its reader."""
    with subprocess.Popen([OSGEN, "render", path], stdout=subprocess.PIPE) as process:
        assert process.stdout.read(1) == b"#"
        peak = peak_kb(process.pid)
        process.stdout.read()
    return peak


def growth_kb(peaks, few, many):
    return (peaks[many] - peaks[few]) / (many - few)


def missed(costs, peaks):
    render, parse, _, _ = costs[SIZES[-1]]
    ratio = render.wall / parse.wall
    if ratio > MOST_TIME:
        yield f"osgen takes {ratio:.2f} times as long as libyaml's parse, and may take {MOST_TIME}"
    growth = growth_kb(peaks, SIZES[2], SIZES[3]) / growth_kb(peaks, SIZES[0], SIZES[2])
    if growth > MOST_GROWTH:
        yield f"the last instances take {growth:.2f} times the memory of the first ones"


def cells(count, path, costs, peak):
    render, parse, events, start = costs
    shown = [f"{cost.wall * 1000:.0f} / {cost.cpu * 1000:.0f} ms"
             for cost in (start, events, parse, render)]
    return (f"{count:,}", f"{path.stat().st_size / 1000:.0f} kB", *shown,
            f"{render.wall / parse.wall:.2f} / {render.cpu / parse.cpu:.2f}", f"{peak / 1000:.1f} MB")


def bench(root):
    secret = pathlib.Path(root) / "ajp.secret"
    secret.write_text("of no consequence\n")
    secret.chmod(0o600)
    paths = {count: write_topology(root, count) for count in SIZES}
    costs = {count: measure(path) for count, path in paths.items()}
    peaks = {count: memory_kb(path) for count, path in paths.items()}
    show_table("What a rendering costs",
               ("instances", "topology", "osgen's start", "libyaml's events", "libyaml's parse",
                "`osgen render`",
                "times the parse", "memory"),
               [cells(count, path, costs[count], peaks[count]) for count, path in paths.items()],
               [f"Medians of {settings.ROUNDS} processes each, which took turns: from start to end / "
                "CPU. The parser is linked with osgen's libraries."])
    return show_missed(missed(costs, peaks))
