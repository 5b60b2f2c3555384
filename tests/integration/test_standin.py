# SPDX-License-Identifier: Apache-2.0
"""The C stand-in answers as the webapp on a real Tomcat does, in health and with each fault."""

import http.client
import json
import re
import time

import pytest
from harness.ajp import Connection
from harness.asking import (LOCALE, PASSWORD, PROPS, REST, SETTINGS, SILENCE, STOCK_404, Answer,
                            answers_options, is_silent, over_ajp, over_http, pong, sign_in)
from harness.standin import Standin
from harness.tomcat import Tomcat
from harness.wait import wait_until

ECHO = REST + "/echo"
HEALTHY = {"db": "ok", "lockdown": "off", "build": "v12.2", "delay": "0", "busy": "off",
           "body": "ok", "status": "0", "deployed": "on", "phase": "up", "wire": "ok"}
TOKEN = "60e3168e-3bb2-3e92-8213-5968e7613f14"
LOGIN = {"loginName": "lab", "password": "Login@123", "domainName": "openspecimen"}
ME = REST + "/users/current-user"


@pytest.fixture(scope="module")
def tomcat(tmp_path_factory):
    node = Tomcat(tmp_path_factory.mktemp("tomcat"), node="lion")
    node.start()
    yield node
    node.stop()


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    node = Standin(tmp_path_factory.mktemp("standin"), node="lion")
    node.start()
    yield node
    node.stop()
    assert not node.running


@pytest.fixture
def standin(running):
    """The running node, in health before and after the test."""
    assert running.control() == HEALTHY
    yield running
    running.control(**HEALTHY)


@pytest.fixture
def own(tmp_path):
    """A node that isn't started yet, for one test alone."""
    node = Standin(tmp_path)
    yield node
    node.stop()


# ---- held against Tomcat -------------------------------------------------------------------------

REQUESTS = [
    *[("GET", path, {}) for path in (
        LOCALE, PROPS, PASSWORD, SETTINGS + "/deployment-site-assets", REST + "/auth-domains/",
        REST + "/auth-domains", REST + "/metrics", ECHO, ECHO + "?a=1&b", REST + "/bytes?n=100000",
        REST + "/bytes", REST + "/slow?ms=1", REST + "/slow?ms=x", REST + "/none", ME, "/",
        "/openspecimen", "/openspecimen/", "/openspecimen/ui-app/", "/openspecimen/none",
        "/openspecimens", "/openspecimen///rest/ng/config-settings/locale")],
    *[("HEAD", path, {}) for path in (LOCALE, ECHO, "/openspecimen/", "/none")],
    *[("OPTIONS", path, {}) for path in (LOCALE, REST + "/none", "*")],
    *[("GET", LOCALE, headers) for headers in (
        {"Origin": "https://evil.example"}, {"X-OS-API-TOKEN": "bad"}, {"X-OS-API-TOKEN": TOKEN},
        {"Cookie": "a=b; osAuthToken=bad"}, {"Cookie": "a=b; osAuthToken=" + TOKEN})],
    ("GET", ME, {"X-OS-API-TOKEN": TOKEN}), ("GET", REST + "/none", {"X-OS-API-TOKEN": TOKEN}),
    ("GET", ME, {"X-OS-API-CLIENT": "webui"}), ("HEAD", LOCALE, {"X-OS-API-TOKEN": TOKEN}),
    ("DELETE", REST + "/sessions", {"X-OS-API-TOKEN": TOKEN}), ("PUT", ECHO, {}),
    ("POST", ECHO, {}), ("POST", LOCALE, {}), ("POST", REST + "/sessions", {}),
]
FAULTS = [{}, *({"db": db} for db in ("refused", "sqlerror", "error")), {"lockdown": "on"},
          {"build": 'v12.3 "b"'}, {"deployed": "off"}, {"status": "503"}, {"status": "302"},
          {"status": "204"}, {"body": "html"}, {"body": "truncated"}]
TOLD = ("Content-Type", "Content-Language", "WWW-Authenticate", "Set-Cookie", "Location", "Pragma",
        "Cache-Control", "Transfer-Encoding", "Allow", "Access-Control-Allow-Methods", "Connection")


def comparable(answer):
    """What must be the same of two nodes' answers. The stand-in's pages have words of their own,
    and an echo names the node's own port."""
    headers = {name: answer.headers.get(name) for name in TOLD}
    headers["Content-Length"] = "Content-Length" in answer.headers
    body = answer.body
    if b"<html" in body:
        body = re.search(b"<title>.*</title>", body).group()
    elif b'"body_sha256"' in body:
        body = {name: value for name, value in json.loads(body).items() if name != "server_port"}
        body["headers"].pop("host", None)
    elif (headers["Content-Type"] or "").startswith("application/json"):
        try:
            body = json.loads(body)
        except ValueError:
            body = bool(body)
    return answer.status, answer.reason, headers, body


