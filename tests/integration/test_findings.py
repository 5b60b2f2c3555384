# SPDX-License-Identifier: Apache-2.0
"""What the module's own probes find at a real Tomcat and at the C stand-in: the same table over
both, and over AJP and HTTP. Here the stand-in is held against the truth."""

import json
import os
import pathlib
import subprocess

import pytest

from harness.standin import Standin
from harness.tomcat import Tomcat
from harness.wait import wait_until

ROOT = pathlib.Path(__file__).parents[2]
PROBE_ONCE = ROOT / os.environ.get("BUILD", "build") / "probe_once"

KINDS = {"tomcat": Tomcat, "standin": Standin}
HEALTHY = {"db": "ok", "lockdown": "off", "build": "v12.2", "delay": 0, "busy": "off",
           "body": "ok", "status": 0, "deployed": "on"}

# Long enough for every answer that comes; and how long a test waits for one that doesn't. A ping has
# less than that.
PATIENCE, SILENCE, PING = "10s", "600ms", "500ms"

UP = ("up", "database", 200, "")
SILENT = {"ajp": ("starting", "connector", 0, ""), "http": ("starting", "database", 0, "")}
NOT_DEPLOYED = ("not-deployed", "database", 404, "")
UNREACHABLE = ("unreachable", "connect", 0, "")
FORBIDDEN = ("forbidden", "database", 403, "")


@pytest.fixture(scope="module", params=KINDS)
def running(request, tmp_path_factory):
    node = KINDS[request.param](tmp_path_factory.mktemp(request.param), node="lion")
    node.start()
    yield node
    node.stop()


@pytest.fixture
def node(running):
    """A node in good health, whatever the test before did to it."""
    if not running.running:
        running.start()
    running.resume()
    running.control(**HEALTHY)
    return running


def probe(node, scheme, context="/openspecimen", secret=None, timeout=PATIENCE, port=None,
          ping=None):
    """One check, as a dictionary. The verdict is that of a member that was never seen before, so
    that silence is always a start. PING: how long the connector itself may take."""
    port = port or {"ajp": node.ajp_port, "http": node.http_port}[scheme]
    done = subprocess.run(
        [PROBE_ONCE, timeout, node.secret if secret is None else secret,
         f"{scheme}:127.0.0.1:{port}:{context}"],
        check=True, capture_output=True, text=True, timeout=60,
        env={**os.environ, **({"PROBE_PING": ping} if ping else {})})
    return json.loads(done.stdout)


def found(*args, **options):
    """State, rung, status and code."""
    finding = probe(*args, **options)
    return tuple(finding[key] for key in ("state", "rung", "status", "code"))


# A name, the switches, what is found, and whether it takes the whole of the time limit.
SWITCHED = {
    "up": ({}, UP, False),
    "the database refuses": (
        {"db": "refused"}, ("database-down", "database", 500, "COMMON_DB_CONN_ERROR"), False),
    "SQL fails midway": (
        {"db": "sqlerror"}, ("failing", "database", 500, "COMMON_SQL_EXCEPTION"), False),
    "another exception": (
        {"db": "error"}, ("failing", "database", 500, "COMMON_SERVER_ERROR"), False),
    "the database hangs": ({"db": "hang"}, ("stalled", "database", 0, ""), True),
    "a lockdown is no fault": ({"lockdown": "on"}, UP, False),
    "slow, but in time": ({"delay": 200}, UP, False),
    "slower than the limit": ({"delay": 60000}, ("starting", "database", 0, ""), True),
    "undeployed": ({"deployed": "off"}, NOT_DEPLOYED, False),
    "another page": ({"body": "html"}, ("foreign", "database", 200, ""), False),
    "half of the JSON": ({"body": "truncated"}, ("foreign", "database", 200, ""), False),
    "JSON of many megabytes": ({"body": "huge"}, ("foreign", "database", 0, ""), False),
    "a body that stops halfway": ({"body": "slow"}, ("stalled", "database", 0, ""), True),
    "a redirect": ({"status": 302}, ("foreign", "database", 302, ""), False),
    "no content": ({"status": 204}, ("foreign", "database", 204, ""), False),
    "401": ({"status": 401}, ("failing", "database", 401, "STAND_IN_STATUS"), False),
    "an access rule": ({"status": 403}, FORBIDDEN, False),
    "a 404 of its own": ({"status": 404}, ("failing", "database", 404, "STAND_IN_STATUS"), False),
    "503": ({"status": 503}, ("failing", "database", 503, "STAND_IN_STATUS"), False),
}


