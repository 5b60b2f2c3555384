# SPDX-License-Identifier: Apache-2.0
"""Each fault of a real Tomcat: the right state's name, on the page and in the JSON, the member out
in time and back in time."""

import html
import re
import time
from dataclasses import dataclass
from typing import Callable

import pytest

from harness.node import Node
from harness.wait import wait_until

INTERVAL, FAST, TIMEOUT, RISE, FALL = 1.0, 0.2, 1.0, 2, 2
HEALTH = "{interval: 1s, fast: 200ms, timeout: 1s, rise: 2, fall: 2}"

# From the fault's moment, which may be right after a check, until the page tells of it.
OUT_WITHIN = FALL * INTERVAL + TIMEOUT
BACK_WITHIN = RISE * INTERVAL + 1.0
# What a loaded machine may add to either: an allowance for the test, not a part of the promise.
ALLOWANCE = 0.5
# How long a JVM may take to start Tomcat, and the checks to name what became of it.
JVM_START = 20.0
# What a check may find while a Tomcat is started.
STARTING = ("unreachable", "hung", "starting")


def restart(node, **options):
    node.kill()
    node.start(**options)


def restart_with_the_other_secret(node, wait):
    """The wrong one in place of the right one, or the other way round."""
    node.secret = node.secret[::-1]
    restart(node, wait=wait)


@dataclass(frozen=True)
class Fault:
    """How it comes, the state that it must be called, how it goes; for one that comes or goes
    with a start, the states that may come between; how soon it must have its name, in seconds."""
    comes: Callable[[Node], None]
    state: str
    goes: Callable[[Node], None]
    between: tuple = ()
    named_within: float = OUT_WITHIN

    def transitions(self, node):
        """Patterns of the warnings that are right when NODE has it."""
        member, bad = re.escape(node.url), "|".join({*self.between, self.state})
        patterns = [rf"os_balancer: .*{member}: up -> ({bad}): "]
        if self.between:
            patterns.append(rf"os_balancer: .*{member}: ({bad}) -> ({bad}): ")
        return patterns


FAULTS = {
    "kill": Fault(lambda node: node.kill(), "unreachable", restart, STARTING),
    "failed start": Fault(lambda node: restart(node, wait=False, start_fault="fail"),
                          "not-deployed", restart, STARTING, JVM_START),
    "wrong secret": Fault(lambda node: restart_with_the_other_secret(node, wait=False),
                          "forbidden", lambda node: restart_with_the_other_secret(node, wait=True),
                          STARTING, JVM_START),
    "hang": Fault(lambda node: node.hang(), "hung", lambda node: node.resume()),
    "undeploy": Fault(lambda node: node.undeploy(), "not-deployed", lambda node: node.deploy()),
    "database refused": Fault(lambda node: node.control(db="refused"), "database-down",
                              lambda node: node.control(db="ok")),
    "database hang": Fault(lambda node: node.control(db="hang"), "stalled",
                           lambda node: node.control(db="ok")),
    "SQL failed midway": Fault(lambda node: node.control(db="sqlerror"), "failing",
                               lambda node: node.control(db="ok")),
    "another exception": Fault(lambda node: node.control(db="error"), "failing",
                               lambda node: node.control(db="ok")),
    "all threads busy": Fault(lambda node: node.control(busy="on"), "hung",
                              lambda node: node.control(busy="off")),
    "a page that is not OpenSpecimen's": Fault(lambda node: node.control(body="html"), "foreign",
                                               lambda node: node.control(body="ok")),
}


def assert_told(one, node, state):
    """The page and the JSON agree that NODE is in this STATE and gets no requests, and why."""
    member = one.wait_for_state(node, state, 0)
    page = html.unescape(one.request("/balancer-status").text)
    assert not member["serves"]
    assert f">{state}</span>" in page and member["reason"] and member["reason"] in page


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_and_the_member_leaves_and_returns_in_time(site, tomcats, name):
    fault = FAULTS[name]
    good, bad = tomcats
    one = site(tomcats, health=HEALTH)
    one.httpd.expect(*fault.transitions(bad))
    one.start()
    one.wait_until_up()
    try:
        fault.comes(bad)
        broken = time.monotonic()
        wait_until(lambda: not one.member(bad)["serves"], OUT_WITHIN + ALLOWANCE, "it to be out")
        assert time.monotonic() - broken <= OUT_WITHIN + ALLOWANCE
        one.wait_for_state(bad, fault.state,
                           broken + fault.named_within + ALLOWANCE - time.monotonic())
        assert_told(one, bad, fault.state)
        assert one.served_by() == {good.node}
    finally:
        fault.goes(bad)
    mended = time.monotonic()
    one.wait_for_state(bad, "up", BACK_WITHIN + ALLOWANCE)
    assert time.monotonic() - mended <= BACK_WITHIN + ALLOWANCE
    assert one.served_by() == {good.node, bad.node}


def test_a_slow_start_is_starting_until_it_is_up(site, tomcats):
    good, bad = tomcats
    one = site(tomcats, health=HEALTH)
    one.httpd.expect(*FAULTS["kill"].transitions(bad))
    one.start()
    one.wait_until_up()
    bad.kill()
    one.wait_for_state(bad, "unreachable", OUT_WITHIN + ALLOWANCE)
    assert_told(one, bad, "unreachable")
    bad.start(wait=False, start_fault="slow:4")
    one.wait_for_state(bad, "starting", 10)
    assert_told(one, bad, "starting")
    assert one.served_by() == {good.node}
    one.wait_for_state(bad, "up", 15)
    members, _ = one.request("/balancer-status").text.split("<h2>Journal</h2>")
    assert ">starting</span>" not in members
    assert one.served_by() == {good.node, bad.node}


def test_a_lockdown_keeps_the_member_up(site, tomcats):
    one = site(tomcats, health=HEALTH)
    one.start()
    one.wait_until_up()
    tomcats[1].control(lockdown="on")
    checks = one.member(tomcats[1])["checks"]
    wait_until(lambda: one.member(tomcats[1])["checks"] > checks + 2, 10, "three more checks")
    assert one.member(tomcats[1])["state"] == "up"


def test_when_the_database_is_down_for_all_nobody_is_taken_out(site, tomcats):
    one = site(tomcats, health=HEALTH)
    one.httpd.expect(*(rf"{re.escape(node.url)}: up -> database-down: " for node in tomcats),
                     "no member has its database")
    one.start()
    one.wait_until_up()
    for node in tomcats:
        node.control(db="refused")
    for node in tomcats:
        one.wait_for_state(node, "database-down", OUT_WITHIN + ALLOWANCE)
    answers = {one.request("/openspecimen/rest/ng/config-settings/locale").status
               for _ in range(10)}
    assert answers == {500}, "OpenSpecimen's own error reaches the user, not a 503"