def ask_by_ajp(node, path, method, headers, body):
    path, _, query = path.partition("?")
    with Connection(node.ajp_port, node.secret) as connection:
        return connection.request(method, path, headers, body, query or None)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault) if fault else "healthy")
def test_it_answers_as_tomcat_does(standin, tomcat, fault):
    different = []
    for node in (standin, tomcat):
        node.control(**fault)
    try:
        for method, path, headers in REQUESTS:
            body = json.dumps(LOGIN).encode() if method in ("POST", "PUT") else b""
            for ask in (over_http, ask_by_ajp):
                ours, truth = (comparable(ask(node, path, method=method, headers=headers,
                                              body=body)) for node in (standin, tomcat))
                if ours != truth:
                    different.append((ask.__name__, method, path, headers, ours, truth))
    finally:
        tomcat.control(**{name: HEALTHY[name] for name in fault})
    assert not different, "\n".join(str(part) for row in different for part in row)


# ---- the states of a node ------------------------------------------------------------------------

def test_a_hanging_database_holds_only_what_needs_it_until_it_is_back(standin):
    standin.control(db="hang")
    for path in (LOCALE, PROPS, REST + "/auth-domains/"):
        assert is_silent(standin, path)
    assert over_ajp(standin, PASSWORD).status == 200
    assert pong(standin) and answers_options(standin)
    with Connection(standin.ajp_port, standin.secret, SILENCE) as connection:
        with pytest.raises(TimeoutError):
            connection.request("GET", LOCALE)
        standin.control(db="ok")
        assert connection.answer(timeout=10).status == 200


def test_a_lockdown_keeps_everybody_out_but_an_administrator(standin):
    standin.control(lockdown="on")
    refused = sign_in(standin)
    assert (refused.status, refused.json[0]["code"]) == (400, "AUTH_SYSTEM_LOCKDOWN")
    assert sign_in(standin, "admin").status == 200


def test_two_nodes_know_each_others_tokens(standin, tomcat):
    token = sign_in(tomcat).json["token"]
    assert over_http(standin, ME, headers={"X-OS-API-TOKEN": token}).json["loginName"] == "lab"


def test_a_delay_holds_every_request_back_until_it_is_shortened(standin):
    standin.control(delay=600_000)
    for path in (LOCALE, "/openspecimen/"):
        assert is_silent(standin, path)
    assert pong(standin) and answers_options(standin)
    with Connection(standin.ajp_port, standin.secret, SILENCE) as connection:
        with pytest.raises(TimeoutError):
            connection.request("GET", PASSWORD)
        standin.control(delay=1)
        assert connection.answer(timeout=10).status == 200


def test_a_huge_body_is_well_formed_to_its_end(standin):
    standin.control(body="huge")
    for ask in (over_ajp, over_http):
        huge = ask(standin, LOCALE)
        assert len(huge.body) > 64 << 20 and json.loads(huge.body)["timeFmt"] == "HH:mm"


def test_a_slow_body_stops_halfway_until_it_is_let_go(standin):
    standin.control(body="slow")
    connection = http.client.HTTPConnection("127.0.0.1", standin.http_port, timeout=10)
    connection.request("GET", LOCALE)
    answer = connection.getresponse()
    assert (answer.status, answer.read(10)) == (200, b'{"deBeDate')
    assert over_http(standin, PASSWORD).status == 200
    standin.control(body="ok")
    assert answer.read().endswith(b'"timeFmt":"HH:mm"}')
    connection.close()


def test_a_busy_node_takes_connections_and_answers_them_when_it_has_time(standin):
    with Connection(standin.ajp_port, standin.secret, SILENCE) as old:
        assert old.ping()
        standin.control(busy="on")
        assert standin.listening
        assert not pong(standin, SILENCE) and is_silent(standin, PASSWORD)
        assert not answers_options(standin, SILENCE)
        with pytest.raises(TimeoutError):
            over_http(standin, PASSWORD, timeout=SILENCE)
        with pytest.raises(TimeoutError):
            old.request("GET", PASSWORD)
        standin.control(busy="off")
        assert old.answer(timeout=10).status == 200
    assert pong(standin)


def test_the_secret_is_needed_for_a_request_but_not_for_cping(standin):
    for secret in (None, "wrong", standin.secret + "x"):
        with Connection(standin.ajp_port, secret) as connection:
            answer = connection.request("GET", LOCALE)
            assert answer.status == 403 and b"HTTP Status 403" in answer.body
            assert not answer.reuse
            assert connection.ping()


