# SPDX-License-Identifier: Apache-2.0
"""Evidence from users' requests: it pulls a member's next check forward, and decides nothing by
itself. Routine checks are a minute apart here, so what is noticed in a second was noticed by users."""

import re
import socket
import struct
import time

import pytest

from harness.asking import LOCALE, REST
from harness.balancer import ECHO, conf, served_by, wait_for_states
from harness.crowd import Member
from harness.load import Load
from harness.wait import stays, wait_until

HEALTH = "interval=1m timeout=1s fast=200ms rise=2 fall=2"
FAST = 0.2
# Seconds for two checks, though a check may last a second: a member that is silent itself, not only its
# database, is known by a ping.
SOON = 1.5

# How users' requests fail, and the state that it is.
FAULTS = {
    "undeployed": (lambda node: node.undeploy(), "not-deployed"),
    "refused": (lambda node: node.control(phase="down"), "unreachable"),
    "without its database": (lambda node: node.control(db="refused"), "database-down"),
    "503": (lambda node: node.control(status=503), "failing"),
    "silent": (lambda node: node.control(phase="starting"), "hung"),
    "stopped": (lambda node: node.hang(), "hung"),
}

# With these the end of the connection that checks of an AJP member keep may tell first.
CLOSING = ("refused", "silent")

# What mod_proxy says of requests that it couldn't bring to an end.
PROXY_ERRORS = (r"AH008(78|9\d)|AH009\d\d|AH01(03[01]|080|102|114)",)


def start(server, nodes, health=HEALTH, inside="", extra="StartServers 2"):
    server.configure(conf(nodes, health, inside=inside, extra=extra))
    server.start()
    wait_for_states(server, nodes, "up")


def heal(node):
    node.resume()
    node.control(phase="up", db="ok", status=0, deployed="on")


def member(server, node):
    return server.members()[node.url]


@pytest.mark.parametrize("mpm, scheme", [("event", "ajp"), ("worker", "ajp"), ("prefork", "http")])
@pytest.mark.parametrize("fault", FAULTS)
def test_users_requests_make_a_fault_known_long_before_the_next_check(
        httpd, standins, fault, mpm, scheme):
    node = standins[1]
    good, bad = (one if scheme == "ajp" else Member(one.http_url, one.secret) for one in standins)
    breaks, state = FAULTS[fault]
    server = httpd(mpm=mpm)
    server.expect(rf"{bad.url}: up -> {state}: ", *PROXY_ERRORS)
    start(server, [good, bad])
    with Load(server, threads=4, pause=0.08, path=LOCALE) as load:
        wait_until(lambda: len(load.answers) > 10, 10, "the first requests")
        assert member(server, bad)["checks_hinted"] == 0, "good answers are no reason for a check"
        breaks(node)
        try:
            found = server.wait_for_state(bad.url, state, SOON)
            server.wait_until_out(bad.url)
        finally:
            heal(node)
    assert found["checks_hinted"] >= 1 or (scheme == "ajp" and fault in CLOSING)
    assert member(server, good)["checks_hinted"] == 0


def test_without_requests_nothing_pulls(httpd, standins):
    bad = standins[1]
    server = httpd()
    server.expect(bad.url + ": up -> not-deployed: ")
    start(server, standins)
    checks = member(server, bad)["checks"]
    bad.undeploy()
    stays(lambda: member(server, bad)["checks"] == checks, 3, "no check before its time")
    for _ in range(4):
        server.request(ECHO)
    assert server.wait_for_state(bad.url, "not-deployed", 1.5)["checks_hinted"] >= 1


@pytest.mark.parametrize("scheme", ["ajp", "http"])
def test_the_only_member_that_is_up_has_the_whole_time_limit_to_answer_a_ping(
        httpd, standins, scheme):
    """It may be a pause that is soon over, and there is nobody else."""
    node = standins[0]
    only = node if scheme == "ajp" else Member(node.http_url, node.secret)
    server = httpd()
    server.expect(*PROXY_ERRORS)
    start(server, [only], health="interval=1m timeout=1s ping=200ms fast=200ms fall=100")
    with Load(server, threads=2, pause=0.08, path=LOCALE) as load:
        wait_until(lambda: len(load.answers) > 10, 10, "the first requests")
        node.hang()
        try:
            failed = wait_until(lambda: member(server, only)["checks_failed"] >= 1 and
                                member(server, only), 5, "a check")
        finally:
            node.resume()
    assert failed["last_check"]["latency_ms"] >= 900


