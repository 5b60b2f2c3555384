# SPDX-License-Identifier: Apache-2.0
"""Members at run time: those that an operator adds in balancer-manager are checked like all others,
and an operator's own switches stay as they were set."""

import pytest

from harness import manager
from harness.balancer import ECHO, conf, journal, served_by, wait_for_states
from harness.httpd import MPMS
from harness.load import Load
from harness.manager import Manager
from harness.standin import Standin
from harness.wait import wait_until

HEALTH = "interval=1s fast=100ms timeout=1s"
WITHIN = 1.0  # seconds: one interval
ALLOWANCE = 0.5

# The bits that are ours, and mod_proxy's word for a member that has none in its way.
OURS = {"HcFl", "Err", "Ok"}


def start(server, nodes, health=HEALTH, inside="ProxySet growth=3"):
    server.configure(conf(nodes, health, inside=inside,
                          extra="StartServers 3\n" + manager.CONF))
    server.start()
    wait_for_states(server, nodes, "up")
    return Manager(server)


def newcomer(tmp_path, after_servers):
    """A node that nobody knows yet. It is added by HTTP, since balancer-manager can't tell httpd an
    AJP secret."""
    node = Standin(tmp_path / "standin3", node="os3")
    after_servers.callback(node.stop)
    node.start()
    return node


@pytest.mark.parametrize("mpm", MPMS)
def test_an_added_member_is_shown_and_checked_within_an_interval(
        httpd, standins, tmp_path, after_servers, mpm):
    node = newcomer(tmp_path, after_servers)
    server = httpd(mpm=mpm)
    operator = start(server, standins)
    operator.add(node.http_url)
    member = server.wait_for_state(node.http_url, "up", WITHIN + ALLOWANCE)
    assert member["flags"] == ["disabled"] and not member["serves"]
    assert member["build"]["version"] == node.build
    assert served_by(server) == {one.node for one in standins}
    event = journal(server, "state")[-1]
    assert (event["member"], event["from"], event["to"]) == (node.http_url, "unverified", "up")
    checks = member["checks"]
    wait_until(lambda: server.members()[node.http_url]["checks"] >= checks + 3, 5, "more checks")
    operator.switch(node.http_url, D=False)
    assert served_by(server) == {one.node for one in (*standins, node)}


@pytest.mark.parametrize("mpm", MPMS)
def test_an_added_member_takes_users_once_it_is_up_and_not_before(
        httpd, standins, tmp_path, after_servers, mpm):
    """Though it is enabled before anybody can have checked it."""
    node = newcomer(tmp_path, after_servers)
    node.undeploy()
    server = httpd(mpm=mpm)
    server.expect(node.http_url + ": unverified -> not-deployed")
    operator = start(server, standins)
    with Load(server, threads=2, pause=0.02) as load:
        operator.add(node.http_url)
        operator.switch(node.http_url, D=False)
        server.wait_for_state(node.http_url, "not-deployed", 5)
        answered = len(load.answers)
        wait_until(lambda: len(load.answers) > answered + 30, 10, "more requests")
        assert node.node not in {name for _, name in load.answers}
        node.deploy()
        server.wait_for_state(node.http_url, "up", 5)
        wait_until(lambda: node.node in {name for _, name in load.answers}, 5, "requests for it")
    assert {status for status, _ in load.answers} == {200}


@pytest.mark.parametrize("mpm", ["event", "prefork"])
def test_users_requests_at_an_added_member_are_evidence_too(
        httpd, standins, tmp_path, after_servers, mpm):
    """Whichever child they come by: most children haven't looked at the balancer since."""
    node = newcomer(tmp_path, after_servers)
    server = httpd(mpm=mpm)
    server.expect(node.http_url + ": up -> not-deployed")
    operator = start(server, standins, health="interval=1m fast=200ms timeout=1s")
    operator.add(node.http_url)
    server.wait_for_state(node.http_url, "up", 5)
    operator.switch(node.http_url, D=False)
    with Load(server, threads=4, pause=0.02) as load:
        wait_until(lambda: server.members()[node.http_url]["requests"] > 5, 5, "requests for it")
        node.undeploy()
        member = server.wait_for_state(node.http_url, "not-deployed", 1.5)
    assert member["checks_hinted"] >= 1 and len(load.answers) > 15


