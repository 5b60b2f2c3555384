# SPDX-License-Identifier: Apache-2.0
"""`make demo` as its user sees it: the program that the target runs, its words, its end."""

import os
import re
import signal
import socket
import sys
import urllib.request

import pytest

from demo import ALLOWED
from harness.httpd import BUILD, ROOT
from harness.ports import free_port
from harness.process import Process
from harness.wait import wait_until


def demos():
    return {name for name in os.listdir(BUILD) if name.startswith("demo-")}


@pytest.mark.parametrize("nodes", ["standin", "tomcat"])
@pytest.mark.parametrize("taken", [False, True])
def test_it_shows_a_site_and_cleans_up_after_itself(tmp_path, nodes, taken):
    before = demos()
    port = free_port()
    with socket.socket() as holder:
        if taken:
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            holder.bind(("127.0.0.1", port))
            holder.listen()
        demo = Process([sys.executable, os.path.join(ROOT, "tests", "demo.py")],
                       str(tmp_path / "demo.log"), env={"PORT": str(port), "NODES": nodes})
        try:
            wait_until(lambda: "Ctrl-C ends" in demo.output() or not demo.running, 60,
                       "the demo's text")
            assert demo.running, demo.output()
            words = demo.output()
            assert (f"Port {port} is taken" in words) == taken
            shown = int(re.search(r"http://localhost:(\d+)/openspecimen/", words).group(1))
            assert (shown == port) != taken
            for path in ("/openspecimen/", "/balancer-status", "/balancer-manager"):
                with urllib.request.urlopen(f"http://127.0.0.1:{shown}{path}", timeout=10) as page:
                    assert page.status == 200
            assert_flawless(re.search(r"The log +(.*)", words).group(1))
            processes = descendants(demo.pid)
            demo.signal(signal.SIGINT)
            wait_until(lambda: not demo.running, 30, "the demo's end")
        finally:
            demo.stop(30)
    assert "Traceback" not in demo.output()
    assert demos() == before
    assert not [pid for pid in processes if os.path.exists(f"/proc/{pid}")]


def assert_flawless(error_log):
    """No line at level error or worse, and no crash, that the demo doesn't allow for."""
    with open(error_log, encoding="utf-8") as log:
        lines = log.read().splitlines()
    assert any("resuming normal operations" in line for line in lines)
    bad = re.compile(r"^\[(?:\w+:)?(emerg|alert|crit|error)\]|exit signal ")
    assert not [line for line in lines
                if bad.search(line) and not any(re.search(allowed, line) for allowed in ALLOWED)]


def descendants(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        children = [int(word) for word in file.read().split()]
    return children + [grandchild for child in children for grandchild in descendants(child)]


def test_an_unknown_kind_of_node_is_refused(tmp_path):
    demo = Process([sys.executable, os.path.join(ROOT, "tests", "demo.py")],
                   str(tmp_path / "demo.log"), env={"NODES": "jetty"})
    wait_until(lambda: not demo.running, 30, "the demo's end")
    assert "NODES=jetty is not one of: standin, tomcat" in demo.output()
