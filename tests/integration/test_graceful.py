# SPDX-License-Identifier: Apache-2.0
"""What a reload keeps and what it takes up: a dead member gets no request after it, an edit of the
configuration counts at once, and nobody notices either."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.httpd import MPMS
from harness.load import Load
from harness.wait import wait_until

CONF = """\
<Proxy "balancer://os-cluster">
    {members}
    OSBalancerHealth On {health}
</Proxy>
<Location "/balancer-status">
    SetHandler os-balancer-status
</Location>
ProxyPass "/balancer-status" "!"
ProxyPass "/openspecimen" "balancer://os-cluster"
"""
HEALTH = "interval=1s fast=200ms timeout=1s"


def configure(server, nodes, health=HEALTH, **loadfactors):
    members = "\n    ".join(
        f"BalancerMember {node.url} secret={node.secret} "
        f"loadfactor={loadfactors.get(node.node, 1)}" for node in nodes)
    server.configure(CONF.format(members=members, health=health))


def wait_until_up(server, nodes):
    for node in nodes:
        server.wait_for_state(node.url, "up", 10)


@pytest.mark.parametrize("mpm", MPMS)
def test_a_dead_member_gets_no_request_after_a_reload(httpd, standins, mpm):
    good, bad = standins
    server = httpd(mpm=mpm)
    server.expect(bad.url + ": up -> not-deployed: ")
    configure(server, standins)
    server.start()
    wait_until_up(server, standins)
    bad.undeploy()
    before = server.wait_for_state(bad.url, "not-deployed", 5)
    with Load(server) as load:
        wait_until(lambda: len(load.answers) > 50, 20, "the first requests")
        for _ in range(3):
            server.graceful()
            served = len(load.answers)
            wait_until(lambda: len(load.answers) > served + 50, 20, "more requests")
    assert {answer for answer in load.answers if answer[0] != 200} == set()
    assert {answer[1] for answer in load.answers} == {good.node}
    after = server.members()[bad.url]
    assert after["state"] == "not-deployed" and after["since"] == before["since"]
    assert after["checks"] > before["checks"], "it counts on, and checks go on"
    assert len(server.transitions()) == 3, "a reload is no transition"


@pytest.mark.parametrize("mpm", MPMS)
def test_a_restart_forgets_no_dead_member_either(httpd, standins, mpm):
    """It breaks connections off, as a restart does; whoever gets an answer gets a right one."""
    good, bad = standins
    server = httpd(mpm=mpm)
    server.expect(bad.url + ": up -> not-deployed: ")
    configure(server, standins)
    server.start()
    wait_until_up(server, standins)
    bad.undeploy()
    server.wait_for_state(bad.url, "not-deployed", 5)
    with Load(server) as load:
        wait_until(lambda: len(load.answers) > 50, 20, "the first requests")
        for _ in range(3):
            server.restart()
            served = load.answered(200)
            wait_until(lambda: load.answered(200) > served + 50, 20, "more requests")
    assert {status for status, _ in load.answers} <= {200, 0}
    assert {node for status, node in load.answers if status == 200} == {good.node}


@pytest.mark.parametrize("mpm", MPMS)
def test_a_request_in_flight_is_answered_by_the_old_child(httpd, standins, mpm):
    server = httpd(mpm=mpm)
    configure(server, standins)
    server.start()
    wait_until_up(server, standins)
    old = set(server.children())
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(server.request, "/openspecimen/rest/ng/slow?ms=3000")
        wait_until(lambda: any(member["busy"] for member in server.members().values()), 5,
                   "the request to be at a member")
        server.graceful()
        assert not slow.done(), "the restart is over before the request is"
        assert set(server.children()) & old, "its child stays for it"
        assert slow.result().status == 200
    wait_until(lambda: not set(server.children()) & old, 10, "the end of the old children")


def test_a_crashed_child_fails_the_test_whose_server_it_is_of(httpd):
    server = httpd()
    server.configure("")
    server.start()
    os.kill(server.children()[0], signal.SIGSEGV)
    wait_until(lambda: "exit signal" in server.log(), 10, "httpd's word of the crash")
    with pytest.raises(AssertionError, match="exit signal Segmentation fault"):
        server.stop()


def test_an_edit_counts_at_once(httpd, standins):
    good, bad = standins
    server = httpd()
    server.expect(bad.url + ": up -> not-deployed: ")
    configure(server, standins)
    server.start()
    wait_until_up(server, standins)
    bad.undeploy()
    server.wait_for_state(bad.url, "not-deployed", 5)
    configure(server, standins, health="interval=3s fast=300ms timeout=500ms fall=5", os2=7)
    server.graceful()
    status = server.status()["balancers"][0]
    assert status["health"]["interval_ms"] == 3000 and status["health"]["fall"] == 5
    member = server.members()[bad.url]
    assert member["weight_percent"] == 700 and member["state"] == "not-deployed"


def test_a_member_that_leaves_and_one_that_comes(httpd, standins):
    first, second = standins
    server = httpd()
    configure(server, [first])
    server.start()
    wait_until_up(server, [first])
    configure(server, [first, second])
    server.graceful()
    server.wait_for_state(second.url, "up", 5)
    assert server.members()[first.url]["state"] == "up"
    configure(server, [second])
    server.graceful()
    assert list(server.members()) == [second.url]
    assert server.members()[second.url]["state"] == "up"


def test_an_unverified_newcomer_waits_while_another_is_up(httpd, standins):
    first, second = standins
    server = httpd()
    server.expect(second.url + ": unverified -> ")
    configure(server, [first])
    server.start()
    wait_until_up(server, [first])
    second.control(phase="starting")
    configure(server, standins)
    server.graceful()
    answers = [server.request("/openspecimen/rest/ng/echo") for _ in range(10)]
    assert {answer.json["node"] for answer in answers} == {first.node}
    server.wait_for_state(second.url, "starting", 5)


def test_health_taken_out_of_the_configuration_lets_everybody_in(httpd, standins):
    bad = standins[1]
    server = httpd()
    server.expect(bad.url + ": up -> not-deployed: ")
    configure(server, standins)
    server.start()
    wait_until_up(server, standins)
    bad.undeploy()
    server.wait_for_state(bad.url, "not-deployed", 5)
    members = "\n".join(f"BalancerMember {node.url} secret={node.secret}" for node in standins)
    server.configure(f'<Proxy "balancer://os-cluster">\n{members}\n</Proxy>\n'
                     'ProxyPass "/openspecimen" "balancer://os-cluster"')
    server.graceful()
    answers = {server.request("/openspecimen/rest/ng/echo").status for _ in range(10)}
    assert answers == {200, 404}, "without the directive, mod_proxy is as it was"


def test_a_stop_and_a_start_begin_anew(httpd, standins):
    server = httpd()
    configure(server, standins)
    server.start()
    wait_until_up(server, standins)
    server.stop()
    server.start()
    wait_until_up(server, standins)
    assert server.request("/openspecimen/rest/ng/echo").status == 200
