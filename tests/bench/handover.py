# SPDX-License-Identifier: Apache-2.0
"""The child that checks is killed: for how long is nobody checked?"""

import os
import signal
import statistics

from harness.wait import wait_until

from . import settings
from .fleet import Fleet
from .peers import Checks, Hcheck, Ours
from .table import ratio, seconds, show_table

MEMBERS = 20
LIMIT = 60

PEERS = ((Ours, "ajp", "checks"), (Hcheck, "http", "requests"))


def wait_for_checks(fleet, kind, rounds, limit=LIMIT):
    """Waits until there were so many checks of each member, on average, since the tally began."""
    wait_until(lambda: fleet.tally()["all"][kind]["count"] >= rounds * MEMBERS, limit,
               f"{rounds} rounds of checks")


def pauses(fleet, scheme, kind):
    """The longest time in s without any check, and without a check of one member."""
    one = max(row["longest_ms"] for row in fleet.places(scheme, kind))
    return fleet.tally()["all"][kind]["longest_ms"] / 1000, one / 1000


def kill_once(peer, fleet, scheme, kind):
    pid = peer.checker()
    fleet.tally(1000)
    os.kill(pid, signal.SIGKILL)
    wait_for_checks(fleet, kind, 4)
    return pauses(fleet, scheme, kind)


def measure(root, kind, scheme, counted, fleet):
    peer = kind(root, fleet.urls(scheme), fleet.secret, Checks())
    fleet.tally(1000)
    peer.start()
    try:
        wait_for_checks(fleet, counted, 5)
        fleet.tally(1000)
        wait_for_checks(fleet, counted, 5)
        before = pauses(fleet, scheme, counted)
        after = [kill_once(peer, fleet, scheme, counted)
                 for _ in range(max(1, settings.REPEATS // 2))]
    finally:
        peer.stop()
    return before, after


def cells(name, before, after, unit):
    anyone, one = zip(*after)
    return [name, seconds(before[0]), seconds(statistics.median(anyone)), seconds(max(anyone)),
            seconds(max(one)), ratio(statistics.median(anyone), unit)]


def run(root):
    fleet = Fleet(os.path.join(root, "fleet"), MEMBERS)
    results = []
    try:
        fleet.start()
        for number, (kind, scheme, counted) in enumerate(PEERS):
            results.append(measure(os.path.join(root, str(number)), kind, scheme, counted, fleet))
            print(f"  {kind.name}: {results[-1]}", flush=True)
    finally:
        fleet.stop()
    unit = statistics.median(anyone for anyone, _ in results[0][1])
    show_table("The checking child is killed (SIGKILL)",
               ["who checks", "pause between checks before", "after the kill, median", "worst",
                "worst for one member", "ratio of medians"],
               [cells(row[0].name, *result, unit) for row, result in zip(PEERS, results)],
               [f"{MEMBERS} members at 1 s; the longest time without a check, as the members saw "
                f"it, in {max(1, settings.REPEATS // 2)} kills. HAProxy is one process: if it is "
                "killed, so is the site."])
