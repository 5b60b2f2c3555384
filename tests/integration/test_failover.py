# SPDX-License-Identifier: Apache-2.0
"""Failover of safe requests: no user sees what a bad member answers while another one is well."""

import contextlib
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.asking import LOCALE, REST
from harness.balancer import FAILOVER_ERRORS, conf, told, wait_for_states
from harness.crowd import Member
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



def start(server, nodes, inside="OSBalancerFailover On budget=100%", health=HEALTH):
    server.configure(conf(nodes, health, inside=inside, extra="StartServers 2"))
    server.start()
    wait_for_states(server, nodes, "up")


def members_of(standins, scheme):
    if scheme == "ajp":
        return standins
    return [Member(node.http_url, node.secret) for node in standins]


@pytest.mark.parametrize("scheme", ["ajp", "http"])
@pytest.mark.parametrize("mpm, fault", [("event", fault) for fault in FAULTS] + [
    (mpm, fault) for mpm in ("worker", "prefork") for fault in ("stopped", "undeployed")])
def test_nobody_sees_a_fault_of_one_member(httpd, standins, fault, mpm, scheme):
    node = standins[1]
    good, bad = members_of(standins, scheme)
    breaks, state = FAULTS[fault]
    server = httpd(mpm=mpm)
    server.expect(rf"{bad.url}: up -> {state}: ", *FAILOVER_ERRORS)
    start(server, [good, bad])
    with Load(server, threads=6, pause=0.02, path=LOCALE) as load:
        wait_until(lambda: len(load.answers) > 30, 10, "the first requests")
        breaks(node)
        try:
            server.wait_for_state(bad.url, state, 5)
            before = len(load.answers)
            wait_until(lambda: len(load.answers) > before + 30, 10, "more requests")
        finally:
            node.resume()
            node.control(phase="up", db="ok", status=0, deployed="on")
    assert {answer for answer in load.answers if answer[0] != 200} == set()


# With this a bad member stays in however often it is checked.
PATIENT = "interval=1m timeout=1s fast=1s rise=1 fall=100"


def begin(httpd, standins, inside="OSBalancerFailover On budget=100%", scheme="ajp", **options):
    """A server before the nodes that no check takes out, and its members."""
    members = members_of(standins, scheme)
    server = httpd(**options)
    server.expect(*FAILOVER_ERRORS)
    start(server, members, inside, PATIENT)
    return server, members


def failovers(server):
    return sum(member["failovers"] for member in server.members().values())


def requests_at(standins):
    return sum(node.tally()["requests"]["count"] for node in standins)


def begin_tally(standins):
    for node in standins:
        node.tally(begin=60000)


@pytest.mark.parametrize("scheme", ["ajp", "http"])
def test_the_applications_own_errors_are_meant(httpd, standins, scheme):
    server, _ = begin(httpd, standins, scheme=scheme)
    for node in standins:
        node.control(status=500)
    answers = [server.request(LOCALE) for _ in range(6)]
    assert {answer.status for answer in answers} == {500}
    assert all("STAND_IN_STATUS" in answer.text for answer in answers)
    for node in standins:
        node.control(status=0)
    answers = [server.request("/openspecimen/nothing-there") for _ in range(6)]
    assert {answer.status for answer in answers} == {404}
    assert failovers(server) == 0


@pytest.mark.parametrize("scheme", ["ajp", "http"])
def test_an_answer_that_all_members_give_reaches_the_user_as_it_is(httpd, standins, scheme):
    server, _ = begin(httpd, standins, scheme=scheme)
    for node in standins:
        node.control(status=503)
    begin_tally(standins)
    answer = server.request(LOCALE)
    assert answer.status == 503 and "The switch status says 503" in answer.text
    assert failovers(server) == 1
    if scheme == "ajp":
        assert requests_at(standins) == 2, "one more try, and no more"


@pytest.mark.parametrize("scheme", ["ajp", "http"])
@pytest.mark.parametrize("method, body", [("POST", b"x=1"), ("POST", b""), ("PUT", b"{}"),
                                          ("DELETE", None), ("GET", b"with a body")])
def test_what_may_change_data_is_never_sent_twice(httpd, standins, scheme, method, body):
    server, _ = begin(httpd, standins, scheme=scheme)
    standins[1].control(status=503)
    begin_tally(standins)
    answers = [server.request(REST + "/echo", method=method, body=body) for _ in range(10)]
    assert sum(answer.status == 503 for answer in answers) >= 4, "the bad one had its share"
    assert failovers(server) == 0
    if scheme == "ajp":
        assert requests_at(standins) == 10


