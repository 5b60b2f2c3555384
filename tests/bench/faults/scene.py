# SPDX-License-Identifier: Apache-2.0
"""The nodes, and a balancer before them that has begun well."""

import contextlib
import http.client
import os
import shutil
import time

from harness.asking import LOCALE, over_http
from harness.httpd import BUILD
from harness.node import HOST
from harness.tomcat import Tomcat
from harness.wait import wait_until

from .arrivals import Arrivals

PLACE = os.path.join(BUILD, "bench-faults")
QUICK = 0.1        # seconds in which a node in good health answers
WARM = 200         # requests that each node has answered before users come
LONGEST_WARM = 60  # seconds


@contextlib.contextmanager
def tomcats(root):
    """Two, with as many threads as Tomcat has by itself."""
    nodes = [Tomcat(os.path.join(root, f"os{number}"), node=f"os{number}", threads=200)
             for number in (1, 2)]
    try:
        for node in nodes:
            node.keep_access_log()
            node.start()
        yield nodes
    finally:
        for node in nodes:
            node.stop()


def place(*names):
    """An empty directory for what a run leaves behind."""
    path = os.path.join(PLACE, *names)
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    return path


def _is_quick(node):
    begin = time.monotonic()
    answer = over_http(node, LOCALE)
    return answer.status == 200 and time.monotonic() - begin < QUICK


def _ask(port):
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", LOCALE, headers={"X-User": "warm", "Connection": "close"})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def _warm_up(port, nodes):
    """Until both nodes have answered enough, and nobody failed any more."""
    arrivals = [Arrivals(node) for node in nodes]
    end = time.monotonic() + LONGEST_WARM
    while time.monotonic() < end:
        statuses = {_ask(port) for _ in range(WARM // 2)}
        if statuses == {200} and all(len(one.read()) >= WARM for one in arrivals):
            return
    raise AssertionError("both nodes should answer users by now")


@contextlib.contextmanager
def running(system, root, nodes):
    """The system, started, with nodes in good health before and after."""
    for node in nodes:
        node.heal()
        wait_until(lambda: all(_is_quick(node) for _ in range(20)), 60, f"{node.node} to be quick")
    balancer = system.make(root, nodes)
    try:
        balancer.start()
        _warm_up(balancer.port, nodes)
        yield balancer
    finally:
        for node in nodes:
            node.heal()
        balancer.stop()
