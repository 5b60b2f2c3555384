# SPDX-License-Identifier: Apache-2.0
"""Failover of safe requests: no user sees what a bad member answers while another one is well."""

import pytest

from harness.asking import LOCALE
from harness.balancer import conf, wait_for_states
from harness.load import Load
from harness.wait import wait_until

# Routine checks are far apart, so that a bad member stays in until users' requests tell.
HEALTH = "interval=1s timeout=300ms fast=300ms rise=2 fall=2"

FAULTS = {
    "undeployed": (lambda node: node.undeploy(), "not-deployed"),
    "refused": (lambda node: node.control(phase="down"), "unreachable"),
    "without its database": (lambda node: node.control(db="refused"), "database-down"),
    "503": (lambda node: node.control(status=503), "failing"),
    "silent": (lambda node: node.control(phase="starting"), "hung"),
    "stopped": (lambda node: node.hang(), "hung"),
}
PROXY_ERRORS = (r"os_balancer: no (connection|whole answer|answer)",
                r"AH009(40|59)|AH00957|AH01114|AH00956")


def start(server, nodes, inside="OSBalancerFailover On budget=100%", health=HEALTH):
    server.configure(conf(nodes, health, inside=inside, extra="StartServers 2"))
    server.start()
    wait_for_states(server, nodes, "up")


@pytest.mark.parametrize("mpm", ["event", "worker", "prefork"])
@pytest.mark.parametrize("fault", FAULTS)
def test_nobody_sees_a_fault_of_one_member(httpd, standins, fault, mpm):
    good, bad = standins
    breaks, state = FAULTS[fault]
    server = httpd(mpm=mpm)
    server.expect(rf"{bad.url}: up -> {state}: ", *PROXY_ERRORS)
    start(server, standins)
    with Load(server, threads=6, pause=0.02, path=LOCALE) as load:
        wait_until(lambda: len(load.answers) > 30, 10, "the first requests")
        breaks(bad)
        try:
            server.wait_for_state(bad.url, state, 5)
            before = len(load.answers)
            wait_until(lambda: len(load.answers) > before + 30, 10, "more requests")
        finally:
            bad.resume()
            bad.control(phase="up", db="ok", status=0, deployed="on")
    assert {answer for answer in load.answers if answer[0] != 200} == set()
