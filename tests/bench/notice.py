# SPDX-License-Identifier: Apache-2.0
"""How long a member that breaks keeps its place, by what breaks, with and without users.

All balancers stand before the same two nodes, so that they meet the same fault at the same
moment."""

import contextlib
import math
import os
import random
import statistics
import sys
import time
from dataclasses import dataclass
from typing import Callable

from harness.process import Process
from harness.standin import Standin
from harness.wait import wait_until

from . import load, settings
from .peers import Checks, HAProxy, Hcheck, Ours
from .table import ratio, seconds, show_table
from .watcher import Watcher

LIMIT = 15   # s after which nobody is waited for any more
RATE = 100   # requests a second, through each balancer
CHECKS = Checks(interval=1000, fast=150, timeout=150)


@dataclass(frozen=True)
class Fault:
    name: str
    cause: Callable  # of a node
    heal: Callable


FAULTS = (
    Fault("refused (killed)", Standin.kill, Standin.start),
    Fault("hang (stopped)", Standin.hang, Standin.resume),
    Fault("undeployed (stock 404)", Standin.undeploy, Standin.deploy),
    Fault("database (500)", lambda node: node.control(db="refused"),
          lambda node: node.control(db="ok")),
)


def make_peers(root, nodes, traffic):
    secret = nodes[0].secret
    by_ajp, by_http = [node.url for node in nodes], [node.http_url for node in nodes]
    return [(Ours(os.path.join(root, "ours"), by_ajp, secret, CHECKS), by_ajp[1]),
            (Hcheck(os.path.join(root, "hcheck"), by_http, secret, CHECKS), by_http[1]),
            (HAProxy(os.path.join(root, "haproxy"), by_http, secret, CHECKS, observe=traffic),
             by_http[1])]


def wait_until_all_in(watchers):
    wait_until(lambda: all(watcher.out is False for watcher in watchers), 60,
               "everybody to take the member in")


def time_one(fault, node, watchers, chance):
    """Seconds from the fault to each watcher's seeing the member out."""
    wait_until_all_in(watchers)
    # Counts of good checks fill up, and the fault comes at any point of an interval.
    time.sleep(1.5 + chance.random())
    started = time.monotonic()
    fault.cause(node)
    end = started + LIMIT
    while time.monotonic() < end and not all(watcher.out for watcher in watchers):
        time.sleep(0.01)
    times = [watcher.since - started if watcher.out else math.inf for watcher in watchers]
    fault.heal(node)
    return times


def start_load(root, peers):
    return [Process([sys.executable, load.__file__, str(peer.port), str(RATE)],
                    os.path.join(root, f"load{number}.log"))
            for number, (peer, _) in enumerate(peers)]


def measure(root, nodes, traffic):
    """{fault: a list of times for each peer}"""
    chance = random.Random(settings.SEED)
    peers = make_peers(root, nodes, traffic)
    results = {}
    with contextlib.ExitStack() as stack:
        for peer, _ in peers:
            stack.callback(peer.stop)
            peer.start()
        watchers = [Watcher(peer, url) for peer, url in peers]
        for watcher in watchers:
            watcher.start()
            stack.callback(watcher.stop)
        if traffic:
            for process in start_load(root, peers):
                stack.callback(process.stop)
        for fault in FAULTS:
            rounds = [time_one(fault, nodes[1], watchers, chance)
                      for _ in range(settings.REPEATS)]
            results[fault.name] = list(zip(*rounds))
            print(f"  {fault.name}, {'with' if traffic else 'without'} traffic: {rounds}",
                  flush=True)
    return results


def cells(name, traffic, times):
    medians = [statistics.median(one) for one in times]
    shown = [f"{seconds(median, LIMIT)} / {seconds(max(one), LIMIT)}"
             for median, one in zip(medians, times)]
    return [name, f"{RATE}/s" if traffic else "none", *shown,
            *(ratio(median, medians[0]) for median in medians[1:])]


def run(root):
    nodes = [Standin(os.path.join(root, f"os{number}"), node=f"os{number}") for number in (1, 2)]
    nodes[1].secret = nodes[0].secret
    rows = []
    try:
        for node in nodes:
            node.start()
        for traffic in (False, True):
            results = measure(os.path.join(root, "with" if traffic else "without"), nodes, traffic)
            rows += [cells(name, traffic, times) for name, times in results.items()]
    finally:
        for node in nodes:
            node.stop()
    names = [kind.name for kind in (Ours, Hcheck, HAProxy)]
    show_table("From a fault to the member being out of rotation, median / worst",
               ["fault", "traffic", *names, *(f"{name}, ratio" for name in names[1:])], rows,
               [f"{settings.REPEATS} times each (seed {settings.SEED}), at interval 1 s and fall "
                "2; read from each one's status every 10 ms.",
                f"This module and HAProxy: fast interval and time limit {CHECKS.fast} ms. HAProxy's "
                "holds for users' connects too, or its check of who hangs takes an interval.",
                "HAProxy with traffic: `observe layer7 error-limit 3 on-error mark-down`.",
                "mod_proxy_hcheck: GET with an expression for status 200, over http:// since it "
                "speaks no AJP, and timeout=1, which cuts users' requests too."])
