# SPDX-License-Identifier: Apache-2.0
"""A member that is about to take users is asked for the warm-up paths first."""

import contextlib
import http.server
import os
import signal
import threading

import pytest

from harness.balancer import conf, served_by, told, wait_for_states
from harness.httpd import MPMS
from harness.wait import wait_until

HEALTH = "interval=500ms fast=100ms timeout=500ms"
SLOW = "/rest/ng/slow?ms=1000"
QUICK = "/rest/ng/echo"


def start(server, nodes, paths):
    server.configure(conf(nodes, f"{HEALTH} warmup={paths}", extra="StartServers 2"))
    server.start()
    wait_for_states(server, nodes, "up")


def flags(server, node):
    return server.members()[node.url]["flags"]


def is_covered(server, node):
    """Whether NODE has been up for longer than an interval."""
    member = server.members()[node.url]
    return member["state"] == "up" and member["checks"] >= 4


def fail(server, node):
    node.undeploy()
    server.expect(node.url + ": up -> not-deployed: ")
    server.wait_for_state(node.url, "not-deployed", 5)


def bring_back(server, well, cold):
    """COLD goes out and comes back; returns when it is warmed up."""
    fail(server, cold)
    wait_until(lambda: is_covered(server, well), 5, "the other to be up for a while")
    cold.deploy()
    wait_until(lambda: "warming" in flags(server, cold), 5, "the warm-up")


@pytest.mark.parametrize("mpm", MPMS)
def test_a_member_that_comes_back_is_warmed_up_before_it_takes_users(httpd, standins, mpm):
    well, cold = standins
    server = httpd(mpm=mpm)
    start(server, standins, f"{QUICK},{SLOW}")
    bring_back(server, well, cold)
    assert server.members()[cold.url]["state"] == "not-deployed"
    assert "warming up" in server.request("/balancer-status").text
    assert served_by(server) == {well.node}
    assert "warming" in flags(server, cold), "or the requests prove nothing"
    server.wait_for_state(cold.url, "up", 5)
    assert flags(server, cold) == []
    assert served_by(server) == {node.node for node in standins}
    assert len(told(server, cold.url + ": warmed up in 1")) == 1


@contextlib.contextmanager
def recorder():
    """A member that answers as OpenSpecimen does, or as Tomcat without it; yields its port, the
    switch and the paths that it was asked for."""
    paths, switch = [], {"deployed": False}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            paths.append(self.path)
            deployed = switch["deployed"]
            body = b'{"locale": "en_US"}' if deployed else b"<html>"
            self.send_response(200 if deployed else 404)
            self.send_header("Content-Type", "application/json" if deployed else "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, switch, paths
        server.shutdown()


def test_the_paths_come_in_their_order_and_once_each(httpd, standins):
    well = standins[0]
    with recorder() as (port, switch, paths):
        url = f"http://127.0.0.1:{port}/specimens"
        server = httpd()
        server.configure(conf([well], f"{HEALTH} warmup=/,/a%20b?x=1&y=/2,/c",
                              inside=f"BalancerMember {url}"))
        server.expect(url + ": unverified -> (not-deployed|failing|foreign)")
        server.start()
        wait_for_states(server, [well], "up")
        wait_until(lambda: is_covered(server, well), 5, "the other to be up for a while")
        switch["deployed"] = True
        server.wait_for_state(url, "up", 5)
        asked = [path for path in paths if "/config-settings/" not in path]
        assert asked == ["/specimens/", "/specimens/a%20b?x=1&y=/2", "/specimens/c"]
        server.stop()


def test_a_start_of_the_server_warms_nobody_up(httpd, standins):
    server = httpd()
    start(server, standins, SLOW)
    assert told(server, "unverified -> up") and not told(server, "warm")


def test_the_only_member_that_is_up_is_not_kept_waiting(httpd, standins):
    server = httpd()
    start(server, standins, SLOW)
    for node in standins:
        fail(server, node)
    standins[0].deploy()
    server.wait_for_state(standins[0].url, "up", 5)
    assert not told(server, "warm")


def test_a_member_that_a_reload_adds_is_warmed_up(httpd, standins):
    well, new = standins
    server = httpd()
    start(server, [well], SLOW)
    wait_until(lambda: is_covered(server, well), 5, "the first to be up for a while")
    server.configure(conf(standins, f"{HEALTH} warmup={SLOW}"))
    server.graceful()
    wait_until(lambda: new.url in server.members() and "warming" in flags(server, new), 5,
               "the warm-up")
    assert served_by(server) == {well.node}
    server.wait_for_state(new.url, "up", 5)


def test_an_http_member_is_warmed_up_and_a_long_answer_does(httpd, standins):
    well, cold = standins
    server = httpd()
    server.configure(conf([well], f"{HEALTH} warmup=/rest/ng/bytes?n=3000000,{QUICK}",
                          inside=f"BalancerMember {cold.http_url}"))
    server.start()
    for url in (well.url, cold.http_url):
        server.wait_for_state(url, "up", 5)
    server.expect(cold.http_url + ": up -> not-deployed: ")
    cold.undeploy()
    server.wait_for_state(cold.http_url, "not-deployed", 5)
    wait_until(lambda: is_covered(server, well), 5, "the other to be up for a while")
    cold.deploy()
    server.wait_for_state(cold.http_url, "up", 5)
    assert len(told(server, cold.http_url + ": warmed up in ")) == 1


def test_a_member_that_ends_in_its_warm_up_stays_out(httpd, standins):
    well, cold = standins
    server = httpd()
    start(server, standins, f"/rest/ng/slow?ms=600000,{QUICK}")
    server.expect("warm-up broke off", cold.url + ": not-deployed -> unreachable")
    bring_back(server, well, cold)
    cold.kill()
    server.wait_for_state(cold.url, "unreachable", 5)
    line, = told(server, "warm-up broke off")
    assert line.startswith("[") and "no answer for /rest/ng/slow?ms=600000" in line
    assert flags(server, cold) == []


def test_the_next_leader_begins_the_warm_up_anew(httpd, standins):
    well, cold = standins
    server = httpd()
    start(server, standins, f"{SLOW},{SLOW}")
    bring_back(server, well, cold)
    os.kill(server.status()["checker"]["pid"], signal.SIGKILL)
    server.wait_for_state(cold.url, "up", 10)
    assert len(told(server, cold.url + ": warmed up in 2")) == 1
