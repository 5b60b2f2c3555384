# SPDX-License-Identifier: Apache-2.0
"""lbmethod=os_least_time on a real httpd: requests go where they are answered soonest, and all that
mod_proxy has for its members works with it. The split itself is simulated in
tests/unit/test_load_split.c."""

import re
import socket
from collections import Counter
from datetime import datetime

import pytest

from harness import manager
from harness.asking import REST
from harness.balancer import ECHO, conf, wait_for_states
from harness.httpd import MPMS
from harness.load import Load
from harness.manager import Manager
from harness.wait import stays, wait_until

METHOD = "ProxySet lbmethod=os_least_time"
# Checks say nothing here but that a member is up.
CALM = "interval=1m timeout=1s fast=100ms fall=100"
SLOW = 200  # ms
PROXY_ERRORS = (r"AH008(78|9\d)|AH009\d\d|AH01(03[01]|080|102|114)",)


def start(server, nodes, health=CALM, inside="", parameters=()):
    """PARAMETERS: of each BalancerMember, as far as there are any."""
    text = conf(nodes, health, inside=METHOD + "\n" + inside,
                extra="StartServers 3\n" + manager.CONF)
    for node, more in zip(nodes, parameters):
        text = text.replace(f"secret={node.secret}", f"secret={node.secret} {more}")
    server.configure(text)
    server.start()
    wait_for_states(server, nodes, "up")
    return Manager(server)


def shares(answers):
    """How many of them each node gave; fails if one isn't 200."""
    assert {status for status, _ in answers} == {200}
    return Counter(node for _, node in answers)


def answered(load, count):
    """The next COUNT answers."""
    first = len(load.answers)
    wait_until(lambda: len(load.answers) >= first + count, 30, f"{count} answers")
    return load.answers[first:first + count]


def ask(server, count, headers=None):
    return Counter(server.request(ECHO, headers=headers).json["node"] for _ in range(count))


def load_ms(server, node):
    return server.members()[node.url]["load_ms"]


@pytest.mark.parametrize("mpm", MPMS)
def test_a_slow_member_gets_few_requests(httpd, standins, mpm):
    quick, slow = standins
    server = httpd(mpm=mpm)
    start(server, standins)
    slow.control(delay=SLOW)
    with Load(server, threads=3) as load:
        wait_until(lambda: load_ms(server, slow) >= SLOW, 10, "the first answer of the slow one")
        given = shares(answered(load, 200))
    assert given[slow.node] <= 10 and given[quick.node] >= 190
    assert load_ms(server, quick) < load_ms(server, slow)


@pytest.mark.parametrize("mpm", MPMS)
def test_members_alike_have_their_shares_all(httpd, standins, mpm):
    server = httpd(mpm=mpm)
    for node in standins:
        node.control(delay=50)
    start(server, standins)
    with Load(server, threads=4) as load:
        answered(load, 20)
        given = shares(answered(load, 200))
    assert min(given[node.node] for node in standins) >= 60


def test_a_member_of_more_weight_has_more_in_hand(httpd, standins):
    """Three times as much, at the same latency."""
    light, heavy = standins
    server = httpd()
    for node in standins:
        node.control(delay=50)
    start(server, standins, parameters=("loadfactor=1", "loadfactor=3"))
    with Load(server, threads=8) as load:
        answered(load, 40)
        given = shares(answered(load, 200))
    assert given[heavy.node] >= 2 * given[light.node] > 40


def test_a_member_that_got_better_is_found_out(httpd, standins):
    slow = standins[1]
    server = httpd()
    slow.control(delay=SLOW)
    start(server, standins)
    with Load(server, threads=4) as load:
        wait_until(lambda: load_ms(server, slow) >= SLOW, 10, "the first answer of the slow one")
        for node in standins:
            node.control(delay=50)
        wait_until(lambda: shares(answered(load, 50))[slow.node] >= 15, 30, "its share")


@pytest.mark.parametrize("mpm", ["event", "prefork"])
def test_a_member_that_hangs_loses_its_users_before_any_check(httpd, standins, mpm):
    good, bad = standins
    server = httpd(mpm=mpm)
    server.expect(*PROXY_ERRORS)
    start(server, standins)
    with Load(server, threads=20) as load:
        answered(load, 100)
        bad.hang()
        try:
            given = shares(answered(load, 300))
            stuck = server.members()[bad.url]
        finally:
            bad.resume()
    assert given[good.node] >= 280
    assert stuck["state"] == "up" and 1 <= stuck["busy"] <= 12
    assert stuck["load_ms"] > load_ms(server, good)


def test_a_member_that_fails_at_once_attracts_nobody(httpd, standins):
    good, bad = standins
    server = httpd()
    for node in standins:
        node.control(delay=20)
    start(server, standins)
    with Load(server, threads=4) as load:
        answered(load, 40)
        bad.control(status=503, delay=0)
        answers = answered(load, 200)
    assert {status for status, _ in answers} == {200, 503}
    assert sum(status == 503 for status, _ in answers) <= 20


