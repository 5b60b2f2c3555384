# SPDX-License-Identifier: Apache-2.0
"""What operators do, and what befalls all members at once, with users at work: nobody pays for it,
and nobody's request is sent more often than there is a reason to."""

import contextlib
import time

import pytest

from harness import manager
from harness.asking import LOCALE, REST
from harness.balancer import ECHO, FAILOVER_ERRORS, conf, wait_for_states
from harness.crowd import Member
from harness.httpd import MPMS
from harness.load import Load
from harness.manager import Manager
from harness.wait import wait_until

HEALTH = "interval=1s timeout=500ms fast=200ms rise=2 fall=2"
SCHEMES = ("ajp", "http")


def start(server, members, health=HEALTH, inside="OSBalancerFailover On"):
    server.expect(*FAILOVER_ERRORS)
    server.configure(conf(members, health, inside=inside,
                          extra="StartServers 2\n" + manager.CONF))
    server.start()
    wait_for_states(server, members, "up")


def members_of(standins, scheme):
    return [Member(node.url if scheme == "ajp" else node.http_url, node.secret)
            for node in standins]


@contextlib.contextmanager
def users(server):
    """Who read and who write, at a moderate rate."""
    with Load(server, threads=4, pause=0.02) as readers, \
            Load(server, threads=4, pause=0.02, method="POST", body=b"x" * 20000) as writers:
        yield readers, writers


def wait_for_more(loads, count=40):
    before = [len(load.answers) for load in loads]
    wait_until(lambda: all(len(load.answers) >= had + count for load, had in zip(loads, before)),
               20, "more answers")


def wait_for_calm(server, url, span=0.5):
    """Waits until the member has got no request for SPAN seconds. mod_proxy's own count of those
    under way isn't exact: its processes don't keep it together."""
    seen = [None, 0]

    def is_calm():
        now, count = time.monotonic(), server.members()[url]["requests"]
        if count != seen[0]:
            seen[:] = count, now
        return now - seen[1] >= span
    wait_until(is_calm, 10, "the drain")


def failed(*loads):
    return [answer for load in loads for answer in load.answers if answer[0] != 200]


@pytest.mark.parametrize("mpm, scheme", [*((mpm, "ajp") for mpm in MPMS), ("event", "http")])
def test_a_rolling_restart_fails_nothing(httpd, standins, mpm, scheme):
    server, members = httpd(mpm=mpm), members_of(standins, scheme)
    server.expect("up -> unreachable: ")
    start(server, members)
    operator = Manager(server)
    with users(server) as loads:
        for node, member in zip(standins, members):
            wait_for_more(loads)
            operator.switch(member.url, N=True)
            wait_for_calm(server, member.url)
            node.stop()
            server.wait_for_state(member.url, "unreachable", 10)
            wait_for_more(loads)
            node.start()
            server.wait_for_state(member.url, "up", 10)
            operator.switch(member.url, N=False)
            served = server.members()[member.url]["requests"]
            wait_until(lambda: server.members()[member.url]["requests"] > served, 10, "its users")
    assert failed(*loads) == []
    assert {name for load in loads for _, name in load.answers} == {"os1", "os2"}


@pytest.mark.parametrize("mpm", MPMS)
def test_a_reload_while_a_member_is_dead_fails_nothing(httpd, standins, mpm):
    """It dies unannounced, and httpd reloads before anybody knows and after."""
    bad = standins[1]
    server = httpd(mpm=mpm)
    server.expect(bad.url + ": up -> unreachable: ")
    start(server, standins, inside="OSBalancerFailover On budget=100%")
    # Some are always on their way.
    with Load(server, threads=8, path=REST + "/slow?ms=50") as load:
        wait_for_more([load])
        bad.kill()
        server.graceful()
        wait_for_more([load])
        server.wait_for_state(bad.url, "unreachable", 10)
        server.graceful()
        wait_for_more([load])
    assert failed(load) == []


def arrivals(standins):
    """Users' requests that came by AJP."""
    tallies = [node.tally() for node in standins]
    return sum(tally["requests"]["count"] - tally["checks"]["count"] for tally in tallies)


def test_without_their_database_members_stay_in_and_hear_each_request_once(httpd, standins):
    server = httpd()
    server.expect("up -> database-down: ", "no member has its database")
    start(server, standins, inside="OSBalancerFailover On budget=20%")
    with Load(server, threads=4, pause=0.01, path=LOCALE) as load:
        wait_for_more([load])
        for node in standins:
            node.tally(begin=60000)
            node.control(db="refused")
        wait_until(lambda: server.status()["balancers"][0]["shared_cause"], 10, "the alarm")
        wait_for_more([load], 100)
    storm = arrivals(standins)
    seen = [status for status, _ in load.answers].count(500)
    assert seen >= 100 and storm <= 1.2 * seen + 30, "retries are rare before the alarm"
    for node in standins:
        node.tally(begin=60000)
    with Load(server, threads=4, pause=0.01, path=LOCALE) as load:
        wait_for_more([load], 100)
    assert {status for status, _ in load.answers} == {500}
    assert arrivals(standins) == len(load.answers), "each goes to one member, once"
    assert all(member["serves"] and member["flags"] == [] and member["state"] == "database-down"
               for member in server.members().values())
    assert server.request(ECHO).status == 200, "what needs no database"