def test_the_budget_is_kept_and_shown(httpd, standins):
    server, _ = begin(httpd, standins, "OSBalancerFailover On budget=0%")
    standins[1].control(status=503)
    answers = [server.request(LOCALE).status for _ in range(40)]
    failover = server.status()["balancers"][0]["failover"]
    assert failover == {"retries": 1, "budget_percent": 0, "used": 10, "allowed": 10}
    assert failovers(server) == 10
    assert answers.count(503) == 10, "the bad one's twenty less ten"


def test_the_budget_is_one_for_all_children(httpd, standins):
    server, _ = begin(httpd, standins, "OSBalancerFailover On budget=0%", mpm="prefork",
                      log_level="info")
    standins[1].control(status=503)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: server.request(LOCALE).status, range(60)))
    assert failovers(server) == server.status()["balancers"][0]["failover"]["used"] == 10
    assert set(answers) == {200, 503}
    assert len({line.split("[pid ")[1].split("]")[0]
                for line in told(server, "failover from")}) > 1, "one child had them all"


@pytest.mark.parametrize("mpm, scheme", [("event", "ajp"), ("event", "http"), ("worker", "ajp"),
                                         ("prefork", "ajp"), ("prefork", "http")])
def test_under_a_shared_cause_nobody_is_asked_twice(httpd, standins, mpm, scheme):
    members = members_of(standins, scheme)
    server = httpd(mpm=mpm)
    server.expect("up -> database-down: ", "database", *FAILOVER_ERRORS)
    start(server, members)
    for node in standins:
        node.control(db="refused")
    wait_until(lambda: server.status()["balancers"][0]["shared_cause"], 10, "the shared cause")
    before = failovers(server)
    answers = [server.request(LOCALE) for _ in range(10)]
    assert {answer.status for answer in answers} == {500}
    assert all("COMMON_DB_CONN_ERROR" in answer.text for answer in answers)
    assert failovers(server) == before


@pytest.mark.parametrize("scheme", ["ajp", "http"])
def test_a_failover_is_logged_with_both_members_and_takes_nobody_out(httpd, standins, scheme):
    server, (good, bad) = begin(httpd, standins, scheme=scheme, log_level="info")
    standins[1].undeploy()
    for _ in range(6):
        assert server.request(LOCALE).status == 200
    lines = told(server, f"failover from {bad.url} to {good.url}: not-deployed")
    assert len(lines) == failovers(server) == server.members()[bad.url]["failovers"] == 3
    assert all(line.startswith("[info]") for line in lines)
    member = server.members()[bad.url]
    assert member["state"] == "up" and member["serves"] and member["flags"] == []


# Who doesn't speak the protocol at all: noise, half an answer and then silence, an answer without
# end, a connection that is closed at once.
@pytest.mark.parametrize("wire", ["garbage", "half", "close"])
@pytest.mark.parametrize("scheme", ["ajp", "http"])
def test_who_speaks_nonsense_harms_no_request(httpd, standins, scheme, wire):
    nodes = members_of(standins, scheme)
    server = httpd()
    server.expect("up -> ", *FAILOVER_ERRORS)
    start(server, nodes)
    standins[1].control(wire=wire)
    answers = [server.request(LOCALE) for _ in range(8)]
    assert {answer.status for answer in answers} == {200}
    server.wait_for_state(nodes[1].url, {"garbage": "foreign", "half": "hung",
                                         "close": "unreachable"}[wire], 5)
    standins[1].control(wire="ok")
    server.wait_for_state(nodes[1].url, "up", 10)
    assert {server.request(LOCALE).status for _ in range(8)} == {200}


@pytest.mark.parametrize("scheme", ["ajp", "http"])
def test_a_head_fails_over_too(httpd, standins, scheme):
    server, _ = begin(httpd, standins, scheme=scheme)
    standins[1].undeploy()
    assert {server.request("/openspecimen/", method="HEAD").status for _ in range(6)} == {200}
    assert failovers(server) == 3