def test_an_added_member_survives_a_reload_where_httpd_keeps_it(
        httpd, standins, tmp_path, after_servers):
    node = newcomer(tmp_path, after_servers)
    server = httpd()
    server.configure(conf(standins, HEALTH, inside="ProxySet growth=3",
                          extra="BalancerPersist On\n" + manager.CONF))
    server.start()
    operator = Manager(server)
    wait_for_states(server, standins, "up")
    operator.add(node.http_url)
    before = server.wait_for_state(node.http_url, "up", 5)
    server.graceful()
    after = server.members()[node.http_url]
    assert after["state"] == "up" and after["since"] == before["since"]
    assert after["checks"] >= before["checks"] and after["flags"] == ["disabled"]


@pytest.mark.parametrize("letter, flag", [("D", "disabled"), ("N", "draining"), ("S", "stopped")])
def test_an_operators_switch_stays_while_the_member_goes_down_and_comes_back(
        httpd, standins, letter, flag):
    other, node = standins
    server = httpd()
    server.expect(node.url + ": up -> unreachable: ")
    operator = start(server, standins)
    assert operator.flags(node.url) == {"Init", "Ok"}
    operator.switch(node.url, **{letter: True})
    before, checks = operator.flags(node.url), server.members()[node.url]["checks"]
    assert server.members()[node.url]["flags"] == [flag]
    assert served_by(server) == {other.node}
    node.control(phase="down")
    server.wait_for_state(node.url, "unreachable", 5)
    wait_until(lambda: "HcFl" in operator.flags(node.url), 2, "the bit")
    assert operator.flags(node.url) - OURS == before - OURS
    node.control(phase="up")
    server.wait_for_state(node.url, "up", 5)
    wait_until(lambda: "HcFl" not in operator.flags(node.url), 2, "the end of the bit")
    assert operator.flags(node.url) == before, "the switch is as it was"
    assert served_by(server) == {other.node}
    assert server.members()[node.url]["checks"] >= checks + 4, "it is checked all the time"
    operator.switch(node.url, **{letter: False})
    assert operator.flags(node.url) == {"Init", "Ok"}
    assert served_by(server) == {other.node, node.node}, "at once"


def test_an_operator_who_clears_our_bit_is_overruled_by_the_next_look(httpd, standins):
    """balancer-manager lets anybody admit a member that the checks took out."""
    good, bad = standins
    server = httpd()
    server.expect(bad.url + ": up -> not-deployed: ")
    operator = start(server, standins)
    bad.undeploy()
    server.wait_for_state(bad.url, "not-deployed", 5)
    wait_until(lambda: "HcFl" in operator.flags(bad.url), 2, "the bit")
    operator.switch(bad.url, C=False)
    wait_until(lambda: "HcFl" in operator.flags(bad.url), WITHIN, "the bit again")
    assert served_by(server) == {good.node}


def test_a_member_whose_room_is_taken_up_is_refused_by_httpd_not_lost_by_us(
        httpd, standins, tmp_path, after_servers):
    """growth=1: the second newcomer is httpd's to refuse, the first one is ours to check."""
    node = newcomer(tmp_path, after_servers)
    server = httpd()
    server.expect("AH10164", "AH10163")
    operator = start(server, standins, inside="ProxySet growth=1")
    operator.add(node.http_url)
    server.wait_for_state(node.http_url, "up", 5)
    with pytest.raises(AssertionError):
        operator.add(node.http_url + "/two")
    assert set(server.members()) == {one.url for one in standins} | {node.http_url}
    assert server.request(ECHO).status == 200
