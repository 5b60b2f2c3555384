# SPDX-License-Identifier: Apache-2.0
"""What `make bench-faults` runs: each fault with each system, each operation with this module, one
after the other before the same two nodes."""

import os
import sys

from .. import settings
from ..table import show_missed, show_table
from . import breaking, operations
from .chart import draw
from .scene import PLACE, tomcats
from .systems import SYSTEMS
from .users import PATIENCE, SLOW


def _choose(names, table, what):
    unknown = [name for name in names if name not in table]
    if unknown:
        sys.exit(f"no {what} is named {' '.join(unknown)}: {', '.join(table)}")
    return [name for name in table if name in names]


def _installed(keys):
    for key in keys:
        if SYSTEMS[key].missing:
            print(f"{SYSTEMS[key].name} is left out: {SYSTEMS[key].program} isn't installed")
    return [key for key in keys if not SYSTEMS[key].missing]


def _draw(name, title, results):
    """A picture with a panel for each system."""
    path = os.path.join(PLACE, name + ".svg")
    with open(path, "w", encoding="utf-8") as out:
        out.write(draw(title, [result.panel for result in results.values()]))


def _run_all(module, table, names, keys, nodes):
    """{name: {key: result}}"""
    found = {}
    for name in names:
        found[name] = {key: module.run(key, SYSTEMS[key], name, nodes) for key in keys}
        _draw(name, f"{name}: {table[name].name}", found[name])
    return found


def _all(found):
    return [result for results in found.values() for result in results.values()]


def _client(found):
    """How well the users kept their time: the figures are as good as that."""
    late = max(result.users.late for result in _all(found))
    cpu = max(result.users.cpu for result in _all(found))
    return (f"Each request was begun within {late * 1000:.0f} ms of being due, by a client that "
            f"took {cpu:.0%} of a core at most.")


def _show_faults(found, keys):
    rows = [[SYSTEMS[key].name, *(str(found[name][key].figures) for name in found)]
            for key in keys]
    requests = {result.figures.requests for result in _all(found)}
    show_table("Member 2 of two breaks under load: failed / slow, worst", ["who balances", *found],
               rows, [f"Of {' or '.join(map(str, sorted(requests)))} GETs each, {settings.RATE} a "
                      "second, each on a connection of its own; it breaks at "
                      f"{settings.BREAK} s and heals at {settings.HEAL} s of {settings.END} s.",
                      f"failed: not 200, or not within {PATIENCE:g} s; slow: over {SLOW:g} s, "
                      "failed or not; worst: the longest time, waited for until "
                      f"{settings.TAIL} s after the last request.",
                      *(f"{name}: {breaking.FAULTS[name].name}" for name in found),
                      "All wait 180 s for an answer; nginx and HAProxy wait 1 s for a "
                      "connection; httpd has its built-in numbers of processes and threads.", _client(found)])
    show_table("Seconds from its being healed to its first user", ["who balances", *found],
               [[SYSTEMS[key].name, *(breaking.back_text(found[name][key].back)
                                      for name in found)] for key in keys],
               ["–: no user came before the end. kill: from its being started, connectors and "
                "all."])


def _show_operations(found, keys):
    rows = [[operations.OPERATIONS[name].name, SYSTEMS[key].name, str(result.figures.requests),
             str(result.figures), result.told]
            for name, results in found.items() for key, result in results.items()]
    show_table("Under load", ["what happens", "who balances", "requests", "failed / slow, worst",
                              "beside"], rows,
               ["A 500 that tells of the database isn't counted as failed while there is none.",
                _client(found)])


def _missed(found):
    return [f"{name}, {SYSTEMS[key].name}: {words}" for name, results in found.items()
            for key, result in results.items() for words in result.missed]


def run(root):
    """Returns whether this module kept to its bar."""
    chosen = _choose(settings.FAULTS, {**breaking.FAULTS, **operations.OPERATIONS}, "fault")
    keys = _installed(_choose(settings.SYSTEMS, SYSTEMS, "system"))
    own = [key for key in keys if SYSTEMS[key].ours]
    with tomcats(root) as nodes:
        faults = _run_all(breaking, breaking.FAULTS,
                          [name for name in chosen if name in breaking.FAULTS], keys, nodes)
        works = _run_all(operations, operations.OPERATIONS,
                         [name for name in chosen if name in operations.OPERATIONS],
                         own, nodes) if own else {}
    if faults:
        _show_faults(faults, keys)
    if works:
        _show_operations(works, own)
    print(f"A picture of each: {PLACE}/*.svg; what each run left behind lies beside it.")
    return not own or show_missed(_missed(faults) + _missed(works))