@pytest.mark.parametrize("scheme", ["ajp", "http"])
def test_a_404_that_httpd_replaces_by_its_own_page_is_evidence_too(httpd, standins, scheme):
    server = httpd()
    urls = [node.url if scheme == "ajp" else node.http_url for node in standins]
    server.expect(urls[1] + ": up -> not-deployed: ")
    text = conf(standins, HEALTH, extra="ProxyErrorOverride On")
    for node, url in zip(standins, urls):
        text = text.replace(node.url, url)
    server.configure(text)
    server.start()
    for url in urls:
        server.wait_for_state(url, "up", 10)
    standins[1].undeploy()
    pages = {answer.status: answer.text for answer in (server.request(ECHO) for _ in range(4))}
    assert "Tomcat" not in pages[404]
    assert server.wait_for_state(urls[1], "not-deployed", 1.5)["checks_hinted"] >= 1


def test_evidence_alone_takes_nobody_out_and_pulls_no_faster_than_fast(httpd, standins):
    """Users ask for what isn't deployed on either member, and the checks for what is."""
    server = httpd()
    server.configure(conf(standins, HEALTH + " context=/openspecimen").replace(
        "/openspecimen secret=", "/elsewhere secret="))
    server.start()
    urls = [node.url.replace("/openspecimen", "/elsewhere") for node in standins]
    for url in urls:
        server.wait_for_state(url, "up", 10)
    checks, begun = [node.checks() for node in standins], time.monotonic()
    with Load(server, threads=4, pause=0.02) as load:
        wait_until(lambda: all(node.checks() >= before + 8
                               for node, before in zip(standins, checks)), 10, "pulled checks")
        pulled = [node.checks() - before for node, before in zip(standins, checks)]
        most = (time.monotonic() - begun) / FAST + 1
    assert {status for status, _ in load.answers} == {404} and len(load.answers) > 40
    members = [server.members()[url] for url in urls]
    assert [one["state"] for one in members] == ["up", "up"] and all(one["serves"] for one in members)
    assert [one["checks_failed"] for one in members] == [0, 0]
    assert all(one["checks_hinted"] >= 7 for one in members)
    assert max(pulled) <= most, "no faster than fast"


def test_a_long_request_is_worth_one_check_and_no_more(httpd, standins):
    """An export that takes long and nobody else at work, as at night."""
    server = httpd()
    node = standins[0]
    start(server, [node])
    with Load(server, threads=1, path=REST + "/slow?ms=1500") as load:
        wait_until(lambda: member(server, node)["checks_hinted"] == 1, 1, "a check")
        stays(lambda: member(server, node)["checks_hinted"] == 1, 1, "one check")
        load.stopping.set()
    assert load.answers[0][0] == 200 and member(server, node)["state"] == "up"


# So long mod_proxy itself shuns a member that refused a connection, unless told otherwise.
RETRY = "for 60s"


def break_for_mod_proxy(server, node):
    """Users' requests find the connector closed."""
    node.control(phase="down")
    with Load(server, threads=2, pause=0.02) as load:
        wait_until(lambda: "error" in member(server, node)["flags"], 5, "mod_proxy's flag")
    assert {status for status, _ in load.answers} == {200}, "the other one serves"
    assert RETRY in server.log()


def test_a_member_that_mod_proxy_shuns_serves_when_checks_bring_it_back(httpd, standins):
    node = standins[1]
    server = httpd()
    server.expect(node.url + ": up -> unreachable: ", *PROXY_ERRORS)
    start(server, standins, HEALTH + " down=200ms")
    break_for_mod_proxy(server, node)
    server.wait_for_state(node.url, "unreachable", 5)
    node.control(phase="up")
    server.wait_for_state(node.url, "up", 5)
    wait_until(lambda: member(server, node)["flags"] == [], 1, "the end of the flag")
    assert served_by(server) == {one.node for one in standins}


def test_a_member_that_mod_proxy_shuns_serves_though_it_never_went_out(httpd, standins):
    """Its outage is too short for the checks, though not for the users."""
    node = standins[1]
    server = httpd()
    server.expect(*PROXY_ERRORS)
    start(server, standins, "interval=500ms timeout=500ms fast=100ms rise=2 fall=100")
    break_for_mod_proxy(server, node)
    node.control(phase="up")
    wait_until(lambda: member(server, node)["flags"] == [], 5, "the end of the flag")
    assert served_by(server) == {one.node for one in standins}
    assert len(server.transitions()) == 2, "both came up once"