@pytest.mark.parametrize("scheme", ["ajp", "http"])
def test_large_answers_come_whole(httpd, standins, scheme):
    server, _ = begin(httpd, standins, scheme=scheme)
    for size in (0, 1, 1023, 1024, 1025, 8184, 8192, 16384, 65536, 1 << 20, 50_000_000):
        answer = server.request(f"{REST}/bytes?n={size}", timeout=60)
        assert answer.status == 200 and answer.body == b"x" * size


@pytest.mark.parametrize("wrong, why", [
    ("OSBalancerFailover", "wants On or Off"),
    ("OSBalancerFailover Maybe", "On"),
    ("OSBalancerFailover Off retries=1", "Off takes no settings"),
    ("OSBalancerFailover On retries=0", "retries: \"0\" is not a whole number from 1 to 5"),
    ("OSBalancerFailover On budget=20", "budget: \"20\" is not a share from 0% to 100%"),
    ("OSBalancerFailover On budget=101%", "is not a share"),
    ("OSBalancerFailover On retrie=1", "did you mean retries"),
    ("OSBalancerFailover On fast", "settings are written key=value"),
    ("OSBalancerFailover On\n    OSBalancerFailover On", "stands already"),
])
def test_what_is_wrong_is_refused_by_configtest(httpd, standins, wrong, why):
    server = httpd()
    server.configure(conf(standins, HEALTH, inside=wrong))
    status, output = server.configtest()
    assert status != 0 and why in output


@pytest.mark.parametrize("scheme", ["ajp", "http"])
def test_a_site_as_osgen_renders_it_fails_over(site, standins, scheme):
    """The balancer stands in a virtual host there, of which mod_proxy makes copies."""
    good, bad = members_of(standins, scheme)
    one = site([good, bad], health="{interval: 1m, timeout: 1s, fall: 100}")
    one.httpd.expect(*FAILOVER_ERRORS)
    one.start()
    one.wait_until_up()
    standins[1].undeploy()
    assert {one.request(LOCALE).status for _ in range(6)} == {200}
    assert one.member(bad)["failovers"] == 3


@pytest.mark.parametrize("scheme", ["ajp", "http"])
def test_who_can_go_nowhere_else_waits_on(httpd, standins, scheme):
    """The one member with a spare that is out too: a request under way isn't broken off."""
    members = members_of(standins, scheme)
    server = httpd()
    server.expect("up -> ", "AH01170", *FAILOVER_ERRORS)
    start(server, members)
    standins[0].undeploy()
    server.wait_for_state(members[0].url, "not-deployed", 5)
    with Load(server, threads=1, path=REST + "/slow?ms=3000") as load:
        wait_until(lambda: server.members()[members[1].url]["busy"] == 1, 5, "the request")
        standins[1].control(status=418)
        server.wait_for_state(members[1].url, "failing", 5)
        wait_until(lambda: load.answers, 10, "its answer")
        standins[1].control(status=0)
    assert load.answers[0][0] == 418, "its own answer, not an error of httpd's"


def fill_backlog(node, stack):
    """Connections that nobody takes, until one more has to wait."""
    for _ in range(1000):
        connection = stack.enter_context(socket.socket())
        connection.settimeout(0.3)
        try:
            connection.connect(("127.0.0.1", node.ajp_port))
        except TimeoutError:
            return
    raise AssertionError("the backlog has no end")


def test_who_waits_for_a_connection_to_a_member_that_goes_out_is_rescued(httpd, tomcats):
    """mod_proxy alone waits for thirty seconds."""
    good, bad = tomcats
    server = httpd()
    server.expect(rf"{bad.url}: up -> (hung|unreachable): ", *FAILOVER_ERRORS)
    server.configure(conf([good], HEALTH, extra="StartServers 1",
                          inside=f"BalancerMember {bad.url} secret={bad.secret} connectiontimeout=30 "
                                 "disablereuse=On\n    OSBalancerFailover On budget=100%"))
    server.start()
    wait_for_states(server, tomcats, "up")
    with contextlib.ExitStack() as stack:
        bad.hang()
        stack.callback(bad.resume)
        fill_backlog(bad, stack)
        begin = time.monotonic()
        with Load(server, threads=4, path=LOCALE) as load:
            server.wait_for_state(bad.url, "unreachable", 5)
            wait_until(lambda: failovers(server) >= 1, 5, "a failover")
        assert time.monotonic() - begin < 15
    assert {answer[0] for answer in load.answers} == {200}
    assert told(server, "failover from .*: it went out")
