# SPDX-License-Identifier: Apache-2.0
"""An AJP member that is well is asked on one connection, check after check, and its end is news."""

import time

import pytest

from harness.balancer import conf, served_by, wait_for_states
from harness.httpd import MPMS
from harness.wait import wait_until


def start(server, nodes, health):
    server.configure(conf(nodes, health))
    server.start()
    wait_for_states(server, nodes, "up")


def wait_for_checks(node, count):
    end = node.checks() + count
    wait_until(lambda: node.checks() >= end, 10, f"{count} checks")


def connections(node):
    return node.tally()["connections"]["count"]


@pytest.mark.parametrize("mpm", MPMS)
def test_checks_of_a_member_that_is_well_share_a_connection(httpd, standins, mpm):
    server = httpd(mpm=mpm)
    start(server, standins, "interval=200ms timeout=200ms fast=100ms")
    for node in standins:
        wait_for_checks(node, 2)
    before = [connections(node) for node in standins]
    for node in standins:
        wait_for_checks(node, 10)
    assert [connections(node) for node in standins] == before
    server.graceful()
    for node in standins:
        wait_for_checks(node, 5)
    assert [connections(node) - count for node, count in zip(standins, before)] == [1, 1], \
        "the new children have their own"


def test_a_check_that_fails_is_followed_by_one_on_a_connection_of_its_own(httpd, standins):
    node = standins[1]
    server = httpd()
    server.expect(node.url + ": up -> database-down")
    start(server, standins, "interval=200ms timeout=200ms fast=100ms")
    node.control(db="refused")
    server.wait_for_state(node.url, "database-down", 5)
    node.tally(begin=1000)
    wait_for_checks(node, 5)
    counts = node.tally()
    assert counts["connections"]["count"] >= counts["checks"]["count"] - 1
    assert counts["pings"]["count"] >= counts["checks"]["count"] - 1, "the whole ladder"
    node.control(db="ok")
    server.wait_for_state(node.url, "up", 5)


def test_the_end_of_a_node_that_nobody_uses_is_known_long_before_its_next_check(httpd, standins):
    good, bad = standins
    server = httpd()
    server.expect(bad.url + ": up -> unreachable")
    start(server, standins, "interval=1m timeout=1s fast=100ms down=200ms rise=2 fall=2")
    bad.kill()
    server.wait_for_state(bad.url, "unreachable", 2)
    assert served_by(server) == {good.node}
    assert server.members()[bad.url]["checks_hinted"] == 0, "no user told"
    bad.start()
    server.wait_for_state(bad.url, "up", 5)


def test_a_member_that_closes_connections_and_is_well_is_checked_at_its_usual_pace(
        httpd, standins):
    """It was started again so fast that no check found it missing. From then on each check of it
    has a connection of its own, whose end is no news."""
    node = standins[0]
    server = httpd()
    start(server, [node], "interval=3s timeout=1s fast=1s")
    wait_for_checks(node, 1)
    checked = time.monotonic()
    node.kill()
    node.start()
    assert time.monotonic() < checked + 0.8, "soon enough"
    wait_until(lambda: node.checks() >= 1, 2, "a check before its time")
    wait_for_checks(node, 2)
    counts = node.tally()
    assert counts["connections"]["count"] == counts["checks"]["count"] == 3
    assert counts["checks"]["longest_ms"] > 2000, "at the interval's pace again"
    assert len(server.transitions()) == 1, "it came up, and never went out"