def go_away(server, path):
    """A client that begins to read an answer and then is gone."""
    with socket.create_connection(("127.0.0.1", server.port), 10) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: a.test\r\n\r\n".encode())
        assert client.recv(100)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.mark.parametrize("mpm", ["event", "prefork"])
def test_a_client_that_goes_away_says_nothing_of_the_member(httpd, standins, mpm):
    server = httpd(mpm=mpm)
    node = standins[0]
    start(server, [node])
    checks = member(server, node)["checks"]
    for _ in range(5):
        go_away(server, REST + "/bytes?n=50000000")
    wait_until(lambda: member(server, node)["requests"] == 5 and member(server, node)["busy"] == 0,
               10, "the end of the requests")
    stays(lambda: member(server, node)["checks"] == checks, 1, "nothing to check")
    assert member(server, node)["checks_hinted"] == 0


# Method, path, headers and body of what users send, whatever comes of it.
REQUESTS = {
    "a page": ("GET", ECHO, {}, None),
    "a page's head": ("HEAD", ECHO, {}, None),
    "a page of the user interface": ("GET", "/openspecimen/ui-app/", {}, None),
    "a form": ("POST", ECHO, {"Content-Type": "application/json"}, b'{"a": 1}' * 5000),
    "an upload in chunks": ("PUT", ECHO, {}, lambda: iter([b"one", b"two" * 30000])),
    "a long answer": ("GET", REST + "/bytes?n=3000000", {}, None),
    "a redirect": ("GET", "/openspecimen", {}, None),
    "an own 404": ("GET", REST + "/nothing", {}, None),
    "a stock 405": ("GET", ECHO, {"Origin": "http://elsewhere.test"}, None),
    "401": ("GET", REST + "/metrics", {}, None),
    "400": ("GET", REST + "/slow?ms=never", {}, None),
    "a range": ("GET", ECHO, {"Range": "bytes=0-9"}, None),
    "conditional": ("GET", ECHO, {"If-None-Match": "*"}, None),
}
FAULTY_REQUESTS = {
    "500 without the database": ({"db": "refused"}, ("GET", LOCALE, {}, None)),
    "a stock 404": ({"deployed": "off"}, ("GET", ECHO, {}, None)),
    "503": ({"status": 503}, ("GET", ECHO, {}, None)),
    "half of the JSON": ({"body": "truncated"}, ("GET", LOCALE, {}, None)),
    "no AJP at all": ({"wire": "garbage"}, ("GET", ECHO, {}, None)),
    "no answer": ({"wire": "close"}, ("GET", ECHO, {}, None)),
}


def ask(server, request):
    """Status, headers and body, without what differs from one time to the next."""
    method, path, headers, body = request
    answer = server.request(path, method, headers, body() if callable(body) else body, host="a.test")
    kept = sorted((name, value) for name, value in answer.headers.items() if name != "Date")
    return answer.status, kept, re.sub(rb'"remote_addr":"[^"]*"|:\d{5}', b"", answer.body)


@pytest.mark.parametrize("mpm", ["event", "prefork"])
def test_requests_are_answered_as_if_the_module_were_off(httpd, standins, mpm):
    node = standins[0]
    # A balancer's only member is tried again and again only by those who ignore its errors.
    node_conf = {state: conf([node], HEALTH.replace("fall=2", "fall=100")).replace(
        f"secret={node.secret}", f"secret={node.secret} status=+I") for state in ("On", "Off")}
    node_conf["Off"] = re.sub("OSBalancerHealth On .*", "OSBalancerHealth Off", node_conf["Off"])
    servers = {}
    for state, text in node_conf.items():
        servers[state] = httpd(mpm=mpm)
        servers[state].expect(*PROXY_ERRORS)
        servers[state].configure(text)
        servers[state].start()
    servers["On"].wait_for_state(node.url, "up", 10)
    for name, request in REQUESTS.items():
        assert ask(servers["On"], request) == ask(servers["Off"], request), name
    assert member(servers["On"], node)["checks_hinted"] == 0
    for name, (switches, request) in FAULTY_REQUESTS.items():
        node.control(**switches)
        assert ask(servers["On"], request) == ask(servers["Off"], request), name
        node.control(db="ok", deployed="on", status=0, body="ok", wire="ok")
    assert member(servers["On"], node)["busy"] == 0
    assert member(servers["On"], node)["state"] == "up"
