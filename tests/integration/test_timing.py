# SPDX-License-Identifier: Apache-2.0
"""When members are checked, counted by the members themselves: each at its own pace, spread over the
interval, never two checks of one at a time; and a check that comes late says so."""

import resource
import time

import pytest

from harness.balancer import conf, served_by, start_standins, wait_for_states
from harness.sockets import connections_to, silent_places
from harness.wait import wait_until


# The page's words for the flag `slow`.
SLOW = "much slower than its peers"


def start(server, nodes, health):
    server.configure(conf(nodes, health))
    server.start()
    wait_for_states(server, nodes, "up")


def checks_while(node, other, count):
    """How many checks NODE sees while OTHER sees COUNT."""
    before, end = node.checks(), other.checks() + count
    wait_until(lambda: other.checks() >= end, 20, "checks of the other", pause=0.005)
    return node.checks() - before


# Interval and down, and how many checks a member that is out may have while one that is up has 15.
PACES = {
    "slower": ("interval=200ms", "down=1s", 1, 5),
    "faster": ("interval=1s", "down=200ms", 45, 100),
    "alike": ("interval=200ms", "", 10, 20),
}


@pytest.mark.parametrize("pace", PACES)
def test_a_member_that_is_out_is_checked_at_its_own_pace(httpd, standins, pace):
    up, out = standins
    interval, down, least, most = PACES[pace]
    server = httpd()
    server.expect(out.url + ": up -> not-deployed: ")
    start(server, standins, f"{interval} {down} timeout=200ms fast=100ms rise=1 fall=1")
    out.undeploy()
    server.wait_for_state(out.url, "not-deployed", 5)
    assert least <= checks_while(out, up, 15 if pace != "faster" else 10) <= most


def test_checks_come_fast_while_a_verdict_is_changing(httpd, standins):
    """Ten checks that decide would take twenty seconds at the interval's pace."""
    node = standins[0]
    server = httpd()
    server.expect(node.url + ": up -> not-deployed: ")
    start(server, [node], "interval=2s timeout=1s fast=100ms rise=10 fall=10")
    for change, streak, state in ((node.undeploy, "consecutive_bad", "not-deployed"),
                                  (node.deploy, "consecutive_good", "up")):
        change()
        wait_until(lambda name=streak: 0 < server.members()[node.url][name] < 10, 5, "the first")
        server.wait_for_state(node.url, state, 2)


# A switch, and how many connections one check of such a member has at most: where the database is
# silent, the webapp is asked beside it.
SILENCES = {"nothing is answered": ({"phase": "starting"}, 1), "no database": ({"db": "hang"}, 2)}


@pytest.mark.parametrize("silence", SILENCES)
def test_there_are_never_two_checks_of_one_member(httpd, standins, silence):
    """Each takes longer than the time after which the next one would be due."""
    node = standins[0]
    switches, most = SILENCES[silence]
    server = httpd()
    start(server, [node], "interval=400ms timeout=400ms fast=100ms fall=100")
    node.control(**switches)
    failed = server.members()[node.url]["checks_failed"]
    seen = set()

    def look():
        seen.add(connections_to(node.ajp_port))
        return server.members()[node.url]["checks_failed"] >= failed + 6

    wait_until(look, 10, "six checks in vain", pause=0.001)
    assert max(seen) == most


def test_twenty_members_are_spread_over_the_interval(httpd, tmp_path, after_servers):
    """All at once at the start, to know them, and then a third of them in any fifth of the interval
    at most."""
    nodes = start_standins(after_servers, tmp_path, *["v12.2"] * 20)
    server = httpd()
    server.configure(conf(nodes, "interval=2s timeout=1s"))
    server.start()
    seen = {}

    def look():
        for url, member in server.members().items():
            seen.setdefault((url, member["checks"]), time.monotonic())
        return all((node.url, 3) in seen for node in nodes)

    wait_until(look, 10, "three checks of each", pause=0.005)
    first, second, third = ([seen[node.url, count] for node in nodes] for count in (1, 2, 3))
    assert max(first) - min(first) < 0.2, "the first ones at once"
    for times in (second, third):
        for begin in times:
            assert sum(begin <= moment < begin + 0.4 for moment in times) <= 20 / 3


def test_a_member_whose_checks_take_long_is_called_slow_and_serves(
        httpd, tmp_path, after_servers):
    """An average over some checks is what counts, in both directions."""
    nodes = start_standins(after_servers, tmp_path, *["v12.2"] * 3)
    slow = nodes[2]
    server = httpd()
    start(server, nodes, "interval=600ms timeout=600ms fast=100ms fall=5")
    assert [member["flags"] for member in server.members().values()] == [[], [], []]
    slow.control(delay=300)
    wait_until(lambda: "slow" in server.members()[slow.url]["flags"], 10, "the flag")
    flags = {url: member["flags"] for url, member in server.members().items()}
    assert flags == {node.url: ["slow"] if node is slow else [] for node in nodes}
    assert server.request("/balancer-status").text.count(SLOW) == 1
    assert server.members()[slow.url]["serves"]
    assert served_by(server) == {node.node for node in nodes}
    slow.control(delay=0)
    wait_until(lambda: server.members()[slow.url]["flags"] == [], 15, "the end of the flag")
    assert SLOW not in server.request("/balancer-status").text
    assert len(server.transitions()) == 3


def test_checks_that_come_late_say_so_and_take_nobody_out(httpd, standins, after_servers):
    """Forty members that hang, and descriptors for a handful of checks at a time."""
    silent = silent_places(after_servers, 40)
    server = httpd()
    server.expect("unverified -> starting", "starting -> unreachable")
    lines = "\n".join(f"BalancerMember ajp://{place}/openspecimen" for place in silent)
    server.configure(conf(standins, "interval=500ms timeout=500ms fast=100ms rise=1 fall=2",
                          inside=lines))
    server.start()
    wait_for_states(server, standins, "up")
    assert {member["checks_late"] for member in server.members().values()} == {0}
    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (64, 64))
    server.graceful()
    wait_until(lambda: all(member["checks_late"] >= 2 for member in server.members().values()), 20,
               "late checks of each")
    for node in standins:
        member = server.members()[node.url]
        assert member["state"] == "up" and member["checks_failed"] == 0
    assert {member["last_check"]["outcome"] for url, member in server.members().items()
            if url.startswith("ajp://127.0.2.")} == {"silent"}