def test_a_download_is_no_latency(httpd, standins):
    node = standins[0]
    server = httpd()
    start(server, [node])
    with socket.create_connection(("127.0.0.1", server.port), 10) as client:
        client.sendall(f"GET {REST}/bytes?n=50000000 HTTP/1.1\r\nHost: a.test\r\n"
                       "Connection: close\r\n\r\n".encode())
        assert client.recv(100)
        stays(lambda: load_ms(server, node) < 100, 0.6, "silence of a member that answers")
        while client.recv(1 << 20):
            pass
    wait_until(lambda: server.members()[node.url]["busy"] == 0, 5, "its end")
    assert load_ms(server, node) < 100


@pytest.mark.parametrize("frame, first, rest", [
    (b"Content-Length: 10", b"hello", b", you"),
    (b"Transfer-Encoding: chunked", b"5\r\nhello\r\n", b"5\r\n, you\r\n0\r\n\r\n")],
    ids=["length", "chunked"])
def test_an_upload_is_no_latency(httpd, standins, frame, first, rest):
    """Of a slow client's request the member is only to blame for what it takes itself."""
    node = standins[0]
    server = httpd()
    start(server, [node], inside="OSBalancerFailover On")
    with socket.create_connection(("127.0.0.1", server.port), 10) as client:
        client.sendall(b"POST /openspecimen/rest/ng/echo HTTP/1.1\r\nHost: a.test\r\n"
                       b"Connection: close\r\n%b\r\n\r\n%b" % (frame, first))
        wait_until(lambda: server.members()[node.url]["busy"] == 1, 5, "the upload's begin")
        stays(lambda: server.members()[node.url]["busy"] == 1, 1, "the upload")
        client.sendall(rest)
        assert client.recv(100).startswith(b"HTTP/1.1 200 ")
    wait_until(lambda: server.members()[node.url]["busy"] == 0, 5, "its end")
    assert load_ms(server, node) < 100


# ---- what mod_proxy has for members --------------------------------------------------------------

def test_a_hot_standby_waits_until_no_other_can(httpd, standins):
    first, standby = standins
    server = httpd()
    operator = start(server, standins, parameters=("", "status=+H"))
    first.control(delay=SLOW)
    assert ask(server, 6) == {first.node: 6}, "however slow the other one is"
    operator.switch(first.url, D=True)
    assert ask(server, 6) == {standby.node: 6}


def test_a_higher_lbset_waits_too(httpd, standins):
    first, second = standins
    server = httpd()
    operator = start(server, standins, parameters=("lbset=0", "lbset=1"))
    first.control(delay=SLOW)
    assert ask(server, 6) == {first.node: 6}
    operator.switch(first.url, S=True)
    assert ask(server, 6) == {second.node: 6}


def test_a_hot_spare_takes_the_place_of_one_that_is_away(httpd, standins):
    first, spare = standins
    server = httpd()
    operator = start(server, standins, parameters=("", "status=+R"))
    assert ask(server, 6) == {first.node: 6}
    operator.switch(first.url, D=True)
    assert ask(server, 6) == {spare.node: 6}


STICKY = "ProxySet stickysession=S"
ROUTES = ("route=one", "route=two")


def test_a_session_stays_where_it_is_though_it_is_slow_there(httpd, standins):
    slow = standins[1]
    server = httpd()
    start(server, standins, inside=STICKY, parameters=ROUTES)
    slow.control(delay=SLOW)
    assert ask(server, 6, {"Cookie": "S=x.two"}) == {slow.node: 6}
    assert load_ms(server, slow) >= SLOW / 2, "its requests tell too"
    assert ask(server, 6)[slow.node] <= 1
    assert ask(server, 6, {"Cookie": "S=x.one"}) == {standins[0].node: 6}


def test_a_draining_member_has_its_sessions_and_nobody_new(httpd, standins):
    first, second = standins
    server = httpd()
    operator = start(server, standins, inside=STICKY, parameters=ROUTES)
    operator.switch(second.url, N=True)
    first.control(delay=SLOW)
    assert ask(server, 6) == {first.node: 6}
    assert ask(server, 6, {"Cookie": "S=x.two"}) == {second.node: 6}


def test_a_member_that_mod_proxy_shuns_is_tried_again_after_retry(httpd, standins):
    good, bad = standins
    server = httpd()
    server.expect(*PROXY_ERRORS)
    start(server, standins, parameters=("retry=1", "retry=1"))
    for node in standins:
        node.control(delay=30)
    with Load(server, threads=4) as load:
        answered(load, 20)
        bad.control(phase="down")
        wait_until(lambda: "error" in server.members()[bad.url]["flags"], 10, "mod_proxy's flag")
        assert shares(answered(load, 30)) == {good.node: 30}
        bad.control(phase="up")
        wait_until(lambda: shares(answered(load, 30))[bad.node] >= 8, 30, "its share")


