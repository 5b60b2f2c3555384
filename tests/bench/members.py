# SPDX-License-Identifier: Apache-2.0
"""A thousand members checked once a second, a tenth of which take connections and say nothing:
what becomes of the rhythm, and what it costs."""

import os
import statistics
import time

from harness.wait import wait_until

from . import settings
from .fleet import Fleet
from .peers import Checks, HAProxy, Hcheck, Ours
from .table import ratio, show_table
from .usage import anonymous_kb, cpu_seconds

# A check is on time if it comes at most so long after the one before.
LATEST_MS = 1100

ROWS = (
    # Who, over which protocol, what a check is to a member that answers
    (Ours, "ajp", "checks", "GET, connections kept"),
    (Ours, "http", "checks", "GET"),
    (Hcheck, "ajp", "pings", "CPING"),
    (Hcheck, "http", "requests", "GET"),
    (HAProxy, "http", "requests", "GET"),
)


def share_on_time(rows):
    """Of the checks that were made or due, those on time."""
    on_time = sum(row["count"] - row["late"] for row in rows)
    return on_time / sum(max(row["count"], settings.SECONDS) for row in rows)


def start(root, kind, urls, secret, checks):
    peer = kind(os.path.join(root, "checked" if checks else "unchecked"), urls, secret, checks)
    peer.start()
    return peer


def settled_kb(peer):
    """Memory of each process of a server, once its children have all begun."""
    last = []

    def settled():
        nonlocal last
        before, last = last, sorted(anonymous_kb(pid) for pid in peer.pids())
        time.sleep(1)
        return last == before and last

    return wait_until(settled, 30, "memory that stays the same")


def memory_without_checks(root, kind, urls, secret):
    peer = start(root, kind, urls, secret, None)
    try:
        return statistics.median(settled_kb(peer))
    finally:
        peer.stop()


def own_account(peer):
    """How many checks the module itself counts so far, and how many of them as late; None if it
    isn't asked or says nothing."""
    if not isinstance(peer, Ours):
        return None
    members = peer.members().values()
    if any("checks_late" not in member for member in members):
        return None
    return (sum(member["checks"] for member in members),
            sum(member["checks_late"] for member in members))


def own_share_on_time(before, after):
    return 1 - (after[1] - before[1]) / (after[0] - before[0]) if before and after else None


def measure(root, row, well, hung):
    kind, scheme, counted, _ = row
    urls = well.urls(scheme) + hung.urls(scheme)
    before = memory_without_checks(root, kind, urls, well.secret)
    peer = start(root, kind, urls, well.secret, Checks())
    try:
        time.sleep(settings.WARM_UP)
        pid = peer.checker()
        well.tally(LATEST_MS)
        hung.tally(LATEST_MS)
        own = own_account(peer)
        started, cpu = time.monotonic(), cpu_seconds(pid)
        time.sleep(settings.SECONDS)
        cpu, span = cpu_seconds(pid) - cpu, time.monotonic() - started
        answered = well.places(scheme, counted)
        silent = hung.places(scheme, "connections")
        return {"rate": sum(place["count"] for place in answered) / span,
                "on_time": share_on_time(answered + silent),
                "on_time_well": share_on_time(answered),
                "cpu": cpu / span,
                "memory": (anonymous_kb(pid) - before) / len(urls),
                "own": own_share_on_time(own, own_account(peer))}
    finally:
        peer.stop()


def cells(row, figures, ours):
    kind, scheme, _, question = row
    own = f" (by its own count {figures['own']:.2%})" if figures["own"] is not None else ""
    return [kind.name, f"{scheme}://, {question}", f"{figures['rate']:.0f}",
            f"{figures['on_time_well']:.1%}", f"{figures['on_time']:.1%}{own}",
            f"{figures['cpu']:.1%} ({ratio(figures['cpu'], ours['cpu'])})",
            f"{figures['memory']:.1f} kB ({ratio(figures['memory'], ours['memory'])})"]


def run(root):
    count = settings.MEMBERS
    well = Fleet(os.path.join(root, "well"), count - count // 10)
    hung = Fleet(os.path.join(root, "hung"), count // 10, skip=count - count // 10)
    hung.secret = well.secret
    hung.ajp_port, hung.http_port = well.ajp_port, well.http_port
    results = []
    try:
        well.start()
        hung.start()
        hung.control(phase="starting")
        for number, row in enumerate(ROWS):
            results.append(measure(os.path.join(root, str(number)), row, well, hung))
            print(f"  {row[0].name} {row[1]}: {results[-1]}", flush=True)
    finally:
        well.stop()
        hung.stop()
    show_table(f"{count} members at 1 s, {count // 10} of them hanging",
               ["who checks", "how", f"checks/s of the {count - count // 10} that answer",
                "of these on time", "on time, of all", "CPU, of one core",
                "private memory a member"],
               [cells(row, figures, results[0]) for row, figures in zip(ROWS, results)],
               [f"Counted at the members over {settings.SECONDS} s. On time: at most "
                f"{LATEST_MS / 1000:g} s after the one before; of a member that hangs, its "
                "connections are counted.",
                "Memory is that of the process that checks, less the same with the same members "
                "and no checks. Ratios are against the first row.",
                "mod_proxy_hcheck has no time limit of its own: the members are given timeout=1, "
                "and it 128 threads in place of its 16."])