@pytest.mark.parametrize("scheme", ["ajp", "http"])
@pytest.mark.parametrize("row", SWITCHED)
def test_each_fault_is_found_by_its_name(node, row, scheme):
    switches, expected, waits = SWITCHED[row]
    node.control(**switches)
    assert found(node, scheme, timeout=SILENCE if waits else PATIENCE) == expected


@pytest.mark.parametrize("scheme", ["ajp", "http"])
@pytest.mark.parametrize("row", [row for row in SWITCHED if SWITCHED[row][2]])
def test_a_connector_that_answers_leaves_the_rest_all_of_the_time_limit(node, row, scheme):
    switches, expected, _ = SWITCHED[row]
    node.control(**switches)
    finding = probe(node, scheme, timeout="1200ms", ping=PING)
    assert (finding["state"], finding["rung"]) == expected[:2]
    assert finding["ms"] >= 1200


def is_known_to_be_silent_early(node, scheme):
    finding = probe(node, scheme, ping=PING)
    return finding["ms"] < 10_000 and (finding["state"], finding["rung"]) == ("starting", "connector")


@pytest.mark.parametrize("scheme", ["ajp", "http"])
def test_a_connector_that_is_silent_itself_is_known_early(node, scheme):
    node.hang()
    assert is_known_to_be_silent_early(node, scheme)
    node.resume()
    node.control(busy="on")
    assert is_known_to_be_silent_early(node, scheme)
    node.control(busy="off")
    wait_until(lambda: found(node, scheme) == UP, 5, "the end of the bustle")


@pytest.mark.parametrize("scheme", ["ajp", "http"])
def test_all_threads_busy_is_silence(node, scheme):
    node.control(busy="on")
    assert found(node, scheme, timeout=SILENCE) == SILENT[scheme]
    node.control(busy="off")
    wait_until(lambda: found(node, scheme) == UP, 5, "the end of the bustle")


@pytest.mark.parametrize("scheme", ["ajp", "http"])
def test_the_build_is_known(node, scheme):
    assert probe(node, scheme)["version"] == "v12.2"
    node.control(build="v12.3 <beta>")
    assert probe(node, scheme)["version"] == "v12.3 <beta>"


@pytest.mark.parametrize("secret", ["wrong", ""], ids=["wrong", "missing"])
def test_the_secret_must_be_right(node, secret):
    """CPING needs none: it is the request that is refused. HTTP knows no secret."""
    assert found(node, "ajp", secret=secret) == FORBIDDEN
    assert found(node, "http", secret=secret) == UP


@pytest.mark.parametrize("scheme", ["ajp", "http"])
def test_another_context_is_not_deployed(node, scheme):
    assert found(node, scheme, context="/another") == NOT_DEPLOYED
    assert found(node, scheme, context="") == NOT_DEPLOYED


@pytest.mark.parametrize("scheme", ["ajp", "http"])
def test_a_path_that_the_webapp_does_not_know_is_a_failure_of_its_own(node, scheme):
    """Tomcat's stock page has the same status: the page makes the difference."""
    state, _, status, _ = found(node, scheme, context="/openspecimen/ui-app/nothing")
    assert (state, status) == ("failing", 404)


def test_the_wrong_protocol_is_not_mistaken_for_a_node(node):
    assert found(node, "ajp", port=node.http_port) == ("foreign", "connector", 0, "")
    assert found(node, "http", port=node.ajp_port) == ("unreachable", "database", 0, "")


@pytest.mark.parametrize("scheme", ["ajp", "http"])
def test_a_stopped_process_is_silent(node, scheme):
    node.hang()
    assert found(node, scheme, timeout=SILENCE) == SILENT[scheme]
    node.resume()
    assert found(node, scheme) == UP


def test_a_node_that_is_killed_is_unreachable(node):
    node.kill()
    assert found(node, "ajp") == found(node, "http") == UNREACHABLE


def test_a_slow_start_connects_and_is_silent(node):
    node.stop()
    node.start(wait=False, start_fault="slow:600")
    wait_until(lambda: node.listening, 20, "the connectors' sockets")
    for scheme in ("ajp", "http"):
        assert found(node, scheme, timeout=SILENCE) == SILENT[scheme]
        assert is_known_to_be_silent_early(node, scheme)
    node.kill()


def test_a_failed_start_is_not_deployed(node):
    node.stop()
    node.start(start_fault="fail")
    assert found(node, "ajp") == found(node, "http") == NOT_DEPLOYED
    node.stop()


@pytest.mark.parametrize("running", ["tomcat"], indirect=True)
def test_the_stock_page_is_known_in_a_french_tomcat_too(node):
    node.stop()
    node.start(jvm_args=("-Duser.language=fr", "-Duser.country=FR"))
    node.undeploy()
    assert found(node, "ajp") == found(node, "http") == NOT_DEPLOYED
    node.stop()