# ---- slow start, reloads and balancers without checks --------------------------------------------

SLOWSTART = 6  # seconds


def up_for(server, node):
    """Seconds since the node came up."""
    now, since = (datetime.fromisoformat(text.replace("Z", "+00:00"))
                  for text in (server.status()["time"], server.members()[node.url]["since"]))
    return (now - since).total_seconds()


@pytest.mark.parametrize("mpm", MPMS)
def test_a_member_that_comes_back_starts_slowly(httpd, standins, mpm):
    """Of requests that take 50 ms, by eight users, so that both are busy all the time. The one that
    stays must be through its own slow start by then."""
    stays_up, back = standins
    server = httpd(mpm=mpm)
    server.expect(f"{back.url}: up -> not-deployed: ")
    start(server, standins,
          f"interval=300ms fast=100ms timeout=300ms slowstart={SLOWSTART}s")
    for node in standins:
        node.control(delay=50)
    back.undeploy()
    server.wait_for_state(back.url, "not-deployed", 10)
    wait_until(lambda: up_for(server, stays_up) >= SLOWSTART, 2 * SLOWSTART, "its own slow start")
    with Load(server, threads=8) as load:
        back.deploy()
        server.wait_for_state(back.url, "up", 10)
        early = shares(answered(load, 100))
        assert 1 <= early[back.node] <= 30 and up_for(server, back) < SLOWSTART / 2
        wait_until(lambda: shares(answered(load, 100))[back.node] >= 42, 3 * SLOWSTART,
                   "its whole share")


def test_a_member_that_comes_back_is_not_judged_by_its_failures(httpd, standins):
    bad = standins[1]
    server = httpd()
    server.expect(f"{bad.url}: up -> failing: ")
    for node in standins:
        node.control(delay=50)
    start(server, standins, "interval=300ms fast=100ms timeout=300ms fall=3")
    with Load(server, threads=8) as load:
        answered(load, 40)
        bad.control(status=503)
        server.wait_for_state(bad.url, "failing", 10)
        assert load_ms(server, bad) >= 200
        bad.control(status=0)
        server.wait_for_state(bad.url, "up", 10)
        wait_until(lambda: shares(answered(load, 50))[bad.node] >= 18, 3, "its share")


@pytest.mark.parametrize("mpm", MPMS)
def test_averages_outlive_a_reload(httpd, standins, mpm):
    quick, slow = standins
    server = httpd(mpm=mpm)
    start(server, standins)
    slow.control(delay=500)
    with Load(server, threads=2) as load:
        wait_until(lambda: load_ms(server, slow) >= 500, 10, "the first answer of the slow one")
        answered(load, 10)
    server.graceful()
    assert load_ms(server, slow) >= 100
    assert ask(server, 6) == {quick.node: 6}


@pytest.mark.parametrize("mpm", MPMS)
def test_without_checks_the_fewest_in_flight_decide_and_members_take_turns(httpd, standins, mpm):
    server = httpd(mpm=mpm)
    text = conf(standins, inside=METHOD, extra="StartServers 3")
    server.configure(re.sub("OSBalancerHealth On .*", "OSBalancerHealth Off", text))
    server.start()
    # A request may come before mod_proxy has counted the one before it as ended.
    assert all(ask(server, 12)[node.node] >= 4 for node in standins)
    with Load(server, threads=1, path=REST + "/slow?ms=3000") as load:
        wait_until(lambda: len(ask(server, 8)) == 1, 15, "all to go past the long request")
        load.stopping.set()


def test_a_balancer_that_the_module_does_not_know_has_the_method_too(httpd, standins):
    """Beside one that it checks."""
    members = "\n".join(f"BalancerMember {node.http_url}" for node in standins)
    server = httpd()
    server.configure(conf(standins, CALM, inside=METHOD, extra=f"""
<Proxy "balancer://other">
    {members}
    {METHOD}
</Proxy>
ProxyPass "/openspecimen/rest/ng/echo" "balancer://other/rest/ng/echo"
"""))
    server.start()
    wait_for_states(server, standins, "up")
    assert ask(server, 12) == {node.node: 6 for node in standins}


@pytest.mark.parametrize("method, warned", [("byrequests", True), ("os_least_time", False)])
def test_a_slow_start_that_does_nothing_is_warned_about(httpd, standins, method, warned):
    server = httpd()
    server.configure(conf(standins, "slowstart=30s", inside=f"ProxySet lbmethod={method}"))
    code, words = server.configtest()
    assert code == 0
    told = re.search(r"OSBalancerHealth at .*httpd\.conf:\d+: slowstart= does nothing with "
                     r"lbmethod=byrequests; it wants os_least_time", words)
    assert bool(told) == warned and warned == ("slowstart=" in words)