def test_the_phases_are_those_of_a_process(standin):
    with Connection(standin.ajp_port, standin.secret) as connected:
        standin.control(phase="down")
        with pytest.raises(ConnectionError):
            connected.ping()
    for ask in (over_ajp, over_http):
        with pytest.raises(ConnectionRefusedError):
            ask(standin, PASSWORD)
    standin.control(phase="starting")
    assert standin.listening
    assert not pong(standin, SILENCE) and is_silent(standin, PASSWORD)
    standin.control(phase="up")
    assert over_ajp(standin, LOCALE).status == 200


def test_a_stopped_process_takes_connections_and_says_nothing(own):
    own.start()
    own.hang()
    try:
        assert own.listening and own.running
        assert not pong(own, SILENCE) and is_silent(own, PASSWORD)
        assert not answers_options(own, SILENCE)
    finally:
        own.resume()
    assert pong(own)


def test_a_killed_node_refuses_connections_and_comes_back_on_the_same_ports(own):
    own.start()
    url = own.url
    own.kill()
    assert not own.running
    with pytest.raises(ConnectionRefusedError):
        pong(own)
    own.build = "v12.3"
    own.start()
    assert own.url == url and over_http(own, PROPS).json["build_version"] == "v12.3"


def test_a_starting_node_takes_connections_long_before_it_answers_them(own):
    own.start(wait=False, start_fault="slow:2")
    wait_until(lambda: own.listening, what="the bound port")
    assert not pong(own, SILENCE) and is_silent(own, PASSWORD)
    assert not answers_options(own, SILENCE)
    wait_until(lambda: pong(own, SILENCE), 30, "the end of the start")
    assert over_ajp(own, LOCALE).status == 200


def test_a_failed_start_leaves_the_containers_own_404_until_a_restart(own):
    own.start(start_fault="fail")
    assert pong(own) and answers_options(own)
    for path in (LOCALE, PASSWORD, "/openspecimen/"):
        answer = over_ajp(own, path)
        assert answer.status == 404 and STOCK_404 in answer.body
    own.stop()
    own.start()
    assert over_ajp(own, LOCALE).status == 200


def over_control(node, path):
    connection = http.client.HTTPConnection("127.0.0.1", node.control_port, timeout=10)
    try:
        connection.request("GET", path)
        return Answer(connection.getresponse())
    finally:
        connection.close()


def tally(node, query=""):
    """The counts of the node's places by the protocol that is spoken there, and of all of them."""
    counts = over_control(node, "/standin/tally" + query).json
    places = counts.pop("places")
    return {**counts, "ajp": places.pop(f"127.0.0.1:{node.ajp_port}"),
            "http": places.pop(f"127.0.0.1:{node.http_port}"), "others": places}


def test_it_counts_who_came_to_which_place(own):
    own.start()
    with Connection(own.ajp_port, own.secret) as connection:
        assert connection.ping() and connection.ping()
        assert connection.request("GET", LOCALE).status == 200
    for _ in range(3):
        over_http(own, PASSWORD)
    counts = tally(own)
    assert not counts["others"]
    found = {place: [counts[place][kind]["count"] for kind in ("connections", "pings", "requests")]
             for place in ("ajp", "http", "all")}
    assert found == {"ajp": [1, 2, 1], "http": [3, 0, 3], "all": [4, 2, 4]}
    tally(own, "?begin=1000")
    assert tally(own)["all"]["requests"]["count"] == 0


def test_it_tells_who_came_later_than_a_limit(own):
    own.start()
    with Connection(own.ajp_port, own.secret) as connection:
        assert connection.ping()
        tally(own, "?begin=300")
        start = time.monotonic()
        wait_until(lambda: time.monotonic() - start > 0.4)
        assert connection.ping()
        assert connection.ping()
    pings = tally(own)["ajp"]["pings"]
    assert pings["count"] == 2 and pings["late"] >= 1 and pings["longest_ms"] >= 400


def test_a_node_that_hangs_still_counts_its_connections(own):
    own.start()
    own.control(phase="starting")
    assert not pong(own, SILENCE)
    assert [tally(own)["ajp"][kind]["count"] for kind in ("connections", "pings")] == [1, 0]


def test_a_control_request_with_any_bad_switch_turns_none(standin):
    for bad, accepted in (({"db": "off"}, "db=ok|refused|hang|sqlerror|error"),
                          ({"nothing": "on"}, "db, lockdown, build, delay"),
                          ({"delay": "600001"}, "0 to 600000"), ({"status": "99"}, "200 to 599"),
                          ({"build": ""}, "1 to 100"), ({"build": "a\nb"}, "1 to 100"),
                          ({"phase": "gone"}, "phase=up|starting|down"),
                          ({"wire": "cut"}, "wire=ok|garbage|half|endless|close")):
        with pytest.raises(ValueError, match="400") as refused:
            standin.control(lockdown="on", **bad)
        assert accepted in str(refused.value)
    assert standin.control() == HEALTHY
