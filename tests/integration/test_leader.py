# SPDX-License-Identifier: Apache-2.0
"""Who checks: one child at a time, and another one within a second when that one dies, sleeps or
belongs to yesterday's configuration."""

import os
import re
import signal

import pytest

from harness.balancer import conf, start_standins, wait_for_states
from harness.httpd import MPMS
from harness.load import Load
from harness.wait import wait_until

# The promise, from the moment in which the leader is lost to the next check of each member.
HAND_OVER = 1.0

LEADER_LINE = re.compile(r"\[pid (\d+)\] os_balancer: (this child now checks|.* -> )")
TRANSITION = re.compile(r"member (\S+): (\S+) -> (\S+): ")


def leaders(server):
    """Process ids of the children that took over the checks, in order."""
    return [int(pid) for pid in re.findall(r"\[pid (\d+)\] os_balancer: this child now checks",
                                           server.log())]


def checker(server):
    return server.status()["checker"]["pid"]


def lines_of(server, pid):
    """How many lines the process has in the error log."""
    return server.log().count(f"[pid {pid}] ")


def wait_for_a_check_each(nodes, before, limit):
    wait_until(lambda: all(node.checks() > count for node, count in zip(nodes, before)), limit,
               "a check of each member")


def assert_one_leads_at_a_time(server):
    """A child that was followed by another one writes no line of a leader any more."""
    pids = [match.group(1) for match in LEADER_LINE.finditer(server.log())]
    turns = [pid for place, pid in enumerate(pids) if place == 0 or pids[place - 1] != pid]
    assert len(turns) == len(set(turns)), turns


def assert_a_chain(server, node):
    """Each transition of the member begins where the one before ended: none is told twice."""
    steps = [match.groups()[1:] for match in TRANSITION.finditer(server.log())
             if match.group(1) == node.url]
    ends = ["unverified", *(to for _, to in steps)]
    assert [start for start, _ in steps] == ends[:-1], steps


def start(server, nodes, health, extra="StartServers 3"):
    server.configure(conf(nodes, health, extra=extra))
    server.start()
    wait_for_states(server, nodes, "up")
    wait_until(lambda: len(server.children()) >= 3, 10, "all children")


@pytest.mark.parametrize("mpm", MPMS)
def test_checks_go_on_within_a_second_when_the_checking_child_is_killed(httpd, standins, mpm):
    server = httpd(mpm=mpm)
    start(server, standins, "interval=200ms timeout=200ms fall=10")
    first = checker(server)
    assert leaders(server) == [first]
    os.kill(first, signal.SIGKILL)
    wait_for_a_check_each(standins, [node.checks() for node in standins], HAND_OVER)
    second = checker(server)
    assert second != first and leaders(server) == [first, second]
    wait_until(lambda: first not in server.children(), 5, "httpd to bury the child")
    assert [member["state"] for member in server.members().values()] == ["up", "up"]


@pytest.mark.parametrize("mpm", MPMS)
def test_a_leader_that_was_stopped_finds_itself_deposed_before_it_writes(httpd, standins, mpm):
    """It is stopped in the middle of its checks, whose time is over when it wakes: what it would
    write is that a member hangs. Meanwhile the other member has changed."""
    slow, other = standins
    server = httpd(mpm=mpm)
    server.expect(other.url + ": up -> not-deployed: ")
    start(server, standins, "interval=500ms timeout=500ms fast=100ms fall=1 rise=1")
    slow.control(delay=200)
    first, checks = checker(server), slow.checks()
    wait_until(lambda: slow.checks() > checks, 5, "a check that takes long", pause=0.005)
    os.kill(first, signal.SIGSTOP)
    try:
        wait_for_a_check_each(standins, [node.checks() for node in standins], HAND_OVER)
        other.undeploy()
        server.wait_for_state(other.url, "not-deployed", 5)
        second = checker(server)
        said = lines_of(server, first)
    finally:
        os.kill(first, signal.SIGCONT)
    checks = {url: member["checks"] for url, member in server.members().items()}
    wait_until(lambda: all(member["checks"] >= checks[url] + 5
                           for url, member in server.members().items()), 10, "more checks")
    assert first != second == checker(server) and leaders(server) == [first, second]
    assert lines_of(server, first) == said, "the old leader says nothing more"
    states = {url: member["state"] for url, member in server.members().items()}
    assert states == {slow.url: "up", other.url: "not-deployed"}
    assert len(server.transitions()) == 3, "two came up, one went out, nothing else"


@pytest.mark.parametrize("mpm", MPMS)
def test_reloads_in_a_row_flip_no_bit_and_have_one_leader_at_a_time(
        httpd, tmp_path, after_servers, mpm):
    """Users at work, one member dead, and another one that changes at each reload."""
    good, dead, restless = nodes = start_standins(after_servers, tmp_path, *["v12.2"] * 3)
    server = httpd(mpm=mpm)
    # AH00896, AH00940: a request whose member went out before it was connected, and which goes
    # elsewhere.
    server.expect(dead.url + ": up -> not-deployed: ",
                  restless.url + ": up -> database-down: ", "AH00(896|940)")
    start(server, nodes, "interval=1s timeout=1s fast=100ms rise=1 fall=1")
    dead.undeploy()
    server.wait_for_state(dead.url, "not-deployed", 5)
    with Load(server, threads=2, pause=0.02) as load:
        for db in ("refused", "ok") * 5:
            restless.control(db=db)
            server.graceful()
            answered = len(load.answers)
            state = {"refused": "database-down", "ok": "up"}[db]
            server.wait_for_state(restless.url, state, 5)
            wait_until(lambda: len(load.answers) > answered + 10, 10, "more requests")
    assert {answer for answer in load.answers if answer[0] != 200} == set()
    assert dead.node not in {node for _, node in load.answers}
    assert_one_leads_at_a_time(server)
    for node in nodes:
        assert_a_chain(server, node)
    assert len(server.transitions()) == 3 + 1 + 10


def test_children_that_live_for_five_connections_keep_the_checks_going(httpd, standins):
    """Under prefork. Each look at the status is a connection, so leaders come and go."""
    good, bad = standins
    server = httpd(mpm="prefork")
    server.expect(bad.url + ": up -> hung: ")
    start(server, standins, "interval=200ms timeout=200ms fast=100ms fall=5",
          "StartServers 3\nMinSpareServers 3\nMaxSpareServers 4\nMaxConnectionsPerChild 5")
    checks = good.checks()
    wait_until(lambda: server.status() and len(leaders(server)) >= 5, 30, "five leaders")
    bad.hang()
    server.wait_for_state(bad.url, "hung", 10)
    bad.resume()
    server.wait_for_state(bad.url, "up", 10)
    assert good.checks() > checks
    assert server.members()[good.url]["state"] == "up"
    assert_one_leads_at_a_time(server)
    assert_a_chain(server, bad)
